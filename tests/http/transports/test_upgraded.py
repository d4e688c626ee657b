"""The stream of a connection that has changed its protocol, as both transports hand it to programs.

httpx's own transports are in the tables too: what holds for them holds for ours.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from pywats import CallTransport, DirectTransport, SyncServiceWrapper
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer
from tests.waiting import HANGS, eventually

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable

    import trustme

    Use = Callable[[httpcore.AsyncNetworkStream], Awaitable[Any]]

TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"
SWITCHES = b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"


def headers_of(method: str) -> dict[str, str]:
    return {"Connection": "upgrade", "Upgrade": "echo"} if method == "GET" else {}


class Service:
    """Opens a tunnel and hands its stream to a function."""

    def __init__(self, transport: httpx.AsyncBaseTransport, method: str, url: str) -> None:
        self._client = httpx.AsyncClient(transport=transport, timeout=HANGS)
        self._method = method
        self._url = url

    async def run(self, use: Use) -> Any:
        headers = headers_of(self._method)
        async with (
            self._client,
            self._client.stream(self._method, self._url, headers=headers) as found,
        ):
            return await use(found.extensions["network_stream"])


def direct(service: Service, use: Use) -> Any:
    return SyncServiceWrapper(service, runner=DirectRunner()).run(use)


def in_event_loop(service: Service, use: Use) -> Any:
    return asyncio.run(service.run(use))


OURS = [
    pytest.param(DirectTransport, direct, id="DirectTransport"),
    pytest.param(CallTransport, in_event_loop, id="CallTransport"),
]
HTTPX = pytest.param(httpx.AsyncHTTPTransport, in_event_loop, id="httpx")
WRAPPED = pytest.param(
    lambda: CallTransport(httpx.AsyncHTTPTransport()), in_event_loop, id="CallTransport over httpx"
)
ours = pytest.mark.parametrize(("transport", "run"), OURS)
each = pytest.mark.parametrize(("transport", "run"), [*OURS, HTTPX])
each_method = pytest.mark.parametrize("method", ["GET", "CONNECT"])
each_blocking = pytest.mark.parametrize("transport", [DirectTransport, httpx.HTTPTransport])


class Echo(RawServer):
    """Changes the protocol, then returns what it receives in upper case.

    Args:
        context: If given, the new protocol is TLS, and the echo is inside it.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self.ended = threading.Event()
        super().__init__(self._talk)

    def _talk(self, connection: socket.socket, head: bytes) -> None:
        connection.sendall(TUNNEL if head.startswith(b"CONNECT ") else SWITCHES)
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection:
            while data := connection.recv(100):
                connection.sendall(data.upper())
        self.ended.set()


@each
@each_method
def test_a_program_closes_the_stream(
    transport: Callable[[], httpx.AsyncBaseTransport],
    run: Callable[[Service, Use], Any],
    method: str,
) -> None:
    async def close(stream: httpcore.AsyncNetworkStream) -> None:
        await stream.aclose()
        # While the response is still open.
        eventually(server.ended.is_set, "the end of the connection")
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"late")
        with pytest.raises(httpcore.ReadError):
            await stream.read(1)

    with Echo() as server:
        run(Service(transport(), method, server.base_url), close)


@ours
@each_method
def test_tls_does_not_begin_on_a_closed_stream(
    transport: Callable[[], httpx.AsyncBaseTransport],
    run: Callable[[Service, Use], Any],
    method: str,
) -> None:
    """httpx lets an error of anyio out instead."""

    async def secure(stream: httpcore.AsyncNetworkStream) -> None:
        await stream.aclose()
        with pytest.raises(httpcore.ConnectError):
            await stream.start_tls(ssl.create_default_context(), "127.0.0.1")

    with Echo() as server:
        run(Service(transport(), method, server.base_url), secure)


@each_blocking
def test_a_blocking_program_closes_the_stream(
    transport: Callable[[], httpx.BaseTransport],
) -> None:
    with (
        Echo() as server,
        httpx.Client(transport=transport(), timeout=HANGS) as client,
        client.stream("CONNECT", server.base_url) as found,
    ):
        stream: httpcore.NetworkStream = found.extensions["network_stream"]
        stream.close()
        eventually(server.ended.is_set, "the end of the connection")
        with pytest.raises(httpcore.WriteError):
            stream.write(b"late")
        with pytest.raises(httpcore.ReadError):
            stream.read(1)
        with pytest.raises(httpcore.ConnectError):
            stream.start_tls(ssl.create_default_context(), "127.0.0.1")


@each
@each_method
def test_the_stream_tells_its_facts(
    transport: Callable[[], httpx.AsyncBaseTransport],
    run: Callable[[Service, Use], Any],
    method: str,
) -> None:
    async def facts(stream: httpcore.AsyncNetworkStream) -> None:
        sock = stream.get_extra_info("socket")
        assert stream.get_extra_info("client_addr") == sock.getsockname()
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        assert stream.get_extra_info("ssl_object") is None
        assert stream.get_extra_info("no such fact") is None

    with Echo() as server:
        run(Service(transport(), method, server.base_url), facts)


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.create_default_context()
    authority.configure_trust(made)
    return made


@pytest.mark.parametrize(("transport", "run"), [*OURS, WRAPPED, HTTPX])
@each_method
def test_a_program_begins_tls(
    transport: Callable[[], httpx.AsyncBaseTransport],
    run: Callable[[Service, Use], Any],
    method: str,
    context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    """After an Upgrade header, as RFC 2817 has it, or inside a tunnel."""

    async def secure(stream: httpcore.AsyncNetworkStream) -> None:
        assert stream.get_extra_info("ssl_object") is None
        inside = await stream.start_tls(trusting, "127.0.0.1", timeout=HANGS)
        assert inside.get_extra_info("ssl_object").version().startswith("TLSv1.")
        assert inside.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        await inside.write(b"abc", timeout=HANGS)
        assert await inside.read(100, timeout=HANGS) == b"ABC"
        await inside.aclose()
        assert server.ended.wait(HANGS)

    with Echo(context) as server:
        run(Service(transport(), method, server.base_url), secure)


@each_blocking
@each_method
def test_a_blocking_program_begins_tls(
    transport: Callable[[], httpx.BaseTransport],
    method: str,
    context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    with (
        Echo(context) as server,
        httpx.Client(transport=transport(), timeout=HANGS) as client,
        client.stream(method, server.base_url, headers=headers_of(method)) as found,
    ):
        stream: httpcore.NetworkStream = found.extensions["network_stream"]
        inside = stream.start_tls(trusting, "127.0.0.1", timeout=HANGS)
        inside.write(b"abc", timeout=HANGS)
        assert inside.read(100, timeout=HANGS) == b"ABC"
        inside.close()
        assert server.ended.wait(HANGS)


@each
def test_tls_inside_the_new_protocol_verifies_the_name(
    transport: Callable[[], httpx.AsyncBaseTransport],
    run: Callable[[Service, Use], Any],
    context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    async def secure(stream: httpcore.AsyncNetworkStream) -> None:
        with pytest.raises(httpcore.ConnectError, match="certificate verify failed"):
            await stream.start_tls(trusting, "other.example", timeout=HANGS)

    with Echo(context) as server:
        run(Service(transport(), "CONNECT", server.base_url), secure)
