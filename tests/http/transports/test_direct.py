"""`DirectTransport` under an `httpx.Client`: how a request ends, and that its place is free."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import pytest

from pywats import DirectTransport
from pywats.errors import CallClosedError
from pywats.http.network.transport import PoolTransport
from tests.http.raw_server import RawServer, saying
from tests.http.tcp_server import TcpServer

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    import trustme

    from pywats.http.network.connection import Link
    from pywats.http.network.pool import Lease

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def transport() -> Iterator[DirectTransport]:
    """Return a transport that has one connection at most: a place that is lost is missed."""
    with DirectTransport(limits=httpx.Limits(max_connections=1), timeout=5) as made:
        yield made


def begin_a_body(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
    connection.recv(1)


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def attempts(log_lines: list[str]) -> list[str]:
    return [line.split(": ")[1].split(" in ")[0] for line in log_lines if "pywats.http " in line]


def test_a_closed_transport_refuses_before_it_sends(transport: DirectTransport) -> None:
    with httpx.Client(transport=transport) as client, RawServer(saying(OK)) as server:
        transport.close()
        with pytest.raises(httpx.TransportError, match="the transport is closed") as caught:
            client.get(server.base_url)
    assert isinstance(caught.value, CallClosedError)
    assert server.heads == []


def test_the_certificates_are_loaded_once_for_all_servers(
    transport: DirectTransport,
    authority: trustme.CA,
    context: ssl.SSLContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with (
        httpx.Client(transport=transport) as client,
        RawServer(saying(OK), tls=context) as server,
        RawServer(saying(OK), tls=context) as other,
    ):
        assert client.get(server.base_url).content == b"{}"
        trusted.unlink()
        assert client.get(other.base_url).content == b"{}"


def test_the_client_certificate_for_wats_is_not_for_other_servers(
    context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_CERT", "no such file")
    with (
        httpx.Client(transport=DirectTransport(verify_ssl=False)) as client,
        RawServer(saying(OK), tls=context) as server,
    ):
        assert client.get(server.base_url).content == b"{}"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_closing_the_transport_ends_a_request_under_way(
    transport: DirectTransport, method: str
) -> None:
    with (
        RawServer(keep_silent) as server,
        httpx.Client(transport=transport) as client,
        ThreadPoolExecutor(1) as thread,
    ):
        call = thread.submit(client.request, method, server.base_url)
        server.wait_for_request()
        transport.close()
        error = call.exception(120)
    assert isinstance(error, CallClosedError)
    assert isinstance(error, httpx.TransportError)
    assert str(error).startswith(f"{method} {server.base_url}/: the transport was closed meanwhile")
    assert error.may_have_been_executed is (method == "POST")


def test_a_body_that_is_left_early_is_not_a_failure(
    transport: DirectTransport, log_lines: list[str]
) -> None:
    with RawServer(begin_a_body) as server, httpx.Client(transport=transport) as client:
        for _ in range(2):
            request = client.build_request("GET", server.base_url)
            response = client.send(request, stream=True)
            stream = response.stream
            assert isinstance(stream, httpx.SyncByteStream)
            pieces: Any = iter(stream)
            assert next(pieces) == b"{}"
            pieces.close()
            response.close()
    assert len(server.heads) == 2
    assert attempts(log_lines) == ["200", "200"]


def test_ctrl_c_in_the_midst_of_a_body_gives_the_place_back(
    transport: DirectTransport, log_lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(begin_a_body) as server, httpx.Client(transport=transport) as client:
        response = client.send(client.build_request("GET", server.base_url), stream=True)
        pieces = response.iter_raw()
        assert next(pieces) == b"{}"
        with monkeypatch.context() as patched:
            patched.setattr("pywats.http.network.connection.patience", interrupt)
            with pytest.raises(KeyboardInterrupt):
                next(pieces)
        assert attempts(log_lines) == ["200"]
        client.send(client.build_request("GET", server.base_url), stream=True).close()
    assert len(server.heads) == 2


def test_ctrl_c_while_a_connection_is_given_back_loses_no_place(
    transport: DirectTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: PoolTransport, lease: Lease[Link], *, fit: bool) -> None:
        released.append(fit)
        if len(released) == 1:
            raise KeyboardInterrupt
        release(self, lease, fit=fit)

    released: list[bool] = []
    release = PoolTransport.release
    with RawServer(saying(OK)) as server, httpx.Client(transport=transport) as client:
        monkeypatch.setattr(PoolTransport, "release", interrupted)
        with pytest.raises(KeyboardInterrupt):
            client.get(server.base_url)
        assert released == [True, False]
        assert client.get(server.base_url).json() == {}


def test_a_client_without_timeouts_has_none(transport: DirectTransport) -> None:
    with (
        RawServer(saying(OK)) as server,
        httpx.Client(transport=transport, timeout=None) as client,  # noqa: S113 - what is tested
    ):
        assert client.get(server.base_url).json() == {}


class Suspending(httpx.AsyncByteStream):
    """A body whose steps wait for something that no event loop has made."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self  # type: ignore[return-value]  # the steps are awaitable objects

    def __anext__(self) -> Suspending:
        return self

    def __await__(self) -> Iterator[str]:
        # A plain iterator, which cannot be closed.
        return iter(["signal"])


def test_a_body_that_suspends_in_a_way_of_its_own_is_refused(transport: DirectTransport) -> None:
    with RawServer(keep_silent) as server:
        request = httpx.Request(
            "PUT",
            server.base_url,
            headers={"Host": "wats", "Content-Length": "1"},
            stream=Suspending(),
        )
        with pytest.raises(RuntimeError, match=r"the request suspended \(it awaits str\)"):
            transport.handle_request(request)


def test_a_request_that_is_not_http_is_an_error_of_httpx(transport: DirectTransport) -> None:
    with (
        RawServer(saying(OK)) as server,
        httpx.Client(transport=transport) as client,
        pytest.raises(httpx.LocalProtocolError, match="a value with a line break") as caught,
    ):
        client.get(server.base_url, headers={"X-Note": "two\nlines"})
    assert str(caught.value).startswith(f"GET {server.base_url}/: ")
    assert server.heads == []


def test_an_empty_piece_does_not_end_an_upload(transport: DirectTransport) -> None:
    def receive(connection: socket.socket) -> None:
        while not b"".join(received).endswith(b"\r\n0\r\n\r\n"):
            received.append(connection.recv(65536))
        connection.sendall(OK)

    received: list[bytes] = []
    with TcpServer(receive) as server, httpx.Client(transport=transport) as client:
        url = f"http://127.0.0.1:{server.port}"
        response = client.post(url, content=iter([b"one", b"", b"two"]))
    assert response.json() == {}
    body = b"".join(received).partition(b"\r\n\r\n")[2]
    assert body == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


def test_a_connection_that_never_expires_is_used_again() -> None:
    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    limits = httpx.Limits(max_connections=1, keepalive_expiry=None)
    with (
        RawServer(respond) as server,
        DirectTransport(limits=limits, timeout=5) as transport,
        httpx.Client(transport=transport) as client,
    ):
        assert [client.get(server.base_url).status_code for _ in range(2)] == [204, 204]
    assert len(server.heads) == 1


def test_the_stream_of_a_response_tells_where_it_comes_from(transport: DirectTransport) -> None:
    with (
        RawServer(saying(OK)) as server,
        httpx.Client(transport=transport) as client,
        client.stream("GET", server.base_url) as response,
    ):
        stream = response.extensions["network_stream"]
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        assert stream.get_extra_info("ssl_object") is None
        assert stream.get_extra_info("something else") is None


def test_a_body_may_outlive_its_response() -> None:
    """A transport around this one may give the body to a response of its own."""
    with RawServer(saying(OK)) as server, DirectTransport() as transport:
        body = transport.handle_request(httpx.Request("GET", server.base_url)).stream
        assert isinstance(body, httpx.SyncByteStream)
        given = httpx.Response(200, stream=body)
        assert given.read() == b"{}"
        assert given.is_closed
        assert given.stream is body
