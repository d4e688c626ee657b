"""`httpx.AsyncClient` behind a synchronous face, against the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from pywats import CircuitBreakerConfig, RetryConfig, SyncConfig, SyncServiceWrapper, correlation_id
from pywats.errors import CallTimeoutError, CircuitOpenError
from pywats.sandbox import Fault
from pywats.sync import in_thread, unwrap
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

Client = SyncServiceWrapper[httpx.AsyncClient]


def raw(sandbox: Sandbox, **settings: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=sandbox.base_url,
        auth=(sandbox.username, sandbox.password),
        **settings,  # type: ignore[arg-type]  # each test passes what httpx takes
    )


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with SyncServiceWrapper(raw(sandbox), name="http") as entered:
        yield entered


def test_requests_and_responses(client: Client, spans: Spans) -> None:
    created = client.put("/api/Product", json={"partNumber": "A", "name": "Board"})
    assert created.raise_for_status() is created
    response = client.get("/api/Product/A")
    assert (response.status_code, response.json()["name"]) == (200, "Board")
    assert response.headers["content-type"].startswith("application/json")
    assert isinstance(unwrap(response), httpx.Response)
    assert [span.name for span in spans.finished] == ["http.put", "http.get"]


def test_a_stream(client: Client) -> None:
    with client.stream("GET", "/api/Product/Query") as response:
        lines = response.aiter_lines()
        assert next(lines).startswith("[")
        lines.close()
    request = client.build_request("GET", "/api/Product/Query")
    response = client.send(request, stream=True)
    assert b"".join(response.aiter_bytes()).startswith(b"[")
    response.aclose()


def test_attributes_reach_the_client(client: Client) -> None:
    client.headers = {"x-station": "7"}
    assert unwrap(client).headers["x-station"] == "7"
    client.timeout = 3.0
    assert client.timeout == httpx.Timeout(3.0)
    assert client.is_closed is False


def test_an_error_response_keeps_its_class_and_gets_the_id(client: Client) -> None:
    with correlation_id("job-42"), pytest.raises(httpx.HTTPStatusError) as caught:
        client.get("/api/Product/none").raise_for_status()
    assert caught.value.response.status_code == 404


def test_limits_and_retries_are_those_of_the_wrapper(
    sandbox: Sandbox, spans: Spans, skipped_time: SkippedTime
) -> None:
    sandbox.inject("GET", "*", Fault.hang(), times=2)
    skipped_time.skip_at_requests(sandbox, 1, 2)
    retry = RetryConfig(max_retries=1, max_backoff=0.001)
    config = SyncConfig(timeout=LIMIT, retry_enabled=True, retry=retry)
    limits = httpx.Limits(max_connections=1)
    http = raw(sandbox, limits=limits, timeout=10 * LIMIT)
    with SyncServiceWrapper(http, config, name="http", repeatable={"get"}) as client:
        with pytest.raises(CallTimeoutError):
            client.get("/api/Product/A")
        assert len(sandbox.requests) == 2
        # The only connection of the pool is free again.
        assert client.get("/api/Product/Query").status_code == 200
    names = [event.name for span in spans.finished for event in span.events]
    assert names == ["timeout", "retry", "timeout", "retry_given_up", "exception"]


def test_circuit_breaker_and_hooks_are_those_of_the_wrapper(sandbox: Sandbox) -> None:
    sandbox.inject("GET", "*", Fault.reset(), times=2)
    seen: list[str] = []
    breaker = CircuitBreakerConfig(
        minimum_attempts=3,
        cool_down=60,
        failure_on_errors=[httpx.TransportError],
        on_transition=lambda change: seen.append(f"{change.origin}: {change.after}"),
    )
    retry = RetryConfig(
        max_retries=3,
        max_backoff=0.001,
        retry_on_errors=[httpx.TransportError],
        on_retry=lambda event: seen.append(f"{event.call} {event.attempt}: {event.reason}"),
        on_give_up=lambda event: seen.append(f"{event.call} ended: {event.stop_reason}"),
    )
    config = SyncConfig(retry_enabled=True, retry=retry, circuit_breaker=breaker)
    with SyncServiceWrapper(raw(sandbox), config, name="http") as client:
        with pytest.raises(httpx.TransportError):
            client.get("/api/Product/A")
        with pytest.raises(CircuitOpenError):
            client.get("/api/Product/A")
    assert len(sandbox.requests) == 2
    # Entering was an attempt too, and leaving was not held up by the open circuit.
    assert unwrap(client).is_closed
    assert seen == [
        "http.get 1: TransportError",
        "the wrapped object: open",
        "http.get ended: circuit_open",
    ]


def test_callbacks_of_the_client(sandbox: Sandbox) -> None:
    seen: list[str] = []
    client: Client

    def hook(response: httpx.Response) -> None:
        # In a thread of its own it may use the client, which no coroutine may.
        seen.append(f"{response.status_code}")
        if len(seen) == 1:
            client.get("/api/Product/Query")

    with SyncServiceWrapper(raw(sandbox, event_hooks={"response": [in_thread(hook)]})) as client:
        client.get("/api/Product/none")
    assert seen == ["404", "200"]
