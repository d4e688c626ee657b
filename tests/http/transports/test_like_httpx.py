"""What both transports do as the transports of httpx do it: hosts, targets, timeouts, upgrades."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING, Any, TypeVar

import httpcore
import httpx
import pytest

from pywats import CallTransport, DirectTransport, SyncServiceWrapper
from pywats.errors import CallConnectionError, CallError, CallTimeoutError
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    import trustme

    from tests.tracing import Spans

    Make = Callable[..., httpx.AsyncBaseTransport]
    Use = Callable[[httpx.AsyncClient], Awaitable["T"]]

T = TypeVar("T")

OK = response(b"{}", b"Connection: close")
SWITCHES = b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
UPGRADE = {"Connection": "upgrade", "Upgrade": "echo"}


class Service:
    """A service whose one method is the test."""

    def __init__(self, client: httpx.AsyncClient, use: Use[Any]) -> None:
        self._client = client
        self._use = use

    async def run(self) -> Any:
        async with self._client:
            return await self._use(self._client)


def run(transport: httpx.AsyncBaseTransport, use: Use[T], **options: Any) -> T:
    """Return what ``use`` returns: without an event loop over a DirectTransport, else in one."""
    service = Service(httpx.AsyncClient(transport=transport, **options), use)
    result: T
    if isinstance(transport, DirectTransport):
        result = SyncServiceWrapper(service, runner=DirectRunner()).run()
    else:
        result = asyncio.run(service.run())
    return result


def over_httpx(**options: Any) -> httpx.AsyncBaseTransport:
    return CallTransport(httpx.AsyncHTTPTransport(), **options)


each = pytest.mark.parametrize("make", [DirectTransport, CallTransport])
all_three = pytest.mark.parametrize("make", [DirectTransport, CallTransport, over_httpx])


@each
@pytest.mark.parametrize("host", ["[::1]", "[::1%25lo]"])
def test_an_ipv6_address_may_be_the_host(make: Make, host: str) -> None:
    # Whether or not this machine has IPv6, nothing listens there.
    with pytest.raises(httpx.ConnectError, match="no connection"):
        run(make(), lambda client: client.get(f"http://{host}:1/"))


@each
def test_an_ipv6_address_may_be_the_host_behind_a_proxy(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(saying(OK)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        run(make(), lambda client: client.get("http://[2001:db8::1]:8080/parts"))
    assert proxy.heads[0].startswith(b"GET http://[2001:db8::1]:8080/parts HTTP/1.1\r\n")


@each
@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".invalid", "a b"])
def test_a_host_that_cannot_exist_is_a_connect_error(make: Make, host: str) -> None:
    with pytest.raises(httpx.ConnectError, match="must have a name or an IP address") as caught:
        run(make(), lambda client: client.get(f"http://{host}/"))
    assert isinstance(caught.value, CallConnectionError)
    assert not caught.value.transient
    assert not caught.value.may_have_been_executed


@each
@pytest.mark.parametrize("target", [b"*", "*"])
def test_the_extension_target_is_sent_in_place_of_the_path(make: Make, target: object) -> None:
    with RawServer(saying(OK)) as server:
        options = {"target": target}
        run(make(), lambda client: client.request("OPTIONS", server.base_url, extensions=options))
    assert server.heads[0].startswith(b"OPTIONS * HTTP/1.1\r\n")


@each
def test_the_extension_template_may_be_none(make: Make, spans: Spans) -> None:
    with RawServer(saying(OK)) as server:
        options = {"template": None}
        run(make(), lambda client: client.get(server.base_url, extensions=options))
    assert "GET" in [span.name for span in spans.finished]


@each
@pytest.mark.parametrize("name", ["parts.example", "other.example"])
def test_the_extension_sni_hostname_is_the_name_that_is_verified(
    make: Make, name: str, authority: trustme.CA
) -> None:
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("parts.example").configure_cert(context)
    context.sni_callback = lambda _, host, __: asked.append(host)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    async def get(client: httpx.AsyncClient) -> int:
        found = await client.get(server.base_url, extensions={"sni_hostname": name})
        return found.status_code

    with RawServer(saying(OK), tls=context) as server:
        if name == "parts.example":
            assert run(make(verify_ssl=trusting), get) == 200
        else:
            with pytest.raises(httpx.ConnectError, match="use a host name that the certificate"):
                run(make(verify_ssl=trusting), get)
    assert asked == [name]


@all_three
@pytest.mark.parametrize("timeout", [0, httpx.Timeout(None, connect=0)])
def test_a_timeout_of_zero_has_run_out(make: Make, timeout: Any) -> None:
    with (
        RawServer(saying(OK)) as server,
        pytest.raises(httpx.ConnectTimeout) as caught,
    ):
        run(make(), lambda client: client.get(server.base_url), timeout=timeout)
    assert isinstance(caught.value, CallTimeoutError)
    assert server.heads == []


@all_three
def test_a_timeout_of_zero_is_not_replaced_by_the_limit_of_the_call(make: Make) -> None:
    with RawServer(saying(OK)) as server, pytest.raises(httpx.ConnectTimeout):
        run(make(timeout=60), lambda client: client.get(server.base_url), timeout=0)


@all_three
@pytest.mark.parametrize("length", ["2", "9"])
def test_a_body_that_does_not_fit_its_length_is_an_error_of_httpx(make: Make, length: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"abc"

    async def post(client: httpx.AsyncClient) -> None:
        headers = {"Content-Length": length}
        await client.post(server.base_url, content=pieces(), headers=headers)

    with (
        RawServer(saying(OK)) as server,
        pytest.raises(httpx.LocalProtocolError, match="data for declared Content-Length") as caught,
    ):
        run(make(), post)
    assert isinstance(caught.value, CallError)


def in_pieces(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
    connection.recv(1)
    connection.sendall(b"1\r\nb\r\n0\r\n\r\n")
    connection.recv(1)


@all_three
def test_the_rest_of_a_body_may_be_read_in_a_second_loop(make: Make) -> None:
    # As the SDK of OpenAI does, to use the connection again.
    async def read(client: httpx.AsyncClient) -> list[bytes]:
        async with client.stream("GET", server.base_url) as found:
            assert isinstance(found.stream, httpx.AsyncByteStream)
            first = found.aiter_raw()
            heard = [await anext(first)]
            sock: socket.socket = found.extensions["network_stream"].get_extra_info("socket")
            # A duplicate, because the socket does not block.
            with socket.fromfd(sock.fileno(), sock.family, sock.type) as own:
                own.send(b"x")
            heard += [piece async for piece in found.stream]
        return heard

    with RawServer(in_pieces) as server:
        assert run(make(), read) == [b"a", b"b"]


async def test_a_body_is_not_read_after_its_end_from_a_connection_of_another_request() -> None:
    with RawServer(saying(OK)) as server:
        async with httpx.AsyncClient(transport=CallTransport()) as client:
            found = await client.get(server.base_url)
            assert isinstance(found.stream, httpx.AsyncByteStream)
            with pytest.raises(httpx.StreamClosed):
                [piece async for piece in found.stream]


def echo(connection: socket.socket, _: bytes) -> None:
    """Change the protocol, and send its first bytes together with the response."""
    connection.sendall(SWITCHES + b"early")
    while data := connection.recv(100):
        connection.sendall(data.upper())


def open_tunnel(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nearly")
    while data := connection.recv(100):
        connection.sendall(data.upper())


@all_three
@pytest.mark.parametrize("method", ["GET", "CONNECT"])
def test_after_a_change_of_protocol_the_stream_is_for_the_program(make: Make, method: str) -> None:
    async def talk(client: httpx.AsyncClient) -> list[bytes]:
        url = server.base_url
        headers = UPGRADE if method == "GET" else {}
        async with client.stream(method, url, headers=headers) as found:
            network: httpcore.AsyncNetworkStream = found.extensions["network_stream"]
            heard = [await network.read(3), await network.read(100)]
            await network.write(b"abc", timeout=60)
            heard.append(await network.read(100, timeout=60))
            with pytest.raises(httpcore.ReadTimeout):
                await network.read(100, timeout=0.01)
            # Neither the timeout of the client nor the timeout that ran out ends the stream.
            await network.write(b"def")
            heard.append(await network.read(100))
            return heard

    with RawServer(echo if method == "GET" else open_tunnel) as server:
        heard = run(make(), talk, timeout=httpx.Timeout(60, read=50))
    assert heard == [b"ear", b"ly", b"ABC", b"DEF"]


@pytest.mark.parametrize("transport", [DirectTransport, httpx.HTTPTransport])
def test_a_blocking_client_changes_the_protocol_too(
    transport: Callable[[], httpx.BaseTransport],
) -> None:
    with (
        RawServer(echo) as server,
        httpx.Client(transport=transport()) as client,
        client.stream("GET", server.base_url, headers=UPGRADE) as found,
    ):
        network: httpcore.NetworkStream = found.extensions["network_stream"]
        assert network.read(100) == b"early"
        network.write(b"abc")
        assert network.read(100, timeout=60) == b"ABC"
        with pytest.raises(httpcore.ReadTimeout):
            network.read(100, timeout=0.01)


@pytest.mark.parametrize("transport", [DirectTransport, httpx.HTTPTransport])
def test_the_stream_of_a_response_tells_its_addresses(
    transport: Callable[[], httpx.BaseTransport],
) -> None:
    def begin(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
        connection.recv(1)

    with (
        RawServer(begin) as server,
        httpx.Client(transport=transport()) as client,
        client.stream("GET", server.base_url) as found,
    ):
        network: httpcore.NetworkStream = found.extensions["network_stream"]
        sock = network.get_extra_info("socket")
        assert isinstance(sock, socket.socket)
        assert network.get_extra_info("client_addr") == sock.getsockname()
        assert network.get_extra_info("server_addr") == ("127.0.0.1", server.port)


@each
def test_a_server_that_speaks_tls_is_told_in_words(make: Make) -> None:
    with (
        RawServer(saying(b"\x15\x03\x01\x00\x02\x02\x46")) as server,
        pytest.raises(httpx.ConnectError, match=r"no connection \(the server speaks TLS\); the"),
    ):
        run(make(), lambda client: client.get(server.base_url))


@each
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_advice_on_client_certificates_names_settings_that_a_transport_has(
    make: Make, version: ssl.TLSVersion, context: ssl.SSLContext, authority: trustme.CA
) -> None:
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with (
        RawServer(saying(OK), tls=context) as server,
        pytest.raises(httpx.ConnectError, match=r"load_cert_chain") as caught,
    ):
        run(make(verify_ssl=trusting), lambda client: client.get(server.base_url))
    assert "PYWATS_CERT" not in str(caught.value)
