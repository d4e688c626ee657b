"""Retries over real sockets, counted at the server."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from pywats import RetryConfig, SyncClientConfig, SyncConfig, SyncWATSClient, pyWATS
from pywats.errors import (
    RateLimitError,
    ServerError,
    StopReason,
    WATSTimeoutError,
)
from pywats.http import Request
from pywats.sandbox import Fault, Sandbox
from pywats.sync import DirectRunner, Engine, SyncServiceWrapper
from pywats.sync.engine.clock import SystemClock
from tests.http.raw_server import RawServer
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from pywats import GiveUpEvent, RetryEvent

ROUTE = "/api/Product/{partNumber}"
FAST = SyncConfig(
    timeout=LIMIT, retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01)
)
POST_FILTER = Request(
    method="POST",
    template="/api/Product/ProductGroupFilter",
    query={"productGroup": "G", "partNumber": "A"},
)
GET_PART = Request(method="GET", template=ROUTE, path={"partNumber": "A"})
TRANSIENT = [
    pytest.param(Fault.status(429), id="429"),
    pytest.param(Fault.status(502), id="502"),
    pytest.param(Fault.status(503), id="503"),
    pytest.param(Fault.status(504), id="504"),
    pytest.param(Fault.reset(), id="reset"),
    pytest.param(Fault.close(), id="close without answer"),
    pytest.param(Fault.truncate(1), id="truncated"),
    pytest.param(Fault.hang(), id="timeout"),
    pytest.param(Fault.drip(interval=0.1), id="drip"),
]


@pytest.fixture
def part(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> str:
    connect().product.create_product(part_number="A")
    sandbox.clear()
    return "A"


@pytest.mark.parametrize("fault", TRANSIENT)
def test_a_get_is_retried_on_every_transient_fault(
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    part: str,
    skipped_time: SkippedTime,
    fault: Fault,
) -> None:
    sandbox.inject("GET", ROUTE, fault, times=2)
    if fault.kind in {"hang", "drip"}:
        skipped_time.skip_at_requests(sandbox, 1, 2)
    assert connect(sync_config=FAST).product.get_product(part).part_number == "A"
    assert len(sandbox.requests) == 3


def test_a_refused_connection_is_retried_until_the_server_is_back(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.refuse(seconds=0.2), times=1)
    config = RetryConfig(max_retries=50, backoff=1.0, max_backoff=0.05)
    assert connect(retry_config=config).product.get_product(part).part_number == "A"
    assert len(sandbox.requests) == 2


def test_without_retries_one_request_arrives_and_the_error_is_the_same(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503))
    with pytest.raises(ServerError) as caught:
        connect().product.get_product(part)
    assert len(sandbox.requests) == 1
    assert caught.value.stop_reason is StopReason.RETRY_DISABLED
    with pytest.raises(ServerError) as caught:
        connect(sync_config=FAST).product.get_product(part)
    assert [attempt.status for attempt in caught.value.attempts] == [503, 503, 503]
    assert len(sandbox.requests) == 4


def test_a_permanent_error_is_not_retried(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(500))
    with pytest.raises(ServerError, match="500 Internal Server Error"):
        connect(sync_config=FAST).product.get_product("A")
    assert len(sandbox.requests) == 1


def test_retry_after_is_respected_as_the_least_wait(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(429, retry_after=0.2), times=1)
    started = time.monotonic()
    connect(sync_config=FAST).product.get_product(part)
    assert time.monotonic() - started >= 0.2


def test_a_retry_after_that_is_too_long_ends_the_call_and_is_carried(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(429, retry_after=3600))
    with pytest.raises(RateLimitError) as caught:
        connect(sync_config=FAST).product.get_product(part)
    assert caught.value.retry_after == 3600
    assert caught.value.stop_reason is StopReason.RETRY_AFTER_TOO_LONG
    assert len(sandbox.requests) == 1


def test_a_retry_after_may_be_a_date(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    sandbox.inject("GET", ROUTE, Fault.status(503, retry_after=later), times=1)
    with pytest.raises(ServerError) as caught:
        connect(sync_config=FAST).product.get_product(part)
    assert caught.value.retry_after == pytest.approx(3600, abs=5)
    assert caught.value.stop_reason is StopReason.RETRY_AFTER_TOO_LONG
    past = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    sandbox.inject("GET", ROUTE, Fault.status(503, retry_after=past), times=1)
    assert connect(sync_config=FAST).product.get_product(part).part_number == "A"


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=400), timedelta(days=-400)])
def test_a_date_counts_from_the_date_of_its_response_whatever_the_clock_of_this_machine(
    ahead: timedelta,
) -> None:
    def respond(connection: socket.socket, _: bytes) -> None:
        now = datetime.now(UTC) + ahead
        later = now + timedelta(hours=1)
        connection.sendall(
            b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n"
            + f"Date: {format_datetime(now, usegmt=True)}\r\n".encode()
            + f"Retry-After: {format_datetime(later, usegmt=True)}\r\n\r\n".encode()
        )

    with (
        RawServer(respond) as server,
        pyWATS(server.base_url, "eDp5", sync_config=FAST) as api,
        pytest.raises(ServerError) as caught,
    ):
        api.product.get_product("A")
    assert caught.value.retry_after == 3600
    assert caught.value.stop_reason is StopReason.RETRY_AFTER_TOO_LONG
    assert len(server.heads) == 1


def test_a_retry_after_that_the_deadline_does_not_allow_ends_the_call_at_once(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(429, retry_after=50))
    with pytest.raises(RateLimitError) as caught:
        connect(sync_config=FAST, deadline=40).product.get_product(part)
    assert (caught.value.retry_after, len(caught.value.attempts)) == (50, 1)
    assert re.fullmatch(
        r"GET /api/Product/\{partNumber\} at http://[^ ]+ returned 429 Too Many Requests: "
        r"A fault was injected\. \[the server asks to wait 50 s; 1 attempt in [\d.]+ s; "
        r"stopped: retry_after_too_long; correlation_id=[0-9a-f]{32}\]",
        str(caught.value),
    )


def test_a_backoff_that_the_deadline_does_not_allow_is_not_waited_for(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503))
    retry = RetryConfig(backoff=100, max_backoff=100)
    with pytest.raises(ServerError) as caught:
        connect(deadline=LIMIT, retry_config=retry).product.get_product(part)
    assert caught.value.stop_reason is StopReason.DEADLINE
    assert len(sandbox.requests) == 1


def test_hooks_are_told_of_the_requests_that_the_server_saw(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    told: list[RetryEvent | GiveUpEvent] = []
    config = RetryConfig(
        max_retries=2, max_backoff=0.01, on_retry=told.append, on_give_up=told.append
    )
    sandbox.inject("GET", ROUTE, Fault.status(503))
    with pytest.raises(ServerError) as caught:
        connect(retry_config=config).product.get_product(part)
    assert [type(event).__name__ for event in told] == ["RetryEvent"] * 2 + ["GiveUpEvent"]
    assert {event.call for event in told} == {"pywats.product.get_product"}
    (sent,) = {request.header("x-correlation-id") for request in sandbox.requests}
    assert {event.correlation_id for event in told} == {sent}
    assert told[-1].error is caught.value


def test_eight_threads_in_an_outage_stay_within_the_budget(
    sandbox: Sandbox, connect: Callable[..., pyWATS], monkeypatch: pytest.MonkeyPatch
) -> None:
    # While time stands still, it gets nothing for the seconds that pass.
    monkeypatch.setattr(SystemClock, "monotonic", lambda _: 1000.0)
    sandbox.inject("GET", ROUTE, Fault.status(503))
    api = connect(timeout=None, retry_config=RetryConfig(max_retries=3, max_backoff=0.001))

    def work(_: int) -> list[str | None]:
        reasons: list[str | None] = []
        for _ in range(25):
            with pytest.raises(ServerError) as caught:
                api.product.get_product("A")
            reasons.append(caught.value.stop_reason)
        return reasons

    with ThreadPoolExecutor(8) as pool:
        reasons = [reason for each in pool.map(work, range(8)) for reason in each]
    retries = len(sandbox.requests) - 200
    # Without a budget there would be 600.
    assert 40 <= retries <= 0.2 * 200 + 10
    assert set(reasons) <= {StopReason.RETRIES_EXHAUSTED, StopReason.RETRY_BUDGET_EXHAUSTED}
    assert reasons.count(StopReason.RETRY_BUDGET_EXHAUSTED) >= 100


def test_each_attempt_has_the_whole_timeout(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str, skipped_time: SkippedTime
) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang())
    skipped_time.skip_at_requests(sandbox, 1, 2, 3)
    with pytest.raises(WATSTimeoutError) as caught:
        connect(sync_config=FAST).product.get_product(part)
    assert len(caught.value.attempts) == 3
    assert all(LIMIT <= attempt.duration < 2 * LIMIT for attempt in caught.value.attempts)


def test_a_timeout_of_none_waits_as_long_as_it_takes(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.delay(0.3))
    assert connect(timeout=None).product.get_product(part).part_number == "A"


def test_the_flat_client_takes_a_timeout_for_one_call(sandbox: Sandbox, part: str) -> None:
    config = SyncClientConfig(
        base_url=sandbox.base_url,
        username=sandbox.username,
        password=sandbox.password,
        max_retries=1,
        retry_backoff=1.0,
        retry_on_errors=[TimeoutError, ConnectionError],
    )
    with SyncWATSClient(config=config) as client:
        assert client.get_product(part_number=part, timeout=30.0).part_number == "A"
        assert client.get_product(part_number=part).part_number == "A"
        assert "get_product" in dir(client)
        sandbox.inject("GET", ROUTE, Fault.hang())
        with pytest.raises(WATSTimeoutError) as caught:
            client.get_product(part_number=part, timeout=0.1)
        assert [attempt.error for attempt in caught.value.attempts] == ["WATSTimeoutError"] * 2
        with pytest.raises(ValueError, match="timeout=0: must be"):
            client.get_product(part_number=part, timeout=0)
        with pytest.raises(AttributeError, match="'SyncWATSClient' object has no attribute 'gett'"):
            client.gett()  # type: ignore[attr-defined]  # the mistake under test
        with pytest.raises(AttributeError):
            _ = client._port  # type: ignore[attr-defined]  # the mistake under test


def test_retries_do_not_depend_on_the_socket_being_the_same(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.reset(), times=2)
    connect(sync_config=FAST).product.get_product(part)
    assert len({request.connection for request in sandbox.requests}) == 3


def test_an_unsafe_request_that_succeeded_is_not_repeated_for_a_later_failure(
    sandbox: Sandbox, connect: Callable[..., pyWATS]
) -> None:
    api = connect()
    api.product.create_group("G")
    sandbox.clear()

    class TwoSteps:
        async def work(self) -> None:
            port = api._port
            await port.send(POST_FILTER)
            await port.send(GET_PART)

    sandbox.inject("GET", ROUTE, Fault.status(503))
    engine = Engine(FAST, DirectRunner())
    with pytest.raises(ServerError) as caught:
        SyncServiceWrapper(TwoSteps(), engine=engine).work()
    assert [request.method for request in sandbox.requests] == ["POST", "GET"]
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
