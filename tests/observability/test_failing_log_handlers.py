"""A log handler or filter of the program that raises: a call returns what it returns without it."""

from __future__ import annotations

import logging
import threading
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import (
    CallTransport,
    CircuitBreakerConfig,
    DirectTransport,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    correlation_id,
    current_correlation_id,
    use_correlation_id_of,
)
from pywats.errors import CallTimeoutError, CircuitOpenError
from pywats.observability import guard
from pywats.sync import DirectRunner
from pywats.sync.runners import step
from tests.faults.test_credentials_in_frames import hang
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from tests.tracing import Spans


class BrokenHandler(logging.Handler):
    """Raises for each record of pywats, as a handler does whose server is not available."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        raise BrokenPipeError("the log server is not available")


@pytest.fixture(autouse=True)
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokenHandler]:
    monkeypatch.setattr(guard, "_reported", set())
    handler, logger = BrokenHandler(), logging.getLogger("pywats")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


class Service:
    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        self.client = httpx.AsyncClient(base_url=base_url, transport=transport)

    async def order(self) -> str:
        return (await self.client.post("/")).raise_for_status().text


def _raises(*_: object) -> Any:
    raise ZeroDivisionError("a fault of the program")


def retries(**settings: Any) -> SyncConfig:
    retry = RetryConfig(max_retries=2, max_backoff=0.01, **settings)
    return SyncConfig(timeout=5, retry_enabled=True, retry=retry)


@pytest.fixture(params=["direct", "call"])
def face(request: pytest.FixtureRequest) -> Any:
    def make(base_url: str, config: SyncConfig) -> Any:
        if request.param == "direct":
            service = Service(base_url, DirectTransport())
            return SyncServiceWrapper(service, config, runner=DirectRunner())
        return SyncServiceWrapper(Service(base_url, CallTransport()), config)

    return make


BUSY = response(b"", status=b"503 Busy")
DONE = response(b"done")


def test_a_call_that_is_retried(face: Any, broken: BrokenHandler) -> None:
    behaviours = iter((saying(BUSY), saying(DONE)))

    def behave(connection: socket.socket, request: bytes) -> None:
        next(behaviours)(connection, request)

    with RawServer(behave) as server:
        assert face(server.base_url, retries(on_retry=_raises)).order() == "done"
    assert any("attempt 1 failed" in line for line in broken.lines)
    assert any("a hook raised" in line for line in broken.lines)


def test_a_call_that_fails(face: Any, broken: BrokenHandler) -> None:
    with RawServer(saying(BUSY)) as server:
        wrapped = face(server.base_url, retries(retry_on_errors=_raises, retry_on_status=()))
        with pytest.raises(httpx.HTTPStatusError) as caught:
            wrapped.order()
    assert not isinstance(caught.value.__context__, BrokenPipeError)
    assert any("a predicate of retry_on_errors failed" in line for line in broken.lines)


def test_a_circuit_breaker(face: Any, broken: BrokenHandler) -> None:
    breaker = CircuitBreakerConfig(minimum_attempts=1, on_transition=_raises)
    wrapped = face("http://127.0.0.1:1", SyncConfig(timeout=5, circuit_breaker=breaker))
    with pytest.raises(httpx.ConnectError):
        wrapped.order()
    with pytest.raises(CircuitOpenError):
        wrapped.order()
    assert any("the circuit to" in line for line in broken.lines)


def test_an_id_of_the_application_that_is_not_valid(broken: BrokenHandler) -> None:
    variable: ContextVar[str | None] = ContextVar("inbound", default=None)
    use_correlation_id_of(variable)
    token = variable.set("not valid!")
    try:
        assert current_correlation_id() is None
        with correlation_id("job-42"):
            assert current_correlation_id() == "job-42"
    finally:
        variable.reset(token)
        use_correlation_id_of(None)
    assert any("calls have ids of their own" in line for line in broken.lines)


class Worker:
    def __init__(self) -> None:
        self.calls = 0
        self.free = threading.Event()

    async def block(self) -> None:
        self.calls += 1
        self.free.wait(60)


def test_an_operation_that_may_still_run_is_not_repeated(
    broken: BrokenHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "CLEAN_UP_WITHIN", 0.05)
    worker = Worker()
    retry = RetryConfig(max_retries=3, max_backoff=0.01)
    config = SyncConfig(timeout=0.1, retry_enabled=True, retry=retry)
    try:
        with pytest.raises(CallTimeoutError) as caught:
            SyncServiceWrapper(worker, config).block()
    finally:
        worker.free.set()
    assert caught.value.may_have_been_executed
    assert worker.calls == 1
    assert any("goes on although it was cancelled" in line for line in broken.lines)


@pytest.mark.parametrize("rule", [_raises, lambda _: "yes"])
def test_a_rule_for_repeating_that_fails(rule: Any, broken: BrokenHandler) -> None:
    with RawServer(hang) as server:
        service = Service(server.base_url, DirectTransport())
        config = replace(retries(), timeout=0.2)
        wrapped = SyncServiceWrapper(service, config, runner=DirectRunner(), repeatable=rule)
        with pytest.raises(httpx.ReadTimeout):
            wrapped.order()
    assert any(line.startswith("repeatable=") for line in broken.lines)


def test_attributes_of_the_span_that_fail(spans: Spans, broken: BrokenHandler) -> None:
    wrapped = SyncServiceWrapper(Worker(), span_attributes=_raises)
    wrapped.free.set()
    wrapped.block()
    assert [each.name for each in spans.finished] == ["worker.block"]
    assert any("span_attributes failed" in line for line in broken.lines)
