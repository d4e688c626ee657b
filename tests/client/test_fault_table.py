"""Every fault and every kind of request: how often it arrives, and what the error tells.

Two retries are allowed. What is counted is what the server received, so a row of 3 says "was
tried again", and a row of 1 "was not". The waits are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper, pyWATS
from pywats.errors import StopReason, WATSConnectionError, WATSError
from pywats.http import HttpPort, Request
from pywats.sandbox import Fault, Sandbox
from pywats.testing import no_backoff
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

QUERY = {"productGroup": "G", "partNumber": "A"}
FILTER = "/api/Product/ProductGroupFilter"
GET = Request(method="GET", template="/api/Product/{partNumber}", path={"partNumber": "A"})
PUT = Request(method="PUT", template="/api/Product", content=b'{"partNumber":"A"}')
DELETE = Request(method="DELETE", template="/api/Product/Vendors", content=b"[]")
POST = Request(method="POST", template=FILTER, query=QUERY)
QUERY_BY_POST = Request(method="POST", template=FILTER, query=QUERY, idempotent=True)
REQUESTS = {
    "GET": GET,
    "PUT": PUT,
    "DELETE": DELETE,
    "POST": POST,
    "POST, idempotent": QUERY_BY_POST,
}
CHANGES_DATA = {"PUT", "DELETE", "POST"}
# An answer without a body cannot be cut short.
ANSWERED_WITH_A_BODY = {"GET", "PUT"}


@dataclass(frozen=True)
class Row:
    """A fault and what is expected of it.

    Attributes:
        fault: What the server does to each request.
        kind: ``turned away``: nothing was done, so that every request may be sent again.
            ``doubtful``: it may have been done. ``permanent``: another attempt is of no use.
        in_doubt: Whether the fault leaves open if a change was made.
        timeout: Short where the fault is that no answer comes.
    """

    fault: Fault
    kind: Literal["turned away", "doubtful", "permanent"]
    in_doubt: bool
    timeout: float = 10 * LIMIT


ROWS = {
    "429": Row(Fault.status(429), "turned away", in_doubt=False),
    "503": Row(Fault.status(503), "turned away", in_doubt=False),
    "502": Row(Fault.status(502), "doubtful", in_doubt=True),
    "504": Row(Fault.status(504), "doubtful", in_doubt=True),
    "reset": Row(Fault.reset(executed=True), "doubtful", in_doubt=True),
    "close": Row(Fault.close(executed=True), "doubtful", in_doubt=True),
    "truncated": Row(Fault.truncate(0), "doubtful", in_doubt=True),
    "hang": Row(Fault.hang(), "doubtful", in_doubt=True, timeout=LIMIT),
    "drip": Row(Fault.drip(interval=0.03), "doubtful", in_doubt=True, timeout=LIMIT),
    "500": Row(Fault.status(500), "permanent", in_doubt=True),
    "501": Row(Fault.status(501), "permanent", in_doubt=True),
    "400": Row(Fault.status(400), "permanent", in_doubt=False),
    "404": Row(Fault.status(404), "permanent", in_doubt=False),
    "409": Row(Fault.status(409), "permanent", in_doubt=False),
}


PASSING = ["429", "503", "502", "reset", "close", "truncated"]


def cases(faults: Iterable[str]) -> pytest.MarkDecorator:
    """Parametrise a test with every fault on every kind of request."""
    pairs = [
        (fault, name)
        for fault in faults
        for name in REQUESTS
        if fault != "truncated" or name in ANSWERED_WITH_A_BODY
    ]
    return pytest.mark.parametrize(("fault", "name"), pairs)


class Sender:
    """Sends one request a call."""

    def __init__(self, port: HttpPort) -> None:
        self._port = port

    async def send(self, request: Request) -> int:
        return (await self._port.send(request)).status


@pytest.fixture
def send(
    connect: Callable[..., pyWATS], sandbox: Sandbox, skipped_time: SkippedTime
) -> Callable[..., int]:
    preparing = connect()
    preparing.product.create_product("A")
    preparing.product.create_group("G")

    def call(request: Request, timeout: float, **retry: object) -> int:
        config = RetryConfig(max_retries=2, **retry)  # type: ignore[arg-type]  # RetryConfig fields
        api = connect(sync_config=SyncConfig(timeout=timeout, retry_enabled=True, retry=config))
        sandbox.clear()
        if timeout == LIMIT:
            skipped_time.skip_at_requests(sandbox, 1, 2, 3)
        with no_backoff():
            status: int = SyncServiceWrapper(Sender(api._port), engine=api._engine).send(request)
        return status

    return call


def expected(row: Row, name: str) -> tuple[int, StopReason]:
    if row.kind == "permanent":
        return 1, StopReason.NOT_RETRYABLE
    if row.kind == "doubtful" and name == "POST":
        return 1, StopReason.UNSAFE_TO_REPEAT
    return 3, StopReason.RETRIES_EXHAUSTED


@cases(ROWS)
def test_a_fault_that_lasts(
    sandbox: Sandbox, send: Callable[..., int], fault: str, name: str
) -> None:
    row = ROWS[fault]
    sandbox.inject("*", "*", row.fault)
    with pytest.raises(WATSError) as caught:
        send(REQUESTS[name], row.timeout)
    arrived, reason = expected(row, name)
    assert len(sandbox.requests) == arrived
    error = caught.value
    assert (len(error.attempts), error.stop_reason) == (arrived, reason)
    assert error.may_have_been_executed is (row.in_doubt and name in CHANGES_DATA)


@cases(PASSING)
def test_a_fault_that_passes(
    sandbox: Sandbox, send: Callable[..., int], fault: str, name: str
) -> None:
    row = ROWS[fault]
    sandbox.inject("*", "*", row.fault, times=1)
    if expected(row, name)[0] == 1:
        with pytest.raises(WATSError):
            send(REQUESTS[name], row.timeout)
        assert len(sandbox.requests) == 1
    else:
        assert send(REQUESTS[name], row.timeout) == 200
        assert len(sandbox.requests) == 2


@pytest.mark.parametrize("name", REQUESTS)
def test_a_server_that_refuses_connections_has_received_nothing(
    sandbox: Sandbox, send: Callable[..., int], name: str
) -> None:
    with sandbox.refused(), pytest.raises(WATSConnectionError) as caught:
        send(REQUESTS[name], 10.0)
    assert sandbox.requests == ()
    assert (len(caught.value.attempts), caught.value.stop_reason) == (3, "retries_exhausted")
    assert not caught.value.may_have_been_executed


@pytest.mark.parametrize("fault", ["502", "504", "reset", "close", "hang", "drip"])
def test_retry_unsafe_repeats_a_post_whatever_the_fault(
    sandbox: Sandbox, send: Callable[..., int], fault: str
) -> None:
    row = ROWS[fault]
    sandbox.inject("*", "*", row.fault)
    with pytest.raises(WATSError) as caught:
        send(POST, row.timeout, retry_unsafe=True)
    assert len(sandbox.requests) == 3
    assert caught.value.may_have_been_executed
