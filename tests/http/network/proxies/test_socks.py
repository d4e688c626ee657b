"""SOCKS5 proxies: both faces, what the proxy is asked, and what happens when it refuses."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from pywats.errors import WATSConnectionError
from pywats.http import ConnectionSettings, Endpoint, Response, parse_base_url
from pywats.http.network.proxies.environment import environment_proxy
from tests.faults.timing import LIMIT, times_out
from tests.http.faces import FACES, POST
from tests.http.network.proxies.test_environment import relay
from tests.http.raw_server import RawServer, saying
from tests.http.tcp_server import TcpServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
GRANTED = b"\x05\x00\x00\x01" + bytes(6)
each_face = pytest.mark.parametrize("face", FACES)


def exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("the client closed the connection")
        data += piece
    return data


class SocksServer:
    """A SOCKS5 proxy that leads to one server, whatever it is asked for.

    Args:
        port: Of the server.
        reply: What it says to a request.
        password: Which one it wants; None for none.
        at_once: Whether a message is sent at once, and not a byte at a time.

    Attributes:
        asked: Address type, address and port of each request.
        logins: User names and passwords.
    """

    def __init__(
        self,
        port: int,
        *,
        reply: bytes = GRANTED,
        password: bytes | None = None,
        at_once: bool = False,
    ) -> None:
        self._port = port
        self._at_once = at_once
        self._reply = reply
        self._password = password
        self.asked: list[tuple[int, bytes, int]] = []
        self.logins: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        version, count = exactly(connection, 2)
        methods = exactly(connection, count)
        assert version == 5
        wanted = 0 if self._password is None else 2
        # A byte at a time, as a slow network cuts it.
        self._say(connection, bytes([5, wanted if wanted in methods else 255]))
        if wanted not in methods:
            return
        if wanted == 2:
            user = exactly(connection, exactly(connection, 2)[1])
            password = exactly(connection, exactly(connection, 1)[0])
            self.logins.append(user + b":" + password)
            self._say(connection, b"\x01" + bytes([password != self._password]))
            if password != self._password:
                return
        _, _, _, kind = exactly(connection, 4)
        length = {1: 4, 4: 16}.get(kind) or exactly(connection, 1)[0]
        address = exactly(connection, length)
        self.asked.append((kind, address, int.from_bytes(exactly(connection, 2))))
        self._say(connection, self._reply)
        if self._reply[1:2] == b"\0":
            with socket.create_connection(("127.0.0.1", self._port)) as onward:
                relay(connection, onward)

    def _say(self, connection: socket.socket, data: bytes) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in [data] if self._at_once else [bytes([byte]) for byte in data]:
            connection.sendall(piece)


@each_face
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize(
    ("host", "kind", "address"),
    [
        ("wats.invalid", 3, b"wats.invalid"),
        ("BÜCHER.invalid", 3, b"xn--bcher-kva.invalid"),
        ("10.1.2.3", 1, bytes([10, 1, 2, 3])),
        ("[2001:db8::7]", 4, bytes.fromhex("20010db8000000000000000000000007")),
        ("[fe80::1%25eth0]", 4, bytes.fromhex("fe800000000000000000000000000001")),
    ],
)
def test_the_proxy_is_asked_for_the_server(
    face: Face,
    variable: str,
    scheme: str,
    host: str,
    kind: int,
    address: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK)) as server:
        socks = SocksServer(server.port)
        with TcpServer(socks) as proxy:
            monkeypatch.setenv(variable, f"{scheme}://127.0.0.1:{proxy.port}")
            assert face(parse_base_url(f"http://{host}:8080")).content == b"{}"
    assert socks.asked == [(kind, address, 8080)]
    assert server.heads[0].startswith(b"GET /api/Product/A HTTP/1.1\r\n")


@each_face
@pytest.mark.parametrize(
    "reply", [GRANTED, b"\x05\x00\x00\x03\x04wats\x00\x50", b"\x05\x00\x00\x04" + bytes(18)]
)
def test_tls_to_the_server_goes_through_with_any_form_of_reply(
    face: Face,
    reply: bytes,
    context: ssl.SSLContext,
    trusting: ConnectionSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK), tls=context) as server:
        socks = SocksServer(server.port, reply=reply, password=b"hunter2")
        with TcpServer(socks) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"socks5://me:hunter2@127.0.0.1:{proxy.port}")
            assert face("https://127.0.0.1:444", settings=trusting).content == b"{}"
    assert socks.logins == [b"me:hunter2"]
    assert socks.asked == [(1, bytes([127, 0, 0, 1]), 444)]


def refuse_login(port: int) -> SocksServer:
    return SocksServer(port, password=b"another")


def want_login(port: int) -> SocksServer:
    return SocksServer(port, password=b"another")


def say(*data: bytes) -> Callable[[int], Callable[[socket.socket], None]]:
    """Return a server that says something after each byte string that it has been sent."""

    def make(_: int) -> Callable[[socket.socket], None]:
        def serve(connection: socket.socket) -> None:
            for each in data:
                connection.recv(1000)
                connection.sendall(each)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)

        return serve

    return make


def not_allowed(port: int) -> SocksServer:
    return SocksServer(port, reply=b"\x05\x02\x00\x01" + bytes(6))


@each_face
@pytest.mark.parametrize(
    ("make", "auth", "message"),
    [
        (want_login, "", "the SOCKS proxy wants a user name and password|not a SOCKS5 proxy"),
        (refuse_login, "me:hunter2@", "the SOCKS proxy refused the user name and password"),
        (not_allowed, "", "could not connect: connection not allowed by ruleset"),
        (say(b"\x05\x02"), "", "the SOCKS proxy wants a user name and password"),
        (say(b"\x05\x00"), "me:hunter2@", "the SOCKS proxy wants another authentication"),
        (say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "", "not a SOCKS5 proxy"),
        (say(b"\x05\x00", b"\x05\x77\x00\x01" + bytes(6)), "", "not a SOCKS5 proxy"),
        (say(b"\x05\x00", b"\x05\x00"), "", "the SOCKS proxy closed the connection"),
        (say(b""), "", "the SOCKS proxy closed the connection"),
    ],
)
def test_a_handshake_that_fails_is_not_the_request(
    face: Face,
    make: Callable[[int], Callable[[socket.socket], None]],
    auth: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK)) as server, TcpServer(make(server.port)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{auth}127.0.0.1:{proxy.port}")
        with pytest.raises(WATSConnectionError, match=message) as caught:
            face("http://wats.invalid", POST)
    assert not caught.value.may_have_been_executed
    assert "hunter2" not in str(caught.value)
    assert server.heads == []


@each_face
def test_a_silent_proxy_is_cut_off_in_time(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    with TcpServer(lambda connection: exactly(connection, 1000)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        error = times_out(lambda: face("http://wats.invalid", POST, LIMIT))
    assert error.phase == "connect"
    assert not error.may_have_been_executed


@each_face
def test_a_request_after_the_handshake_may_have_been_executed(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(saying(b"")) as server, TcpServer(SocksServer(server.port)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        with pytest.raises(WATSConnectionError, match="the server closed the connection") as caught:
            face("http://wats.invalid", POST)
    assert caught.value.may_have_been_executed


def test_the_port_of_socks_is_1080_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.example")
    proxy = environment_proxy(Endpoint("http://wats", ""), ConnectionSettings())
    assert proxy is not None
    assert proxy.url.port is None
