"""Where the time of an attempt goes, as attributes of its CLIENT span."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NoReturn

import httpx
import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from pywats import AsyncWATS, CallTransport, DirectTransport, pyWATS
from pywats.errors import WATSConnectionError, WATSTimeoutError
from pywats.http.network.phases import Phases
from pywats.observability.semconv import PHASES
from tests.http.faces import FACES
from tests.http.network.proxies.test_environment import relay
from tests.http.network.proxies.test_socks import SocksServer
from tests.http.raw_server import RawServer, saying
from tests.http.tcp_server import TcpServer
from tests.skipped_time import LIMIT, SkippedTime
from tests.tracing import Spans
from tests.waiting import eventually

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from opentelemetry.sdk.trace import ReadableSpan

    from pywats.http import ConnectionSettings, Response
    from pywats.http.network.phases import Phase
    from pywats.sandbox import Sandbox

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PREFIX = "pywats.phase."
each_face = pytest.mark.parametrize("face", FACES)


def phases(span: ReadableSpan) -> dict[str, float]:
    """Return the seconds of the phases of an attempt, which fit into its span."""
    found: dict[str, float] = {}
    for name, value in (span.attributes or {}).items():
        if name.startswith(PREFIX):
            assert isinstance(value, float)
            assert value >= 0
            found[name.removeprefix(PREFIX)] = value
    assert span.start_time is not None
    assert span.end_time is not None
    # Two clocks, and six decimals each.
    assert sum(found.values()) <= (span.end_time - span.start_time) / 1e9 + 0.01
    return found


def names(span: ReadableSpan) -> list[str]:
    return sorted(phases(span), key=list(PHASES).index)


def reused(span: ReadableSpan) -> object:
    return (span.attributes or {}).get("pywats.connection.reused")


def peer(span: ReadableSpan) -> tuple[object, object]:
    found = span.attributes or {}
    return found.get("network.peer.address"), found.get("network.peer.port")


@each_face
@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", ["pool", "connect", "send", "wait", "receive"]),
        ("localhost", ["pool", "dns", "connect", "send", "wait", "receive"]),
    ],
)
def test_a_new_connection(face: Face, host: str, expected: list[str], spans: Spans) -> None:
    with RawServer(saying(OK)) as server:
        face(f"http://{host}:{server.port}")
    (span,) = spans.finished
    assert names(span) == expected
    assert reused(span) is False
    assert peer(span) == ("127.0.0.1", server.port)


@each_face
def test_with_tls(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings, spans: Spans
) -> None:
    with RawServer(saying(OK), tls=context) as server:
        face(server.base_url, settings=trusting)
    assert names(spans.finished[0]) == ["pool", "connect", "tls", "send", "wait", "receive"]


@each_face
@pytest.mark.parametrize("to_proxy", ["http", "https"])
def test_through_a_proxy(
    face: Face,
    to_proxy: str,
    context: ssl.SSLContext,
    trusting: ConnectionSettings,
    spans: Spans,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tunnel(client: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            time.sleep(0.1)
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, onward)

    inside = context if to_proxy == "https" else None
    with RawServer(saying(OK), tls=context) as server, RawServer(tunnel, tls=inside) as proxy:
        monkeypatch.setenv("https_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "")
        face(server.base_url, settings=trusting)
    (span,) = spans.finished
    assert names(span) == ["pool", "connect", "proxy", "tls", "send", "wait", "receive"]
    assert phases(span)["proxy"] >= 0.1
    assert peer(span) == ("127.0.0.1", proxy.port)


@each_face
def test_through_a_socks_proxy(face: Face, spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(OK)) as server, TcpServer(SocksServer(server.port)) as proxy:
        monkeypatch.setenv("http_proxy", f"socks5://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        face(server.base_url)
    assert names(spans.finished[0]) == ["pool", "connect", "proxy", "send", "wait", "receive"]


@each_face
def test_the_time_of_the_server_is_in_the_phase_that_it_belongs_to(
    face: Face, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: dict[str | None, threading.Event] = defaultdict(threading.Event)
    begin = Phases.begin

    def noted(self: Phases, phase: Phase | None) -> None:
        begin(self, phase)
        begun[phase].set()

    def slowly(connection: socket.socket, _: bytes) -> None:
        for phase, data in (("wait", OK[:-2]), ("receive", OK[-2:])):
            assert begun[phase].wait(120)
            time.sleep(0.1)
            connection.sendall(data)

    monkeypatch.setattr(Phases, "begin", noted)
    with RawServer(slowly) as server:
        face(server.base_url)
    spent = phases(spans.finished[0])
    assert spent["wait"] >= 0.1
    assert spent["receive"] >= 0.1


@each_face
def test_an_attempt_that_fails_has_the_phases_it_came_to(
    face: Face,
    context: ssl.SSLContext,
    spans: Spans,
    skipped_time: SkippedTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def outlast_the_limit(connection: socket.socket, _: bytes) -> None:
        eventually(lambda: waiting)
        skipped_time.skip()
        connection.recv(1)

    def noted(self: Phases, phase: Phase | None) -> None:
        begin(self, phase)
        if phase == "wait":
            waiting.append(phase)

    waiting: list[str] = []
    begin = Phases.begin
    monkeypatch.setattr(Phases, "begin", noted)
    with RawServer(saying(OK), tls=context) as server, pytest.raises(WATSConnectionError):
        face(server.base_url)  # nobody vouches for the server
    with RawServer(outlast_the_limit) as server:
        with pytest.raises(WATSTimeoutError):
            face(server.base_url, timeout=LIMIT)
        silent = server.port
    with pytest.raises(WATSConnectionError):
        face(f"http://127.0.0.1:{silent}")  # nobody listens any more
    untrusted, hanging, refused = spans.finished
    assert names(untrusted) == ["pool", "connect", "tls"]
    assert names(hanging) == ["pool", "connect", "send", "wait"]
    assert peer(hanging) == ("127.0.0.1", silent)
    assert names(refused) == ["pool", "connect"]
    assert peer(refused) == (None, None)


REUSED = ["pool", "send", "wait", "receive"]


def test_a_connection_that_is_used_again(sandbox: Sandbox, spans: Spans) -> None:
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        api.product.get_products()
        api.product.get_products()

    async def work() -> None:
        async with AsyncWATS(sandbox.base_url, sandbox.token) as client:
            await client.product.get_products()
            await client.product.get_products()

    asyncio.run(work())
    attempts = [span for span in spans.finished if span.kind.name == "CLIENT"]
    assert [reused(span) for span in attempts] == [False, True] * 2
    assert [names(span) for span in attempts[1::2]] == [REUSED] * 2
    assert len({peer(span) for span in attempts}) == 1


def test_both_transports_know_them(sandbox: Sandbox, spans: Spans) -> None:
    url = f"{sandbox.base_url}/api/Product/Query"
    headers = {"Authorization": f"Basic {sandbox.token}"}
    with httpx.Client(transport=DirectTransport()) as client:
        client.get(url, headers=headers)
        client.get(url, headers=headers)

    async def work() -> None:
        async with httpx.AsyncClient(transport=CallTransport()) as asynchronous:
            await asynchronous.get(url, headers=headers)
            await asynchronous.get(url, headers=headers)

    asyncio.run(work())
    assert [reused(span) for span in spans.finished] == [False, True] * 2
    assert [names(span) for span in spans.finished] == [
        ["pool", "connect", *REUSED[1:]],
        REUSED,
    ] * 2
    assert len({peer(span) for span in spans.finished}) == 1


def test_a_tunnel_of_httpx_is_told_from_the_request(
    context: ssl.SSLContext, trusting: ConnectionSettings, spans: Spans
) -> None:
    def tunnel(client: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            time.sleep(0.1)
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, onward)

    async def work(url: str, proxy: str) -> None:
        verify = trusting.verify_ssl
        assert not isinstance(verify, bool)
        inner = httpx.AsyncHTTPTransport(verify=verify, proxy=proxy)
        async with httpx.AsyncClient(transport=CallTransport(inner)) as client:
            await client.get(url)

    with RawServer(saying(OK), tls=context) as server, RawServer(tunnel) as proxy:
        asyncio.run(work(server.base_url, proxy.base_url))
    (span,) = spans.finished
    assert names(span) == ["pool", "connect", "proxy", "tls", "send", "wait", "receive"]
    assert phases(span)["proxy"] >= 0.1


def test_a_transport_without_a_network_has_none_and_its_span_ends_at_once(spans: Spans) -> None:
    async def work() -> None:
        inner = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
        async with httpx.AsyncClient(transport=CallTransport(inner)) as client:
            await client.get("http://wats.example/")

    asyncio.run(work())
    (span,) = spans.finished
    assert names(span) == []
    assert reused(span) is None


@each_face
@pytest.mark.parametrize("traced", [False, True])
def test_nothing_is_measured_if_no_span_records(
    face: Face,
    traced: bool,  # noqa: FBT001 - of the parameters
    monkeypatch: pytest.MonkeyPatch,
    trace_with: Callable[[Spans], Spans],
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("measured for nobody")

    if traced:
        trace_with(Spans(ALWAYS_OFF))
    monkeypatch.setattr(Phases, "__init__", refuse)
    monkeypatch.setattr("pywats.http.attempt.peer_of", refuse)
    with RawServer(saying(OK)) as server:
        assert face(server.base_url).content == b"{}"


def test_a_phase_that_comes_again_is_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 3.0, 6.0, 10.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(now))
    measured = Phases()
    for phase in ("connect", "send", "send", "connect", "wait"):
        measured.begin(phase)
    assert measured.end() == {"connect": 1.0 + 3.0, "send": 2.0, "wait": 4.0}
    assert measured.end() == {"connect": 1.0 + 3.0, "send": 2.0, "wait": 4.0}
