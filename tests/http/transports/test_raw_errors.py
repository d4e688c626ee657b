"""Errors of TLS and of the operating system come out as errors of the transports."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import CallTransport, DirectTransport, instrument_httpx
from pywats.errors import CallConnectionError
from tests.http.tcp_server import TcpServer
from tests.http.transports.test_like_httpx import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    import trustme

    Send = Callable[[str, ssl.SSLContext], object]
    Behaviour = Callable[["Peer"], object]

BROKEN_RECORD = b"\x17\x03\x03\x00\x20" + b"x" * 32
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc"


class Peer:
    """The server's side of a TLS connection, which can also send what is not TLS."""

    def __init__(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        self.socket = connection
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._received, self._to_send, server_side=True)

    def receive(self) -> None:
        """Wait for data of the client, the handshake included."""
        while True:
            try:
                self._session.read(65536)
            except ssl.SSLWantReadError:
                self._flush()
                data = self.socket.recv(65536)
                if not data:
                    raise ConnectionError from None
                self._received.write(data)
            except ssl.SSLError:
                self._flush()
                raise
            else:
                return

    def send(self, data: bytes) -> None:
        self._session.write(data)
        self._flush()

    def _flush(self) -> None:
        if data := self._to_send.read():
            self.socket.sendall(data)


def serving(context: ssl.SSLContext, behave: Behaviour) -> TcpServer:
    def serve(connection: socket.socket) -> None:
        peer = Peer(connection, context)
        try:
            peer.receive()
            behave(peer)
        except ssl.SSLError:
            # The alert is on its way. Closing now would reset the connection, as there may be data
            # that was not read, and the client would not see the alert.
            pass
        while connection.recv(65536):
            pass

    return TcpServer(serve)


def over(make: Callable[[ssl.SSLContext], httpx.AsyncBaseTransport]) -> Send:
    return lambda url, context: run(make(context), lambda client: client.post(url), timeout=30)


def instrumented(url: str, context: ssl.SSLContext) -> None:
    async def main() -> None:
        async with instrument_httpx(httpx.AsyncClient(verify=context, timeout=30)) as client:
            await client.post(url)

    asyncio.run(main())


def blocking(url: str, context: ssl.SSLContext) -> None:
    with instrument_httpx(httpx.Client(verify=context, timeout=30)) as client:
        client.post(url)


WAYS: dict[str, Send] = {
    "direct": over(lambda context: DirectTransport(verify_ssl=context)),
    "call": over(lambda context: CallTransport(verify_ssl=context)),
    "over httpx": over(lambda context: CallTransport(httpx.AsyncHTTPTransport(verify=context))),
    "instrumented": instrumented,
    "blocking": blocking,
}
each_way = pytest.mark.parametrize("way", WAYS)
each_version = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@pytest.fixture
def trusted(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.create_default_context()
    authority.configure_trust(made)
    return made


def failure(way: str, server: TcpServer, trusted: ssl.SSLContext) -> CallConnectionError:
    with pytest.raises(httpx.TransportError) as caught:
        WAYS[way](f"https://127.0.0.1:{server.port}/orders", trusted)
    error = caught.value
    assert isinstance(error, CallConnectionError)
    assert f"POST https://127.0.0.1:{server.port}/orders: " in str(error)
    return error


@each_way
@each_version
def test_a_client_certificate_is_missing(
    way: str,
    version: ssl.TLSVersion,
    context: ssl.SSLContext,
    authority: trustme.CA,
    trusted: ssl.SSLContext,
) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = version
    authority.configure_trust(context)
    with serving(context, Peer.receive) as server:
        error = failure(way, server, trusted)
    assert isinstance(error, httpx.ConnectError)
    assert "load_cert_chain" in str(error)
    assert not error.transient
    assert not error.may_have_been_executed


@each_way
@each_version
@pytest.mark.parametrize("before", [b"", HALF], ids=["head", "body"])
@pytest.mark.parametrize("broken", [BROKEN_RECORD, b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_record_that_is_not_tls(
    way: str,
    version: ssl.TLSVersion,
    before: bytes,
    broken: bytes,
    context: ssl.SSLContext,
    trusted: ssl.SSLContext,
) -> None:
    """The request has been sent by then: this is not a failure to connect."""
    context.maximum_version = version

    def behave(peer: Peer) -> None:
        if before:
            peer.send(before)
        peer.socket.sendall(broken)

    with serving(context, behave) as server:
        error = failure(way, server, trusted)
    assert isinstance(error, httpx.ReadError)
    assert "the connection broke ([SSL" in str(error)
    assert error.transient
    assert error.may_have_been_executed


@each_way
@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".invalid"])
def test_a_host_that_has_no_encoding(way: str, host: str, trusted: ssl.SSLContext) -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        WAYS[way](f"http://{host}/", trusted)
    assert isinstance(caught.value, CallConnectionError)
    assert not caught.value.may_have_been_executed


@pytest.mark.parametrize("host", ["xn--a", "xn--", "xn--99999"])
def test_a_host_that_cannot_be_decoded(host: str) -> None:
    # A client of httpx refuses it itself; others may call the transport.
    request = httpx.Request("GET", f"http://{host}/", headers={"Host": host})
    with DirectTransport() as transport, pytest.raises(httpx.ConnectError, match=host) as caught:
        transport.handle_request(request)
    assert isinstance(caught.value, CallConnectionError)
    assert not caught.value.may_have_been_executed


@each_way
@pytest.mark.parametrize("kind", [OSError, PermissionError, ssl.SSLError, UnicodeError])
def test_what_the_body_of_a_request_raises_is_left_as_it_is(
    way: str, kind: type[Exception], context: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    error = kind("of the file")

    async def pieces() -> AsyncIterator[bytes]:
        yield b"piece"
        raise error

    def blocking_pieces() -> Iterator[bytes]:
        yield b"piece"
        raise error

    def fail(url: str) -> None:
        if way == "blocking":
            with instrument_httpx(httpx.Client(verify=trusted)) as client:
                client.post(url, content=blocking_pieces())
            return
        made: dict[str, Callable[[], Any]] = {
            "direct": lambda: DirectTransport(verify_ssl=trusted),
            "call": lambda: CallTransport(verify_ssl=trusted),
        }
        wrapped = CallTransport(httpx.AsyncHTTPTransport(verify=trusted))
        transport = made.get(way, lambda: wrapped)()
        run(transport, lambda client: client.post(url, content=pieces()))

    with serving(context, Peer.receive) as server, pytest.raises(kind) as caught:
        fail(f"https://127.0.0.1:{server.port}")
    assert caught.value is error


# httpcore leaves the socket open: it has no handler for this error.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("way", ["over httpx", "instrumented", "blocking"])
@pytest.mark.parametrize(
    "replies",
    [
        [b""],
        [b"\x05"],
        [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
        [b"\x04\x00"],
        [b"\x05\x00", b""],
        [b"\x05\x00", b"\x05\x00"],
        [b"\x05\x00", b"\x04\x00\x00\x01\0\0\0\0\0\0"],
        [b"\x05\x00", b"\x05\x77\x00\x01\0\0\0\0\0\0"],
    ],
)
def test_a_socks_proxy_that_does_not_keep_to_its_protocol(way: str, replies: list[bytes]) -> None:
    def serve(connection: socket.socket) -> None:
        for reply in replies:
            connection.recv(65536)
            connection.sendall(reply)
        # Without reading to the end, closing would reset the connection.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    def send(proxy: str) -> None:
        url = "http://wats.invalid/orders"
        if way == "blocking":
            with instrument_httpx(httpx.Client(proxy=proxy)) as client:
                client.post(url)
            return
        transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(proxy=proxy)
        if way == "over httpx":
            transport = CallTransport(transport)

        async def post() -> None:
            async with instrument_httpx(httpx.AsyncClient(transport=transport)) as client:
                await client.post(url)

        asyncio.run(post())

    with TcpServer(serve) as server:
        with pytest.raises(httpx.ProxyError) as caught:
            send(f"socks5://127.0.0.1:{server.port}")
        gc.collect()
    assert isinstance(caught.value, CallConnectionError)
    assert "no connection (" in str(caught.value)
    assert not caught.value.may_have_been_executed


@pytest.mark.parametrize("kind", [OSError, ssl.SSLError, UnicodeError])
def test_what_a_transport_of_the_program_raises_is_left_as_it_is(kind: type[Exception]) -> None:
    error = kind("of the program")

    class Own(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            del request
            raise error

    with pytest.raises(kind) as caught:
        run(CallTransport(Own()), lambda client: client.get("http://127.0.0.1"))
    assert caught.value is error
