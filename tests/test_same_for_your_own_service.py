"""What the WATS client has, a service of one's own has: each row of the table, at the server."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import (
    CallTransport,
    DirectTransport,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    correlation_id,
    pyWATS,
)
from pywats.errors import CallConnectionError, CallError, CallTimeoutError, StopReason
from pywats.sync import DirectRunner
from tests.faults.proxy import FaultProxy, Slicer
from tests.faults.timing import LIMIT, fails_in_time
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    import socket

    from tests.tracing import Spans

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
MISSING = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
QUICK = RetryConfig(max_retries=2, max_backoff=0.01)


class Weather:
    """A service with one method that reads and one that changes something."""

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        self.client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30)

    async def get(self) -> object:
        options = {"template": "/items/{id}"}
        return (await self.client.get("/items/7", extensions=options)).raise_for_status().json()

    async def post(self) -> object:
        options = {"template": "/items"}
        return (await self.client.post("/items", extensions=options)).raise_for_status().json()

    async def aclose(self) -> None:
        await self.client.aclose()


class Wats:
    """The WATS client with the same two methods."""

    def __init__(self, base_url: str, **settings: Any) -> None:
        self._api = pyWATS(base_url, "eDp5", **settings)

    def get(self) -> object:
        return self._api.request("GET", "/items/{id}", parameters={"id": "7"}).json()

    def post(self) -> object:
        return self._api.request("POST", "/items").json()

    def aclose(self) -> None:
        self._api.close()


@dataclass(frozen=True)
class Column:
    """A way to call a service.

    Attributes:
        name: Name of the span of ``get``; of a service of one's own, without the method.
        make: Makes what has ``get``, ``post`` and ``aclose``.
        in_loop: An event loop in the background carries it out.
    """

    name: str
    make: Callable[..., Any]
    in_loop: bool = False

    def __str__(self) -> str:
        return self.make.__name__


def _config(settings: dict[str, Any]) -> SyncConfig:
    retry = settings.pop("retry_config", None)
    if retry is not None:
        settings |= {"retry": retry, "retry_enabled": True}
    return SyncConfig(**settings)


def wats(base_url: str, *, size: int = 8, **settings: Any) -> Wats:
    del size  # its pool has a size of its own; see tests/faults/test_pool.py
    if "correlation_header" in settings:
        settings = {"sync_config": SyncConfig(**settings)}
    return Wats(base_url, **settings)


def direct(base_url: str, *, size: int = 8, **settings: Any) -> Any:
    transport = DirectTransport(limits=httpx.Limits(max_connections=size))
    made = Weather(base_url, transport)
    return SyncServiceWrapper(made, _config(settings), name="weather", runner=DirectRunner())


def call(base_url: str, *, size: int = 8, **settings: Any) -> Any:
    transport = CallTransport(limits=httpx.Limits(max_connections=size))
    made = Weather(base_url, transport)
    return SyncServiceWrapper(made, _config(settings), name="weather")


def around_httpx(base_url: str, *, size: int = 8, **settings: Any) -> Any:
    inside = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=size))
    made = Weather(base_url, CallTransport(inside))
    return SyncServiceWrapper(made, _config(settings), name="weather")


COLUMNS = [
    Column("pywats.api.request", wats),
    Column("weather", direct),
    Column("weather", call, True),
    Column("weather", around_httpx, True),
]
each_column = pytest.mark.parametrize("column", COLUMNS, ids=str)


def header(head: bytes, name: str) -> str:
    found = re.search(rf"(?im)^{name}: (.*)\r$".encode(), head)
    return found[1].decode() if found else ""


def in_turn(*responses: bytes) -> Callable[[socket.socket, bytes], None]:
    left = list(responses)

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return respond


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


@each_column
def test_the_correlation_id_is_a_request_header(column: Column) -> None:
    with RawServer(saying(OK)) as server:
        service = column.make(server.base_url)
        service.get()
        with correlation_id("job-42"):
            service.post()
        service.aclose()
    first, second = (header(head, "X-Correlation-ID") for head in server.heads)
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert second == "job-42"


@each_column
def test_the_name_of_the_header_is_configured(column: Column) -> None:
    with RawServer(saying(OK)) as server:
        service = column.make(server.base_url, correlation_header="X-Job")
        with correlation_id("job-42"):
            service.get()
        service.aclose()
    assert header(server.heads[0], "X-Job") == "job-42"
    assert header(server.heads[0], "X-Correlation-ID") == ""


@each_column
def test_traceparent_names_the_span_of_the_attempt(column: Column, spans: Spans) -> None:
    with RawServer(in_turn(BUSY, OK)) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        service.get()
        service.aclose()
    sent = [header(head, "traceparent").split("-")[1:3] for head in server.heads]
    attempts = [span for span in spans.finished if span.kind.name == "CLIENT"]
    made = [(span.context.trace_id, span.context.span_id) for span in attempts if span.context]
    assert sent == [[f"{trace:032x}", f"{span:016x}"] for trace, span in made]
    assert len(sent) == 2


@each_column
def test_each_attempt_has_a_client_span_and_a_log_line(
    column: Column, spans: Spans, log_lines: list[str]
) -> None:
    with RawServer(in_turn(BUSY, OK)) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        service.get()
        service.aclose()
    (trace_id,) = {header(head, "X-Correlation-ID") for head in server.heads}
    lines = [re.sub(r"[0-9.]+ ms", "T ms", line) for line in log_lines if " pywats.http " in line]
    assert lines == [
        f"{trace_id} {trace_id} pywats.http INFO GET /items/{{id}}: {status} in T ms "
        f"(attempt {number}, new connection)"
        for number, status in ((1, 503), (2, 200))
    ]
    attempts = [line for line in spans.tree() if "[CLIENT" in line]
    assert [re.sub("error.type=[^] ]*", "error.type=…", line) for line in attempts] == [
        "  GET /items/{id} [CLIENT ERROR http.response.status_code=503 error.type=…]",
        "  GET /items/{id} [CLIENT UNSET http.response.status_code=200 "
        "http.request.resend_count=1]",
    ]


@each_column
@pytest.mark.parametrize("status", [b"503 Service Unavailable", b"429 Too Many Requests"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_status_that_says_later_is_retried(column: Column, status: bytes, method: str) -> None:
    with RawServer(in_turn(BUSY.replace(b"503 Service Unavailable", status), OK)) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        assert getattr(service, method)() == {}
        service.aclose()
    assert len(server.heads) == 2


@each_column
@pytest.mark.parametrize("in_seconds", [True, False])
def test_retry_after_is_heard(column: Column, in_seconds: bool) -> None:  # noqa: FBT001 - parameters of a table
    """An hour is more than it waits, so it fails at once and says why."""
    now = datetime.now(UTC)
    later = "3600" if in_seconds else format_datetime(now + timedelta(hours=1), usegmt=True)
    told = f"Date: {format_datetime(now, usegmt=True)}\r\nRetry-After: {later}".encode()
    with RawServer(saying(BUSY.replace(b"Connection", told + b"\r\nConnection"))) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        with pytest.raises(Exception, match="503") as caught:
            service.get()
        service.aclose()
    assert vars(caught.value)["stop_reason"] is StopReason.RETRY_AFTER_TOO_LONG
    assert len(server.heads) == 1


@each_column
def test_a_404_is_not_retried(column: Column) -> None:
    with RawServer(saying(MISSING)) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        with pytest.raises(Exception, match="404"):
            service.get()
        service.aclose()
    assert len(server.heads) == 1


@each_column
def test_a_server_that_is_not_there_is_tried_again(column: Column, spans: Spans) -> None:
    with RawServer(saying(OK)) as server:
        pass
    service = column.make(server.base_url, retry_config=QUICK)
    with pytest.raises(ConnectionError) as caught:
        service.post()
    service.aclose()
    assert isinstance(caught.value, CallConnectionError)
    assert not caught.value.may_have_been_executed
    assert len([span for span in spans.finished if span.kind.name == "CLIENT"]) == 3


@each_column
@pytest.mark.parametrize(("method", "count"), [("get", 3), ("post", 1)])
def test_a_post_that_timed_out_is_sent_once_and_a_get_again(
    column: Column, method: str, count: int
) -> None:
    with RawServer(keep_silent) as server:
        service = column.make(server.base_url, timeout=0.2, retry_config=QUICK)
        with pytest.raises(TimeoutError) as caught:
            getattr(service, method)()
        service.aclose()
    assert isinstance(caught.value, CallTimeoutError)
    assert caught.value.may_have_been_executed is (method == "post")
    assert (caught.value.phase, caught.value.scope, caught.value.limit) == ("read", "attempt", 0.2)
    assert len(server.heads) == count


@each_column
@pytest.mark.parametrize(("method", "count"), [("get", 3), ("post", 1)])
def test_a_post_whose_connection_broke_is_sent_once_and_a_get_again(
    column: Column, method: str, count: int
) -> None:
    with RawServer(saying(b"")) as server:
        service = column.make(server.base_url, retry_config=QUICK)
        with pytest.raises(ConnectionError) as caught:
            getattr(service, method)()
        service.aclose()
    assert isinstance(caught.value, CallError)
    assert caught.value.may_have_been_executed is (method == "post")
    assert len(server.heads) == count


@each_column
@pytest.mark.parametrize("limit", ["timeout", "deadline"])
@pytest.mark.parametrize("size", [1, 50])
def test_a_server_that_trickles_bytes_does_not_outlast_the_limit(
    column: Column, limit: str, size: int
) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    with RawServer(saying(response)) as server, FaultProxy(("127.0.0.1", server.port)) as slow:
        slow.add(Slicer(size, delay=0.01))
        service = column.make(slow.base_url, **{"timeout": None, limit: LIMIT})
        fails_in_time(service.get, CallTimeoutError)
        service.aclose()


@each_column
def test_the_pool_is_exact(column: Column) -> None:
    """As many connections as may be used at a time serve forty calls of eight threads."""

    def serve(connection: socket.socket, _: bytes) -> None:
        opened.append(connection)
        while True:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            if not connection.recv(65536):
                return

    opened: list[object] = []
    with RawServer(serve) as server:
        service = column.make(server.base_url, size=2)
        with ThreadPoolExecutor(8) as threads:
            results = list(threads.map(lambda _: service.get(), range(40)))
        service.aclose()
    assert results == [{}] * 40
    assert 1 <= len(opened) <= (8 if column.make is wats else 2)


@pytest.mark.parametrize("column", [each for each in COLUMNS if not each.in_loop], ids=str)
def test_no_event_loop_and_no_thread(column: Column) -> None:
    with RawServer(saying(OK)) as server:
        service = column.make(server.base_url)
        before = set(threading.enumerate())
        service.get()
        started = set(threading.enumerate()) - before
        service.aclose()
        # The server has one for each connection.
        assert started <= set(server._threads)


@each_column
def test_names_fit(column: Column, spans: Spans) -> None:
    with RawServer(in_turn(OK, MISSING)) as server:
        service = column.make(server.base_url)
        service.get()
        with pytest.raises(Exception, match="404"):
            service.get()
        service.aclose()
    calls = [span for span in spans.finished if span.kind.name == "INTERNAL"]
    wanted = column.name if column.make is wats else f"{column.name}.get"
    assert [span.name for span in calls][:2] == [wanted] * 2
    assert {span.instrumentation_scope.name for span in calls if span.instrumentation_scope} == {
        "pywats"
    }
