"""A wrapped service gets the retries that the WATS client has, at the count of the server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError, StopReason
from pywats.sandbox import Fault
from pywats.testing import no_backoff
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

RETRIES = RetryConfig(max_retries=3)
# It begins when the request is sent, so that it cannot run out before.
READS = httpx.Timeout(10 * LIMIT, read=0.1)


class Orders:
    """A service of three methods, which knows nothing of pywats."""

    def __init__(self, base_url: str, token: str, timeout: httpx.Timeout) -> None:
        headers = {"Authorization": f"Basic {token}"}
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=timeout)

    async def find(self, part: str) -> int:
        response = await self._http.get(f"/api/Product/{part}")
        return response.raise_for_status().status_code

    async def place(self) -> int:
        response = await self._http.post("/api/Product", json={"partNumber": "A"})
        return response.raise_for_status().status_code

    async def close(self) -> None:
        await self._http.aclose()


def orders(sandbox: Sandbox, retry: RetryConfig = RETRIES, **given: Any) -> Any:
    config = SyncConfig(timeout=given.pop("timeout", 10 * LIMIT), retry_enabled=True, retry=retry)
    service = Orders(
        sandbox.base_url, sandbox.token, given.pop("own_timeout", httpx.Timeout(10 * LIMIT))
    )
    return SyncServiceWrapper(service, config, **given)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_transient_status_is_retried(sandbox: Sandbox, status: int) -> None:
    sandbox.inject("GET", "*", Fault.status(status), times=3)
    service = orders(sandbox)
    with no_backoff(), pytest.raises(httpx.HTTPStatusError) as caught:
        service.find("unknown")
    service.close()
    # The last one is that of the sandbox itself.
    assert [each.status for each in sandbox.requests] == [status] * 3 + [404]
    assert caught.value.stop_reason is StopReason.NOT_RETRYABLE  # type: ignore[attr-defined]  # set by the engine


@pytest.mark.parametrize("named", [httpx.HTTPError, httpx.HTTPStatusError, Exception])
def test_a_404_is_not_retried(sandbox: Sandbox, named: type[Exception]) -> None:
    service = orders(sandbox, RetryConfig(retry_on_errors=named))
    with no_backoff(), pytest.raises(httpx.HTTPStatusError):
        service.find("unknown")
    service.close()
    assert len(sandbox.requests) == 1


def test_a_refused_connection_is_retried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    service: Any = SyncServiceWrapper(
        Orders(f"http://127.0.0.1:{port}", "x", READS),
        SyncConfig(retry_enabled=True, retry=RETRIES),
    )
    with no_backoff(), pytest.raises(httpx.ConnectError) as caught:
        service.find("A")
    service.close()
    assert len(caught.value.attempts) == 4  # type: ignore[attr-defined]  # set by the engine


@pytest.mark.parametrize(
    ("given", "error"),
    [({"timeout": LIMIT}, CallTimeoutError), ({"own_timeout": READS}, httpx.ReadTimeout)],
    ids=["limit of the wrapper", "limit of httpx"],
)
def test_a_post_that_timed_out_is_sent_once(
    sandbox: Sandbox, skipped_time: SkippedTime, given: Any, error: type[Exception]
) -> None:
    sandbox.inject("POST", "*", Fault.hang(), times=4)
    if "timeout" in given:
        skipped_time.skip_at_requests(sandbox, 1, 2, 3, 4)
    service = orders(sandbox, **given)
    with no_backoff(), pytest.raises(error) as caught:
        service.place()
    service.close()
    sandbox.wait_for_requests(1, timeout=LIMIT)
    assert len(sandbox.requests) == 1
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT  # type: ignore[attr-defined]  # set by the engine


@pytest.mark.parametrize("given", [{"timeout": LIMIT}, {"own_timeout": READS}])
def test_a_post_that_may_run_twice_is_repeated(
    sandbox: Sandbox, skipped_time: SkippedTime, given: Any
) -> None:
    sandbox.inject("POST", "*", Fault.hang(), times=4)
    if "timeout" in given:
        skipped_time.skip_at_requests(sandbox, 1, 2, 3, 4)
    service = orders(sandbox, **given, repeatable={"place"})
    with no_backoff(), pytest.raises((TimeoutError, httpx.ReadTimeout)):
        service.place()
    service.close()
    sandbox.wait_for_requests(4, timeout=LIMIT)
    assert len(sandbox.requests) == 4


def test_retry_after_is_the_least_wait(sandbox: Sandbox) -> None:
    sandbox.inject("GET", "*", Fault.status(429, retry_after=7), times=1)
    delays: list[float] = []
    retry = RetryConfig(max_retries=1, on_retry=lambda event: delays.append(event.delay))
    service = orders(sandbox, retry)
    with no_backoff(), pytest.raises(httpx.HTTPStatusError):
        service.find("unknown")
    service.close()
    assert delays == [7.0]
