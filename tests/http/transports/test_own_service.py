"""A wrapped service of one's own gets what the WATS client gets, over either transport."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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
    instrument_httpx,
)
from pywats.errors import CallTimeoutError
from pywats.sync import DirectRunner
from tests import skipped_time as skip
from tests.faults.proxy import FaultProxy, Slicer
from tests.faults.timing import LIMIT, fails_in_time
from tests.forking import in_child
from tests.http.raw_server import RawServer, saying
from tests.http.transports.services import WRAPS, Weather, over_direct

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.skipped_time import SkippedTime
    from tests.tracing import Spans

    Wrap = Callable[..., SyncServiceWrapper[Weather]]

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
MISSING = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=3, max_backoff=0.01))
each_wrap = pytest.mark.parametrize("wrap", WRAPS)


def header(head: bytes, name: str) -> str | None:
    found = re.search(rf"(?im)^{name}: (.*)\r$".encode(), head)
    return found[1].decode() if found else None


def in_turn(*responses: bytes) -> Callable[[socket.socket, bytes], None]:
    """Return a ``response`` that gives each of these once, and the last for ever."""
    left = list(responses)

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return respond


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


@each_wrap
def test_the_correlation_id_is_in_header_log_line_span_and_error(
    wrap: Wrap, trace_with: Callable[[Spans], Spans], spans: Spans, log_lines: list[str]
) -> None:
    del trace_with
    with RawServer(
        in_turn(OK, b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    ) as server:
        weather = wrap(server.base_url)
        assert weather.forecast("Oslo") == {}
        with pytest.raises(httpx.HTTPStatusError) as caught:
            weather.forecast("Atlantis")
        weather.aclose()
    ids = [header(head, "X-Correlation-ID") for head in server.heads]
    assert ids[0] != ids[1]
    assert [(header(head, "traceparent") or "").split("-")[1] for head in server.heads] == ids
    assert vars(caught.value)["correlation_id"] == ids[1]
    ours = [re.sub(r"[0-9.]+ ms", "T ms", line) for line in log_lines if "pywats.http" in line]
    connection = "new connection"
    assert ours == [
        f"{ids[0]} {ids[0]} pywats.http INFO GET /forecast/{{city}}: 200 in T ms "
        f"(attempt 1, {connection})",
        f"{ids[1]} {ids[1]} pywats.http INFO GET /forecast/{{city}}: 404 in T ms "
        f"(attempt 1, {connection})",
    ]
    tree = [re.sub("error.type=[^] ]*", "error.type=…", line) for line in spans.tree()]
    assert tree == [
        "weather.forecast [INTERNAL UNSET]",
        "  GET /forecast/{city} [CLIENT UNSET http.response.status_code=200]",
        "weather.forecast [INTERNAL ERROR error.type=…]",
        "  GET /forecast/{city} [CLIENT ERROR http.response.status_code=404 error.type=…]",
        "  * exception: exception.type=httpx.HTTPStatusError",
        "weather.aclose [INTERNAL UNSET]",
    ]


@each_wrap
def test_an_id_and_a_header_name_of_ones_own(wrap: Wrap) -> None:
    with RawServer(saying(OK)) as server:
        weather = wrap(server.base_url, SyncConfig(correlation_header="X-Job"))
        with correlation_id("job-42"):
            weather.forecast("Oslo")
        weather.aclose()
    assert header(server.heads[0], "X-Job") == "job-42"
    assert header(server.heads[0], "X-Correlation-ID") is None
    assert header(server.heads[0], "traceparent") is None  # there is no tracer


@each_wrap
def test_ids_stay_with_the_hosts_that_are_named(wrap: Wrap, spans: Spans) -> None:
    with RawServer(saying(OK)) as server:
        for only, carries in (
            (["127.0.0.1"], True),
            ([f"127.0.0.1:{server.port}"], True),
            (["api.example.com"], False),
            ([], False),
        ):
            weather = wrap(server.base_url, only=only)
            weather.forecast("Oslo")
            weather.aclose()
            head = server.heads[-1]
            assert (header(head, "X-Correlation-ID") is not None) is carries
            assert (header(head, "traceparent") is not None) is carries
    assert len([span for span in spans.finished if span.kind.name == "CLIENT"]) == 4


@each_wrap
def test_a_redirect_does_not_take_the_ids_along(wrap: Wrap) -> None:
    with RawServer(saying(OK)) as other:
        there = f"http://localhost:{other.port}/"
        moved = MISSING.replace(b"404 Not Found", f"302 Found\r\nLocation: {there}".encode())
        with RawServer(saying(moved)) as server:
            weather = wrap(server.base_url, only=["127.0.0.1"])
            weather.client.follow_redirects = True
            assert weather.forecast("Oslo") == {}
            weather.aclose()
    assert header(server.heads[0], "X-Correlation-ID")
    assert header(other.heads[0], "X-Correlation-ID") is None


@each_wrap
@pytest.mark.parametrize("method", ["forecast", "order"])
def test_a_post_that_timed_out_is_sent_once_and_a_get_again(
    wrap: Wrap, method: str, skipped_time: SkippedTime
) -> None:
    def outlast_the_limit(connection: socket.socket, _: bytes) -> None:
        skipped_time.skip()
        connection.recv(1)

    config = SyncConfig(
        timeout=skip.LIMIT, retry_enabled=True, retry=RetryConfig(max_retries=1, max_backoff=0.01)
    )
    with RawServer(outlast_the_limit) as server:
        weather = wrap(server.base_url, config)
        with pytest.raises(TimeoutError) as caught:
            getattr(weather, method)("x")
        weather.aclose()
    assert isinstance(caught.value, CallTimeoutError)
    assert len(server.heads) == (1 if method == "order" else 2)
    if method == "order":
        assert caught.value.may_have_been_executed
        assert caught.value.stop_reason == "unsafe_to_repeat"


@each_wrap
def test_a_post_that_the_server_carries_out_once_is_sent_again(wrap: Wrap) -> None:
    with RawServer(in_turn(b"", b"", OK)) as server:
        weather = wrap(server.base_url, FAST)
        assert weather.order("red", extensions={"idempotent": True}) == {}
        weather.aclose()
    assert len(server.heads) == 3
    with RawServer(in_turn(b"", OK)) as server:
        weather = wrap(server.base_url, FAST)
        assert weather.order("red", headers={"Idempotency-Key": "7"}) == {}
        weather.aclose()
    assert len(server.heads) == 2


@each_wrap
def test_a_server_that_is_not_there_is_retried_and_nothing_was_sent(
    wrap: Wrap, log_lines: list[str]
) -> None:
    with RawServer(saying(OK)) as server:
        pass
    weather = wrap(server.base_url, FAST)
    with pytest.raises(httpx.ConnectError) as caught:
        weather.order("red")
    weather.aclose()
    assert isinstance(caught.value, ConnectionError)
    assert vars(caught.value)["may_have_been_executed"] is False
    assert len(vars(caught.value)["attempts"]) == 4
    assert len([line for line in log_lines if "failed with ConnectError in" in line]) == 4


@each_wrap
@pytest.mark.parametrize("body", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}"])
def test_a_connection_that_breaks_is_an_error_of_httpx_and_a_builtin(
    wrap: Wrap, body: bytes
) -> None:
    with RawServer(saying(body)) as server:
        weather = wrap(server.base_url)
        with pytest.raises(httpx.RemoteProtocolError) as caught:
            weather.order("red")
        weather.aclose()
    assert isinstance(caught.value, ConnectionError)
    assert vars(caught.value)["may_have_been_executed"] is True
    assert caught.value.request.method == "POST"


@each_wrap
def test_wall_time_is_limited_for_a_server_that_trickles_bytes(wrap: Wrap) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    with (
        RawServer(saying(response)) as server,
        FaultProxy(("127.0.0.1", server.port)) as slow,
    ):
        slow.add(Slicer(50, delay=0.02))
        weather = wrap(f"http://127.0.0.1:{slow.port}", SyncConfig(timeout=LIMIT))
        fails_in_time(lambda: weather.forecast("Oslo"), CallTimeoutError)
        weather.aclose()


@pytest.mark.parametrize("size", [1, 50])
def test_wall_time_is_limited_in_a_loop_of_ones_own(size: int) -> None:
    """Whether single bytes come in the head or in the body, and without a wrapper."""

    async def get(client: httpx.AsyncClient) -> bytes:
        return (await client.get("/")).content

    response = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    with (
        RawServer(saying(response)) as server,
        FaultProxy(("127.0.0.1", server.port)) as slow,
    ):
        slow.add(Slicer(size, delay=0.01))
        with asyncio.Runner() as loop:
            # Made before the limit begins: loading the certificates takes time too.
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{slow.port}", transport=CallTransport(timeout=LIMIT)
            )
            error = fails_in_time(lambda: loop.run(get(client)), CallTimeoutError)
            loop.run(client.aclose())
    assert error.phase == "read"


class Uploads(Weather):
    async def put(self) -> int:
        return (await self.client.put("/report", content=self._pieces())).status_code

    async def _pieces(self) -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"piece"


@pytest.mark.parametrize("direct", [True, False])
def test_a_body_is_streamed_to_the_server(direct: bool) -> None:  # noqa: FBT001 - parameters of a table
    def receive() -> bytes:
        connection, _ = listener.accept()
        data = b""
        connection.settimeout(120)
        with connection:
            while not data.endswith(b"\r\n0\r\n\r\n"):
                data += connection.recv(65536)
            connection.sendall(OK)
        return data.partition(b"\r\n\r\n")[2]

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as server:
        received = server.submit(receive)
        uploads = SyncServiceWrapper(
            Uploads(
                f"http://127.0.0.1:{listener.getsockname()[1]}",
                DirectTransport() if direct else CallTransport(),
            ),
            runner=DirectRunner() if direct else None,
        )
        assert uploads.put() == 200
        uploads.aclose()
        assert received.result(120) == b"5\r\npiece\r\n" * 3 + b"0\r\n\r\n"


@each_wrap
def test_a_body_is_streamed_to_the_client(wrap: Wrap) -> None:
    with RawServer(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef")) as server:
        weather = wrap(server.base_url)
        assert b"".join(weather.pieces()) == b"abcdef"
        weather.aclose()


@each_wrap
def test_cookies_auth_and_base_url_are_those_of_the_client(wrap: Wrap) -> None:
    first = (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\n{}"
    )
    with RawServer(in_turn(first, OK)) as server:
        weather = wrap(server.base_url + "/api")
        weather.client.auth = ("user", "secret")
        weather.forecast("Oslo")
        weather.forecast("Oslo")
        weather.aclose()
    assert server.heads[1].startswith(b"GET /api/forecast/Oslo HTTP/1.1\r\n")
    assert header(server.heads[1], "Cookie") == "a=1"
    assert header(server.heads[1], "Authorization") == "Basic dXNlcjpzZWNyZXQ="


@each_wrap
def test_after_close_a_request_is_refused_before_it_is_sent(wrap: Wrap) -> None:
    with RawServer(saying(OK)) as server:
        weather = wrap(server.base_url)
        weather.forecast("Oslo")
        weather.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            weather.forecast("Oslo")
    assert len(server.heads) == 1


@each_wrap
def test_a_forked_child_has_connections_of_its_own(wrap: Wrap) -> None:
    with RawServer(in_turn(OK)) as server:
        weather = wrap(server.base_url)
        weather.forecast("Oslo")
        assert in_child(lambda: weather.forecast("Bergen")) == "{}"
        weather.forecast("Oslo")
        weather.aclose()
    assert len(server.heads) == 3


def test_many_threads_share_a_direct_transport() -> None:
    with RawServer(saying(OK)) as server:
        weather = over_direct(server.base_url)
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(weather.forecast, "abcdefghijklmnop")) == [{}] * 16
        weather.aclose()
    assert len(server.heads) == 16
    assert threading.active_count() < 20


def test_a_direct_transport_needs_neither_loop_nor_thread() -> None:
    with RawServer(saying(OK)) as server:
        threads = threading.active_count()
        weather = over_direct(server.base_url)
        weather.forecast("Oslo")
        assert threading.active_count() - threads <= 1  # the server's own
        weather.aclose()


def test_a_call_in_a_notebook_is_not_in_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def cell(base_url: str) -> object:
        weather = over_direct(base_url)
        try:
            result: object = weather.forecast("Oslo")
        finally:
            weather.aclose()
        return result

    monkeypatch.setattr("pywats.sync.engine.engine.warn_if_in_loop", lambda *_: None)
    with RawServer(saying(OK)) as server:
        assert asyncio.run(cell(server.base_url)) == {}


def test_a_direct_transport_in_a_loop_refuses_before_it_sends() -> None:
    async def main(base_url: str) -> None:
        async with httpx.AsyncClient(base_url=base_url, transport=DirectTransport()) as client:
            await client.get("/")

    with (
        RawServer(saying(OK)) as server,
        pytest.raises(
            RuntimeError,
            match=r"SyncServiceWrapper\(service, config, runner=DirectRunner\(\)\)",
        ),
    ):
        asyncio.run(main(server.base_url))
    assert server.heads == []


def test_a_wrapper_with_a_loop_over_a_direct_transport_names_the_change() -> None:
    with RawServer(saying(OK)) as server:
        weather = SyncServiceWrapper(Weather(server.base_url, DirectTransport()))
        with pytest.raises(RuntimeError, match=r"runner=DirectRunner\(\)"):
            weather.forecast("Oslo")
    assert server.heads == []


@pytest.mark.parametrize("library", ["asyncio", "anyio"])
def test_a_service_that_sleeps_gets_the_one_change_to_make(library: str) -> None:
    import anyio  # noqa: PLC0415

    class Sleepy(Weather):
        async def nap(self) -> None:
            await self.forecast("Oslo")
            await (asyncio.sleep(1) if library == "asyncio" else anyio.sleep(1))

    with RawServer(saying(OK)) as server:
        sleepy = SyncServiceWrapper(
            Sleepy(server.base_url, DirectTransport()), runner=DirectRunner()
        )
        with pytest.raises(RuntimeError, match=r"switch them off there \(max_retries=0\)"):
            sleepy.nap()
        sleepy.aclose()
    assert len(server.heads) == 1


def test_an_upload_that_suspends_is_refused() -> None:
    async def upload() -> AsyncIterator[bytes]:
        yield b"piece"
        future: asyncio.Future[None] = asyncio.Future(loop=asyncio.new_event_loop())
        try:
            await future
        finally:
            future.get_loop().close()

    class Uploads(Weather):
        async def put(self) -> None:
            await self.client.put("/report", content=upload())

    with RawServer(keep_silent) as server:
        uploads = SyncServiceWrapper(
            Uploads(server.base_url, DirectTransport()), runner=DirectRunner()
        )
        with pytest.raises(RuntimeError, match="the body of the request suspended"):
            uploads.put()
        uploads.aclose()


def test_a_call_transport_in_two_loops() -> None:
    async def get(client: httpx.AsyncClient) -> int:
        return (await client.get("/")).status_code

    with RawServer(saying(OK)) as server:
        transport = CallTransport()
        client = httpx.AsyncClient(base_url=server.base_url, transport=transport)
        first = asyncio.new_event_loop()
        assert first.run_until_complete(get(client)) == 200
        inside = transport._transport
        assert inside is not None
        with pytest.raises(RuntimeError, match="Create one client for each event loop"):
            asyncio.run(get(client))
        assert len(server.heads) == 1
        first.run_until_complete(inside.aclose())
        first.close()
        # Its loop is gone: the transport that it made itself is made anew.
        assert asyncio.run(get(client)) == 200


def test_a_plain_httpx_client() -> None:
    with RawServer(saying(OK)) as server:
        with httpx.Client(base_url=server.base_url, transport=DirectTransport()) as client:
            assert client.get("/").json() == {}
        assert header(server.heads[0], "X-Correlation-ID")
        wrong: Any = CallTransport()
        client = httpx.Client(base_url=server.base_url, transport=wrong)
        with pytest.raises(RuntimeError, match="give the httpx.Client a DirectTransport"):
            client.get("/")
        client.close()
        client = httpx.Client(base_url=server.base_url, transport=wrong)
        with pytest.raises(RuntimeError, match="give the httpx.Client a DirectTransport"), client:
            pytest.fail("entered")
    assert len(server.heads) == 1


@pytest.mark.parametrize("content", [{"content": b"{}"}, {"stream": httpx.ByteStream(b"{}")}])
def test_over_a_mock_an_attempt_ends_with_its_call(
    content: Any, spans: Spans, log_lines: list[str]
) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, **content)

    gc.disable()
    try:
        mocked = Weather("http://mock", CallTransport(httpx.MockTransport(handler)))
        SyncServiceWrapper(mocked, name="weather").forecast("Oslo")
        with instrument_httpx(httpx.Client(transport=httpx.MockTransport(handler))) as client:
            client.get("http://mock/")
        assert [span.name for span in spans.finished] == [
            *("GET /forecast/{city}", "weather.forecast", "GET"),
        ]
        assert len([line for line in log_lines if "pywats.http INFO" in line]) == 2
    finally:
        gc.enable()


def test_mock_transport_and_asgi_go_on_working() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"city": "Oslo"})

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive
        names = dict(scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'"%s"' % names[b"x-correlation-id"]})

    weather = SyncServiceWrapper(
        Weather("http://mock", CallTransport(httpx.MockTransport(handler))), name="weather"
    )
    assert weather.forecast("Oslo") == {"city": "Oslo"}
    assert re.fullmatch("[0-9a-f]{32}", seen[0].headers["X-Correlation-ID"])
    weather = SyncServiceWrapper(
        Weather("http://app", CallTransport(httpx.ASGITransport(app))), name="weather"
    )
    assert re.fullmatch("[0-9a-f]{32}", str(weather.forecast("Oslo")))


@pytest.mark.parametrize("kind", [DirectTransport, CallTransport])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"only": "api.example.com"}, TypeError, "must be a collection of hosts"),
        ({"only": [7]}, TypeError, "must be a collection of hosts"),
        ({"only": ["https://api.example.com"]}, ValueError, "without scheme or path"),
        ({"timeout": 0}, ValueError, "timeout"),
        ({"correlation_header": "a b"}, ValueError, "correlation_header"),
        ({"limits": 5}, TypeError, "limits=5: must be an httpx.Limits, not int"),
    ],
)
def test_what_is_wrong_is_refused_at_construction(
    kind: Any, options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        kind(**options)


def test_a_call_transport_is_around_an_async_transport() -> None:
    wrong: Any = httpx.HTTPTransport()
    with pytest.raises(TypeError, match="must be an httpx.AsyncBaseTransport"):
        CallTransport(wrong)


def test_a_scheme_that_is_not_http_is_refused() -> None:
    weather = over_direct("ftp://127.0.0.1")
    with pytest.raises(httpx.UnsupportedProtocol, match="'ftp'"):
        weather.forecast("Oslo")
    weather.aclose()


def test_the_timeouts_of_the_httpx_client_count_for_single_operations() -> None:
    with RawServer(keep_silent) as server:
        weather = over_direct(server.base_url)
        weather.client.timeout = httpx.Timeout(LIMIT)
        error = fails_in_time(lambda: weather.forecast("Oslo"), httpx.ReadTimeout)
        weather.aclose()
    assert "the 0.25 s timeout of the httpx client (reading)" in str(error)


def test_a_response_that_nobody_closes_gives_its_place_back(log_lines: list[str]) -> None:
    transport = DirectTransport(limits=httpx.Limits(max_connections=1))

    async def leave() -> None:
        client = httpx.AsyncClient(transport=transport)
        await client.send(client.build_request("GET", server.base_url), stream=True)

    with RawServer(saying(OK)) as server:
        for _ in range(3):
            DirectRunner().run("leave", leave)
            gc.collect()  # httpx has a cycle of a response and its stream
    assert len(server.heads) == 3
    assert len([line for line in log_lines if "pywats.http INFO" in line]) == 3
    transport.close()


@each_wrap
def test_a_503_is_retried_and_a_404_is_not(wrap: Wrap) -> None:
    with RawServer(in_turn(BUSY, BUSY, OK)) as server:
        weather = wrap(server.base_url, FAST)
        assert weather.forecast("Oslo") == {}
        weather.aclose()
    assert len(server.heads) == 3
    with RawServer(saying(MISSING)) as server:
        weather = wrap(server.base_url, FAST)
        with pytest.raises(httpx.HTTPStatusError):
            weather.forecast("Oslo")
        weather.aclose()
    assert len(server.heads) == 1


@each_wrap
def test_a_429_with_retry_after_is_waited_for(wrap: Wrap) -> None:
    limited = BUSY.replace(b"503 Service Unavailable", b"429 Too Many Requests\r\nRetry-After: 0.3")
    with RawServer(in_turn(limited, OK)) as server:
        weather = wrap(server.base_url, FAST)
        started = time.monotonic()
        assert weather.order("red") == {}
        assert time.monotonic() - started >= 0.3
        weather.aclose()
    assert len(server.heads) == 2
