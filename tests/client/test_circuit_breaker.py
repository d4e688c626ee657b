"""The circuit breaker over real sockets, counted at the server."""

from __future__ import annotations

import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pywats import (
    CircuitBreakerConfig,
    CircuitState,
    CircuitTransition,
    RetryConfig,
    SyncClientConfig,
    SyncWATSClient,
    pyWATS,
)
from pywats.errors import (
    CircuitOpenError,
    NotFoundError,
    RateLimitError,
    ServerError,
    StopReason,
    WATSConnectionError,
    WATSError,
    WATSTimeoutError,
)
from pywats.sandbox import Fault
from pywats.testing import no_backoff
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

ROUTE = "/api/Product/{partNumber}"


def breaker(cool_down: float = 60, **settings: object) -> CircuitBreakerConfig:
    fields: dict[str, object] = {"minimum_attempts": 3, "cool_down": cool_down}
    return CircuitBreakerConfig(**(fields | settings))  # type: ignore[arg-type]  # each test passes its fields


@pytest.fixture
def part(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> str:
    connect().product.create_product(part_number="A")
    sandbox.clear()
    return "A"


def fail(api: pyWATS, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WATSError) as caught:
            api.product.get_product("A")
        assert not isinstance(caught.value, CircuitOpenError)


def test_without_settings_there_is_no_circuit_breaker(
    sandbox: Sandbox, api: pyWATS, part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(500), times=30)
    fail(api, 30)
    assert api.product.get_product(part).part_number == "A"


@pytest.mark.parametrize(
    "fault", [Fault.status(500), Fault.status(503), Fault.reset(), Fault.close(), Fault.hang()]
)
def test_failures_of_the_server_open_the_circuit_and_nothing_more_is_sent(
    sandbox: Sandbox, connect: Callable[..., pyWATS], skipped_time: SkippedTime, fault: Fault
) -> None:
    api = connect(timeout=LIMIT, circuit_breaker=breaker(window=10 * LIMIT))
    sandbox.inject("GET", ROUTE, fault)
    if fault.kind == "hang":
        skipped_time.skip_at_requests(sandbox, 1, 2, 3)
    fail(api, 3)
    with pytest.raises(CircuitOpenError) as caught:
        api.product.get_product("A")
    with pytest.raises(ConnectionError):
        api.report.query_uut_headers()
    assert len(sandbox.requests) == 3
    error = caught.value
    assert error.origin == sandbox.base_url
    assert 0 < error.retry_in <= 60
    assert (error.attempts, error.stop_reason) == ((), StopReason.CIRCUIT_OPEN)
    assert not error.may_have_been_executed


def test_a_server_that_is_down_opens_the_circuit(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str, skipped_time: SkippedTime
) -> None:
    api = connect(circuit_breaker=breaker(cool_down=LIMIT))
    with sandbox.refused():
        fail(api, 3)
    # The server is back, but nobody asks it before the cool-down is over.
    with pytest.raises(CircuitOpenError):
        api.product.get_product(part)
    assert sandbox.requests == ()
    skipped_time.skip()
    assert api.product.get_product(part).part_number == "A"
    assert api.product.get_product(part).part_number == "A"


def test_mistakes_of_the_caller_and_responses_below_500_do_not_count(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    api = connect(circuit_breaker=breaker(minimum_attempts=2, failure_ratio=0.2))
    for _ in range(5):
        with pytest.raises(NotFoundError):
            api.product.get_product("missing")
        with pytest.raises(ValueError, match="part_number"):
            api.product.get_product("")
    sandbox.inject("GET", ROUTE, Fault.status(429), times=5)
    for _ in range(5):
        with pytest.raises(RateLimitError):
            api.product.get_product(part)
    assert api.product.get_product(part).part_number == "A"


def test_retries_end_when_the_circuit_opens(
    sandbox: Sandbox, connect: Callable[..., pyWATS], spans: Spans
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503))
    api = connect(retry_config=RetryConfig(max_retries=9), circuit_breaker=breaker())
    with no_backoff(), pytest.raises(ServerError) as caught:
        api.product.get_product("A")
    assert len(sandbox.requests) == 3
    assert caught.value.stop_reason is StopReason.CIRCUIT_OPEN
    assert [attempt.status for attempt in caught.value.attempts] == [503, 503, 503]
    (call,) = [span for span in spans.finished if span.parent is None]
    assert [event.name for event in call.events] == [
        "retry",
        "retry",
        "circuit_transition",
        "circuit_open",
        "retry_given_up",
        "exception",
    ]


def test_of_eight_threads_exactly_one_probes(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str, skipped_time: SkippedTime
) -> None:
    told: list[CircuitTransition] = []
    api = connect(timeout=None, circuit_breaker=breaker(cool_down=LIMIT, on_transition=told.append))
    sandbox.inject("GET", ROUTE, Fault.status(503), times=3)
    fail(api, 3)
    sandbox.clear()
    skipped_time.skip()
    # The probe is held back until the others have been refused.
    sandbox.inject("GET", ROUTE, Fault.delay(3600), times=1)
    probing = threading.Thread(target=api.product.get_product, args=(part,))
    probing.start()
    sandbox.wait_for_requests(1, timeout=120)

    def refused(_: int) -> float:
        with pytest.raises(CircuitOpenError) as caught:
            api.product.get_product(part)
        return caught.value.retry_in

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(refused, range(16))) == [0.0] * 16
    assert len(sandbox.requests) == 1
    while probing.is_alive():
        # The sandbox may not have begun to wait yet.
        skipped_time.skip(3600)
        probing.join(0.05)
    assert api.product.get_product(part).part_number == "A"
    closed, opened, half = CircuitState.CLOSED, CircuitState.OPEN, CircuitState.HALF_OPEN
    assert [(each.before, each.after) for each in told] == [
        (closed, opened),
        (opened, half),
        (half, closed),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
def test_ctrl_c_in_a_probe_lets_the_next_call_probe(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    # A test run in the background hands SIGINT down as ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        api = connect(circuit_breaker=breaker(cool_down=0.1))
        sandbox.inject("GET", ROUTE, Fault.status(503), times=3)
        fail(api, 3)
        sandbox.clear()
        time.sleep(0.1)
        sandbox.inject("GET", ROUTE, Fault.hang(), times=1)

        def interrupt() -> None:
            sandbox.wait_for_requests(1, timeout=120)
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)

        interrupting = threading.Thread(target=interrupt)
        interrupting.start()
        with pytest.raises(KeyboardInterrupt):
            api.product.get_product(part)
        interrupting.join()
        assert api.product.get_product(part).part_number == "A"
        assert len(sandbox.requests) == 2
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_probe_that_times_out_keeps_the_circuit_open(
    sandbox: Sandbox, connect: Callable[..., pyWATS], skipped_time: SkippedTime
) -> None:
    api = connect(timeout=LIMIT, circuit_breaker=breaker(cool_down=10 * LIMIT, minimum_attempts=1))
    sandbox.inject("GET", ROUTE, Fault.hang())
    skipped_time.skip_at_requests(sandbox, 1, 2)
    fail(api, 1)
    skipped_time.skip(10 * LIMIT)
    with pytest.raises(WATSTimeoutError):
        api.product.get_product("A")
    with pytest.raises(CircuitOpenError):
        api.product.get_product("A")
    assert len(sandbox.requests) == 2


def test_each_client_has_a_circuit_of_its_own(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    failing, other = (connect(circuit_breaker=breaker()) for _ in range(2))
    sandbox.inject("GET", ROUTE, Fault.status(500), times=3)
    fail(failing, 3)
    assert other.product.get_product(part).part_number == "A"


def test_the_flat_client_has_one_too(sandbox: Sandbox) -> None:
    config = SyncClientConfig(
        base_url=sandbox.base_url, token=sandbox.token, circuit_breaker=breaker()
    )
    sandbox.inject("GET", ROUTE, Fault.status(500))
    with SyncWATSClient(config) as client:
        for _ in range(3):
            with pytest.raises(ServerError):
                client.get_product("A")
        with pytest.raises(WATSConnectionError, match="the circuit to http://.* is open"):
            client.get_product("A", timeout=5)
