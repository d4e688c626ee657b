from __future__ import annotations

import logging
import os
import socket
from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace
from opentelemetry.trace import NoOpTracerProvider

from pywats import CorrelationHandler, pyWATS
from pywats.sandbox import Sandbox
from tests.tracing import PROVIDER, Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

trace.set_tracer_provider(PROVIDER)


@pytest.fixture(autouse=True)
def _untraced_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test without a tracer, and without the developer's own settings."""
    monkeypatch.setattr(PROVIDER, "delegate", NoOpTracerProvider())
    for name in [name for name in os.environ if name.startswith("PYWATS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: tuple[str, int] | str) -> None:
        host = address[0] if isinstance(address, tuple) else address
        local = host.startswith("127.") or host == "::1" or not isinstance(address, tuple)
        assert local, address
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def trace_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Spans], Spans]:
    """Return a function that makes the given spans' provider the one in use."""

    def use(spans: Spans) -> Spans:
        monkeypatch.setattr(PROVIDER, "delegate", spans.provider)
        return spans

    return use


@pytest.fixture
def spans(trace_with: Callable[[Spans], Spans]) -> Spans:
    """Trace the test with the SDK and collect its spans in memory."""
    return trace_with(Spans())


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Start a sandbox server for the test."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def connect(sandbox: Sandbox) -> Iterator[Callable[..., pyWATS]]:
    """Return a function that makes a client of the sandbox, closed after the test."""
    clients: list[pyWATS] = []

    def make(**settings: object) -> pyWATS:
        made = pyWATS(
            base_url=sandbox.base_url,
            username=sandbox.username,
            password=sandbox.password,
            **settings,  # type: ignore[arg-type]  # each test passes what pyWATS takes
        )
        clients.append(made)
        return made

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def api(connect: Callable[..., pyWATS]) -> pyWATS:
    """Return a client of the sandbox with default settings."""
    return connect()


class LogLines(logging.Handler):
    """Keeps formatted lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """Collect the root logger's lines through a CorrelationHandler: id, span id, text."""
    target = LogLines()
    target.setFormatter(
        logging.Formatter("%(correlation_id)s %(trace_id)s %(name)s %(levelname)s %(message)s")
    )
    handler = CorrelationHandler(target)
    root = logging.getLogger()
    previous = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield target.lines
    root.removeHandler(handler)
    root.setLevel(previous)
    handler.close()
