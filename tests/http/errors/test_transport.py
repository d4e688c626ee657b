"""Errors of the wire, from real sockets, on both faces."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpcore
import pytest

from pywats.errors import (
    NotFoundError,
    WATSClosedError,
    WATSConnectionError,
    WATSDecodeError,
    WATSRequestError,
    WATSTimeoutError,
)
from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint, Request, Response
from pywats.http.errors.transport import translate
from pywats.http.network.exchange import Exchange
from pywats.redaction import Secrets
from pywats.sync import DirectRunner
from tests.faults.calls import send
from tests.faults.proxy import Bandwidth, FaultProxy
from tests.http.faces import FACES, GET, POST, blocking
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from pathlib import Path

Face = Callable[..., Response]
each_face = pytest.mark.parametrize("face", FACES)

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n"


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@each_face
def test_a_whole_response_comes_through(face: Face) -> None:
    with RawServer(saying(OK + b"\r\n{}")) as server:
        response = face(server.base_url)
    assert response == Response(200, b"{}", "application/json")
    (head,) = server.heads
    assert head.startswith(b"GET /api/Product/A HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Basic eA==\r\n" in head


@each_face
def test_a_refused_connection_is_a_connection_error_and_nothing_was_sent(face: Face) -> None:
    address = f"http://127.0.0.1:{unused_port()}"
    with pytest.raises(WATSConnectionError, match="no connection") as caught:
        face(address, POST)
    assert isinstance(caught.value, ConnectionError)
    assert caught.value.transient
    assert not caught.value.may_have_been_executed
    assert f"POST /api/Report/WSJF at {address}: no connection (" in str(caught.value)


@each_face
@pytest.mark.parametrize(("request_", "in_doubt"), [(GET, False), (POST, True)])
def test_a_close_without_a_response_is_transient(
    face: Face,
    request_: Request,
    in_doubt: bool,  # noqa: FBT001 - parameters of a table
) -> None:
    with (
        RawServer(saying(b"")) as server,
        pytest.raises(WATSConnectionError, match="the server closed the connection") as caught,
    ):
        face(server.base_url, request_)
    assert caught.value.transient
    assert caught.value.may_have_been_executed is in_doubt


@each_face
def test_a_reset_is_transient(face: Face) -> None:
    def reset(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with (
        RawServer(reset) as server,
        pytest.raises(WATSConnectionError, match="the connection broke") as caught,
    ):
        face(server.base_url, POST)
    assert caught.value.transient
    assert caught.value.may_have_been_executed


@each_face
def test_a_truncated_body_is_transient(face: Face) -> None:
    with (
        RawServer(saying(OK + b"\r\n{")) as server,
        pytest.raises(WATSConnectionError, match="the server closed the connection") as caught,
    ):
        face(server.base_url)
    assert caught.value.transient


@each_face
def test_a_response_that_is_not_http_is_permanent(face: Face) -> None:
    def babble(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        connection.recv(1)

    with (
        RawServer(babble) as server,
        pytest.raises(WATSConnectionError, match="not HTTP") as caught,
    ):
        face(server.base_url)
    assert not caught.value.transient


@each_face
def test_a_body_that_does_not_decompress_is_a_decode_error(face: Face) -> None:
    body = gzip.compress(b"{}")[:-8] + b"garbage!"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with (
        RawServer(saying(head + body)) as server,
        pytest.raises(WATSDecodeError, match="returned 200, but its body does not decompress"),
    ):
        face(server.base_url)


@each_face
def test_a_header_that_cannot_be_sent_is_a_request_error(face: Face) -> None:
    request = Request(method="PUT", template="/x", content=b"", content_type="a\r\nEvil: 1")
    with (
        RawServer(saying(OK + b"\r\n{}")) as server,
        pytest.raises(WATSRequestError, match="not sent"),
    ):
        face(server.base_url, request)
    assert server.heads == []


@each_face
def test_an_error_status_shows_the_servers_message_but_no_secret(face: Face) -> None:
    body = b'{"Message": "no part for Basic c2VjcmV0"}'
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n" % len(body)
    with (
        RawServer(saying(head + body)) as server,
        pytest.raises(NotFoundError) as caught,
    ):
        face(server.base_url, secrets=Secrets({"c2VjcmV0"}))
    assert caught.value.excerpt == "no part for Basic REDACTED"
    assert "c2VjcmV0" not in str(caught.value)


@each_face
def test_without_a_timeout_a_slow_response_is_waited_for(face: Face) -> None:
    def slow(connection: socket.socket, _: bytes) -> None:
        time.sleep(0.1)
        connection.sendall(OK + b"\r\n{}")

    with RawServer(slow) as server:
        assert face(server.base_url, timeout=None).content == b"{}"


def test_a_limit_that_has_run_out_before_the_request_sends_nothing() -> None:
    with RawServer(saying(OK + b"\r\n{}")) as server, pytest.raises(WATSTimeoutError) as caught:
        blocking(server.base_url, POST, timeout=1e-9)
    assert caught.value.phase == "connect"
    assert not caught.value.may_have_been_executed
    assert server.heads == []


@each_face
def test_a_certificate_nobody_vouches_for_is_a_permanent_error(
    face: Face, context: ssl.SSLContext
) -> None:
    with (
        RawServer(saying(OK + b"\r\n{}"), tls=context) as server,
        pytest.raises(WATSConnectionError, match="the certificate was refused") as caught,
    ):
        face(server.base_url)
    assert not caught.value.transient
    assert server.heads == []


@each_face
def test_the_callers_own_tls_context_is_used(
    face: Face, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    with RawServer(saying(OK + b"\r\n{}"), tls=context) as server:
        assert face(server.base_url, settings=trusting).content == b"{}"


@each_face
def test_verification_can_be_switched_off(face: Face, context: ssl.SSLContext) -> None:
    with RawServer(saying(OK + b"\r\n{}"), tls=context) as server:
        unverified = ConnectionSettings(verify_ssl=False)
        assert face(server.base_url, settings=unverified).content == b"{}"


@each_face
def test_garbage_under_tls_breaks_the_connection(face: Face, context: ssl.SSLContext) -> None:
    def talk_nonsense(connection: socket.socket, _: bytes) -> None:
        socket.socket.sendall(connection, b"below TLS")
        connection.recv(1)

    with (
        RawServer(talk_nonsense, tls=context) as server,
        pytest.raises(WATSConnectionError, match="the connection broke") as caught,
    ):
        face(server.base_url, settings=ConnectionSettings(verify_ssl=False))
    assert caught.value.transient


@each_face
def test_a_large_upload_over_tls_survives_a_slow_line(face: Face, context: ssl.SSLContext) -> None:
    request = Request(method="POST", template="/api/Report/WSJF", content=b"x" * 8_000_000)
    unverified = ConnectionSettings(verify_ssl=False)
    with (
        RawServer(saying(OK + b"\r\n{}"), tls=context) as server,
        FaultProxy(("127.0.0.1", server.port)) as line,
    ):
        line.add(Bandwidth(16_000_000), "upstream")
        address = f"https://127.0.0.1:{line.port}"
        assert face(address, request, 200, unverified).content == b"{}"


def test_a_tls_connection_is_kept_for_the_next_request(context: ssl.SSLContext) -> None:
    def respond_to_all(connection: socket.socket, _: bytes) -> None:
        connection.sendall(OK + b"\r\n{}")
        while connection.recv(65536):
            connection.sendall(OK + b"\r\n{}")

    with RawServer(respond_to_all, tls=context) as server:
        endpoint = Endpoint(server.base_url, "Basic eA==")
        port = BlockingPort(endpoint, ConnectionSettings(verify_ssl=False))
        for _ in range(3):
            assert send(port, GET).content == b"{}"
        port.close()
    assert len(server.heads) == 1


@each_face
def test_a_proxy_of_the_environment_is_used(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(OK + b"\r\n{}")) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        assert face("http://wats.invalid").content == b"{}"
    (head,) = proxy.heads
    assert head.startswith(b"GET http://wats.invalid/api/Product/A HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in head


def test_a_proxy_without_scheme_or_credentials_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(OK + b"\r\n{}")) as proxy:
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        assert blocking("http://wats.invalid").content == b"{}"


def test_hosts_excepted_from_the_proxy_are_reached_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(saying(OK + b"\r\n{}")) as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert blocking(server.base_url).content == b"{}"


@each_face
def test_an_exception_from_the_proxy_may_name_the_port(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(saying(OK + b"\r\n{}")) as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
        monkeypatch.setenv("no_proxy", f"127.0.0.1:{server.port}")
        assert face(server.base_url).content == b"{}"
        monkeypatch.setenv("no_proxy", f"127.0.0.1:{server.port + 1}")
        with pytest.raises(WATSConnectionError):
            face(server.base_url)


@each_face
@pytest.mark.parametrize(
    "address",
    [
        "foo:hunter2",
        "http://me:hunt/er2@127.0.0.1:1",
        "http://[::1",
        "http://",
        "http://127.0.0.1:65536",
        "ftp://me:hunter2@127.0.0.1",
    ],
)
def test_a_proxy_of_the_environment_that_is_none_is_refused(
    face: Face, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", address)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(ValueError, match="HTTP_PROXY in the environment: must be the ad") as caught:
        face("http://wats.invalid")
    assert "hunt" not in str(caught.value)


@each_face
@pytest.mark.parametrize(
    ("content", "kind"), [(None, FileNotFoundError), ("no certificate", ssl.SSLError)]
)
def test_certificates_that_cannot_be_read_are_named(
    face: Face,
    content: str | None,
    kind: type[OSError],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file = tmp_path / "issuer.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(kind, match=re.escape(f"SSL_CERT_FILE={str(file)!r} in the env")) as caught:
        face("https://127.0.0.1:1")
    assert caught.value.errno is not None


@each_face
def test_other_certificates_that_cannot_be_read_are_left_to_python(
    face: Face, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "gone.pem"))
    with pytest.raises(FileNotFoundError, match="No such file"):
        face("https://127.0.0.1:1")


def test_a_timeout_of_the_operating_system_has_no_limit_of_ours() -> None:
    error = translate(httpcore.ConnectTimeout(), "GET /x", Exchange(None), in_doubt=False)
    assert isinstance(error, WATSTimeoutError)
    assert str(error) == "GET /x: timed out (connect)"
    assert (error.limit, error.phase, error.may_have_been_executed) == (None, "connect", False)


@each_face
def test_requests_to_the_internal_api_name_the_server_as_their_referer(face: Face) -> None:
    request = Request(method="GET", template="/api/internal/Product/Bom")
    with RawServer(saying(OK + b"\r\n{}")) as server:
        face(server.base_url, request)
        face(server.base_url, GET)
    internal, public = server.heads
    assert f"\r\nReferer: {server.base_url}\r\n".encode() in internal
    assert b"Referer" not in public


def test_verify_ssl_must_be_a_bool_or_a_context() -> None:
    with pytest.raises(TypeError, match="verify_ssl='no': must be True, False or an ssl.SSLCont"):
        ConnectionSettings(verify_ssl="no")  # type: ignore[arg-type]  # the mistake under test


def test_a_closed_blocking_port_refuses_requests() -> None:
    port = BlockingPort(Endpoint("http://127.0.0.1:1", "Basic eA=="))
    port.close()
    port.close()
    with pytest.raises(WATSClosedError, match="the client is closed"):
        DirectRunner().run("send", lambda: port.send(GET))


async def test_a_closed_async_port_refuses_requests() -> None:
    port = AsyncPort(Endpoint("http://127.0.0.1:1", "Basic eA=="))
    await port.close()
    await port.close()
    with pytest.raises(WATSClosedError, match="the client is closed"):
        await port.send(GET)
