from __future__ import annotations

import gc
import logging
import os
import signal
import socket
from contextlib import nullcontext
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from opentelemetry import trace
from opentelemetry.trace import NoOpTracerProvider

import pywats
from pywats import CorrelationHandler, pyWATS
from pywats.sandbox import Sandbox
from tests.skipped_time import SkippedTime
from tests.slowest import listed
from tests.tracing import PROVIDER, Spans
from tests.untraced import tracer_variables, without_tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

trace.set_tracer_provider(PROVIDER)

# A shell starts background programs with Ctrl-C ignored, and what a program ignores, the programs
# that it starts ignore as well: no test of theirs could interrupt them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How fast the machine is decides nothing.
settings.register_profile(
    "pywats", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("pywats")


# They run no line of the package that no other test runs. A tracer halves the speed of all code,
# the code of libraries included.
UNTRACED = frozenset(
    {
        *("comparison", "docs", "frameworks", "fuzz", "hostile", "openapi", "reference"),
        "faults/test_garbage.py",
    }
)
# So do the programs that these start.
UNTRACED_PROGRAMS = UNTRACED | {
    *("demo", "faults", "http", "runtime", "soak", "sync/clients", "sync/faces", "sync/runners"),
    *("testing", "observability/test_coexistence.py", "test_pitfalls.py"),
    *("test_check_distribution.py", "test_errors.py", "test_extras.py", "test_imports.py"),
    *("test_release.py", "test_slowest.py", "test_terminal.py"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fast", action="store_true", help="leave the slowest twentieth of the tests out"
    )


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers() -> int | None:
    """Run two workers for each core: tests spend nearly half of their time waiting."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "only_where(condition, reason): leave the test out elsewhere; for what CI cannot have",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = [
        item
        for item in items
        if not all(mark.args[0] for mark in item.iter_markers(name="only_where"))
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    if config.getoption("--fast"):
        slowest = listed()
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in slowest])
        items[:] = [item for item in items if item.nodeid not in slowest]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests without coverage's tracer, which is to see the package's imports only.

    The tests import thousands of modules of other packages, in each worker of pytest-xdist.
    """
    if tracer_variables():
        for module in walk_packages(pywats.__path__, "pywats."):
            import_module(module.name)
    with without_tracer():
        return (yield)


def pytest_collection_finish() -> None:
    """Spare the garbage collector the tests themselves: 11,000 took it 0.3 s each time."""
    gc.collect()
    gc.freeze()


@cache
def _is_among(path: Path, listed: frozenset[str]) -> bool:
    """Return whether a test file, or a folder that it is in, is listed."""
    relative = path.relative_to(Path(__file__).parent)
    return any(each.as_posix() in listed for each in (relative, *relative.parents))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test that need not be traced without coverage's tracer."""
    with without_tracer() if _is_among(item.path, UNTRACED) else nullcontext():
        return (yield)


@pytest.fixture(autouse=True)
def _untraced_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test without a tracer, and without the developer's own settings."""
    monkeypatch.setattr(PROVIDER, "delegate", NoOpTracerProvider())
    for name in list(os.environ):
        if name.startswith("PYWATS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Workers of pytest-xdist have one; it would narrow what commands print.
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(autouse=True)
def _programs_without_a_tracer(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start programs of tests that are not about the engine without coverage's tracer."""
    if _is_among(request.path, UNTRACED_PROGRAMS):
        for name in tracer_variables():
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _levels_of_loggers() -> Iterator[None]:
    """Find the test that leaves the level of a logger changed, which another test would see."""
    watched = [logging.getLogger(name) for name in (None, "pywats", "pywats.call", "pywats.http")]
    before = [logger.level for logger in watched]
    disabled = logging.root.manager.disable
    yield
    after = [logger.level for logger in watched]
    if after != before:
        for logger, level in zip(watched, before, strict=True):
            logger.setLevel(level)
    assert after == before
    assert logging.root.manager.disable == disabled


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
def skipped_time() -> Iterator[SkippedTime]:
    """Let limits of time run out when the test says so."""
    with pytest.MonkeyPatch.context() as patch:
        made = SkippedTime(patch)
        yield made
    made.end()


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
