"""A proxy that is itself reached by TLS, so that TLS to the server travels in TLS."""

from __future__ import annotations

import select
import socket
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from pywats.errors import WATSConnectionError
from pywats.http import ConnectionSettings, Request, Response
from tests.faults.proxy import FaultProxy, Slicer
from tests.faults.timing import LIMIT, times_out
from tests.http.faces import FACES, POST
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
each_face = pytest.mark.parametrize("face", FACES)


def relay(client: socket.socket, head: bytes) -> None:
    """Do what CONNECT asks for: pass bytes on in both directions."""
    host, _, port = head.split()[1].decode().partition(":")
    with socket.create_connection((host, int(port))) as server:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        assert isinstance(client, ssl.SSLSocket)
        while True:
            ready = (
                [client] if client.pending() else select.select([client, server], [], [], 120)[0]
            )
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                (server if source is client else client).sendall(data)


@pytest.fixture
def proxy(context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer(relay, tls=context) as running:
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", f"https://127.0.0.1:{running.port}")
        monkeypatch.setenv("no_proxy", "")
        yield running


@each_face
@pytest.mark.parametrize("size", [2, 1_000_000])
def test_a_request_goes_through_both(
    face: Face, proxy: RawServer, context: ssl.SSLContext, trusting: ConnectionSettings, size: int
) -> None:
    request = Request(method="POST", template="/api/Report/WSJF", content=b"x" * size)
    with RawServer(saying(OK), tls=context) as server:
        assert face(server.base_url, request, settings=trusting).content == b"{}"
    assert proxy.heads[0].startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1".encode())
    assert b"Authorization" not in proxy.heads[0]
    assert b"Authorization: Basic eA==" in server.heads[0]


@each_face
def test_without_tls_to_the_server_the_proxy_gets_the_request(
    face: Face,
    trusting: ConnectionSettings,
    context: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK), tls=context) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "")
        assert face("http://wats.invalid", settings=trusting).content == b"{}"
    assert proxy.heads[0].startswith(b"GET http://wats.invalid/api/Product/A HTTP/1.1")


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_server_nobody_vouches_for_is_refused(face: Face, trusting: ConnectionSettings) -> None:
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(other)
    with (
        RawServer(saying(OK), tls=other) as server,
        pytest.raises(WATSConnectionError, match="the certificate was refused") as caught,
    ):
        face(server.base_url, POST, settings=trusting)
    assert not caught.value.transient
    assert not caught.value.may_have_been_executed


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_server_that_hangs_up_inside(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    with (
        RawServer(saying(OK[:-1]), tls=context) as server,
        pytest.raises(WATSConnectionError, match="the server closed the connection") as caught,
    ):
        face(server.base_url, POST, settings=trusting)
    assert caught.value.may_have_been_executed


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


@each_face
@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("begun", [b"", OK[:-1]], ids=["at once", "in the response"])
def test_garbage_inside_breaks_the_connection(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings, begun: bytes
) -> None:
    def talk_nonsense(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begun)
        socket.socket.sendall(connection, b"below TLS")
        connection.recv(1)

    with (
        RawServer(talk_nonsense, tls=context) as server,
        pytest.raises(WATSConnectionError, match="the connection broke"),
    ):
        face(server.base_url, POST, settings=trusting)


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_silent_server_inside_is_cut_off_in_time(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    with RawServer(keep_silent, tls=context) as server:
        error = times_out(lambda: face(server.base_url, POST, LIMIT, trusting), phase="read")
    assert error.may_have_been_executed


@each_face
@pytest.mark.usefixtures("proxy")
def test_a_handshake_inside_that_drips_is_cut_off_in_time(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    with (
        RawServer(saying(OK), tls=context) as server,
        FaultProxy(("127.0.0.1", server.port)) as slow,
    ):
        slow.add(Slicer(10, delay=0.02))
        address = f"https://127.0.0.1:{slow.port}"
        error = times_out(lambda: face(address, POST, LIMIT, trusting))
    assert error.phase == "connect"
    assert not error.may_have_been_executed


@each_face
def test_a_proxy_that_refuses_has_not_sent_the_request(
    face: Face,
    context: ssl.SSLContext,
    trusting: ConnectionSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no = saying(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    with RawServer(no, tls=context) as proxy:
        monkeypatch.setenv("https_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(WATSConnectionError, match="no connection .407 Proxy Auth") as caught:
            face("https://wats.invalid", POST, settings=trusting)
    assert not caught.value.may_have_been_executed
