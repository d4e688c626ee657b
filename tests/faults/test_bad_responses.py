"""Whatever the server answers: a typed error with status, excerpt and id."""

from __future__ import annotations

import gzip
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from pywats import pyWATS
from pywats.errors import (
    CallConnectionError,
    ServerError,
    WATSConnectionError,
    WATSDecodeError,
    WATSError,
    WATSStatusError,
)
from pywats.http import Request
from tests.faults.faces import each_attempt, each_face, each_transport
from tests.http import faces as http_faces
from tests.http.raw_server import RawServer, response, saying
from tests.http.transports.products import TOKEN

Face = Callable[..., Any]
HTML = b"<!DOCTYPE html>\n<html><title>Sorry</title></html>"


JSON = b"Content-Type: application/json"
GZIP = b"Content-Encoding: gzip"


@dataclass(frozen=True)
class Row:
    """An answer to GET, and the error that is to come of it.

    Attributes:
        response: What the server sends.
        kind: The error of the WATS client.
        message: A part of its text.
        status: Its status.
        excerpt: Its excerpt.
        own: The error of a service of one's own, which reads status and body by means of httpx;
            None where httpx finds nothing wrong.
        own_message: A part of the text of that error if it is not the same.
    """

    response: bytes
    kind: type[WATSError]
    message: str
    status: int = 200
    excerpt: str = ""
    own: type[Exception] | None = CallConnectionError
    own_message: str = ""


ROWS = {
    "invalid JSON": Row(
        response(b'{"partNumber": ', JSON),
        WATSDecodeError,
        "returned 200 with 15 bytes of application/json, which is not what the API promises",
        excerpt='{"partNumber":',
        own=json.JSONDecodeError,
    ),
    "an HTML page": Row(
        response(HTML, b"Content-Type: text/html; charset=utf-8"),
        WATSDecodeError,
        "returned 200 with 49 bytes of text/html, which is not what the API promises",
        excerpt="<!DOCTYPE html> <html><title>Sorry</title></html>",
        own=json.JSONDecodeError,
    ),
    "JSON under another name, of another shape": Row(
        response(b"[1]", b"Content-Type: image/png"),
        WATSDecodeError,
        "returned 200 with 3 bytes of image/png, which is not what the API promises",
        excerpt="[1]",
        own=TypeError,
    ),
    "no content where an object is due": Row(
        b"HTTP/1.1 204 No Content\r\n\r\n",
        WATSDecodeError,
        "returned 204 with an empty body",
        status=204,
        own=json.JSONDecodeError,
    ),
    "an HTML page of a gateway": Row(
        response(HTML, b"Content-Type: text/html", status=b"502 Bad Gateway"),
        ServerError,
        "returned 502 Bad Gateway: <!DOCTYPE html>",
        status=502,
        excerpt="<!DOCTYPE html> <html><title>Sorry</title></html>",
        own=httpx.HTTPStatusError,
    ),
    "a status nobody knows": Row(
        response(b"?", status=b"299 Odd"),
        WATSDecodeError,
        "returned 299",
        status=299,
        excerpt="?",
        own=json.JSONDecodeError,
    ),
    "a status beyond the known classes": Row(
        response(b"", status=b"799 Odd"),
        WATSStatusError,
        "returned 799",
        status=799,
        own=httpx.HTTPStatusError,
    ),
    "a switch of protocols": Row(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        WATSConnectionError,
        "not HTTP (Received server _SWITCH_UPGRADE event without a pending proposal)",
        status=0,
    ),
    "a redirect to itself": Row(
        response(b"", b"Location: /api/Product/A", status=b"302 Found"),
        WATSStatusError,
        "returned 302 Found (redirects are not followed",
        status=302,
        own=httpx.HTTPStatusError,
    ),
    "a redirect to an address that is none": Row(
        response(b"", b"Location: http://[::1/", status=b"301 Moved Permanently"),
        WATSStatusError,
        "returned 301 Moved Permanently (redirects are not followed",
        status=301,
        own=httpx.RemoteProtocolError,
    ),
    "an encoding that was not asked for": Row(
        response(b"\x1f\x9d{}", b"Content-Encoding: compress"),
        WATSDecodeError,
        "returned 200, but its body has the encoding 'compress', and only gzip",
        own=UnicodeDecodeError,
    ),
    "two encodings": Row(
        response(gzip.compress(gzip.compress(b"{}")), b"Content-Encoding: gzip, gzip"),
        WATSDecodeError,
        "returned 200, but its body has the encoding 'gzip, gzip'",
        own=KeyError,
    ),
    "an encoding it has not": Row(
        response(b'{"partNumber": "A"}', GZIP),
        WATSDecodeError,
        "returned 200, but its body does not decompress (Error -3",
        own=httpx.DecodingError,
    ),
    "gzip that ends early": Row(
        response(gzip.compress(b'{"partNumber": "A"}')[:-9], GZIP),
        WATSDecodeError,
        "returned 200, but its body ends in the middle of the compressed data",
        excerpt='{"partNumber": "A"}',
        own=None,
    ),
    "an error page in an encoding that was not asked for": Row(
        response(b"\x1f\x9d{}", b"Content-Encoding: compress", status=b"503 Unavailable"),
        ServerError,
        "returned 503 Service Unavailable",
        status=503,
        own=httpx.HTTPStatusError,
    ),
    "an error page that ends early": Row(
        response(b"Sorry", status=b"503 Unavailable")[:-2],
        ServerError,
        "returned 503 Service Unavailable: Sor",
        status=503,
        excerpt="Sor",
        own_message="the server closed the connection (peer closed connection without sending "
        "complete message "
        "body (received 3 bytes, expected 5)) after status 503",
    ),
    "a body that ends early": Row(
        response(b'{"partNumber": "A"}')[:-2],
        WATSConnectionError,
        "the server closed the connection (peer closed connection without sending complete "
        "message body "
        "(received 17 bytes, expected 19)) after status 200 and a body that starts ",
        excerpt='{"partNumber": "A',
    ),
    "a chunked body that ends early": Row(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"par\r\n',
        WATSConnectionError,
        "the server closed the connection (peer closed connection without sending complete "
        "message body",
        excerpt='{"par',
    ),
    "a chunk without a length": Row(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        WATSConnectionError,
        "not HTTP (illegal chunk header",
    ),
    "a length that is none": Row(
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        WATSConnectionError,
        "not HTTP (bad Content-Length)",
        status=0,
    ),
    "two lengths": Row(
        response(b"{}", b"Content-Length: 3"),
        WATSConnectionError,
        "not HTTP (conflicting Content-Length headers)",
        status=0,
    ),
    "bytes that no header may have": Row(
        response(b"{}", b"X-Odd: a\x00b"),
        WATSConnectionError,
        "not HTTP (illegal header line",
        status=0,
    ),
    "a header without a name": Row(
        response(b"{}", b": value"), WATSConnectionError, "not HTTP (illegal header line", status=0
    ),
    "another protocol": Row(
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        WATSConnectionError,
        "not HTTP (illegal status line",
        status=0,
    ),
}


@each_face
@pytest.mark.parametrize("name", ROWS)
def test_a_response_of_no_use_is_a_typed_error(face: Face, name: str) -> None:
    row = ROWS[name]
    with RawServer(saying(row.response)) as server, pytest.raises(row.kind) as caught:
        face(server.base_url)
    error = caught.value
    assert type(error) is row.kind
    assert row.message in str(error)
    assert "GET /api/Product/{partNumber}" in str(error)
    assert (error.status, error.excerpt) == (row.status, row.excerpt)  # type: ignore[attr-defined]  # all these kinds have both
    assert error.correlation_id is not None
    assert f"correlation_id={error.correlation_id}" in str(error)
    assert len(server.heads) == 1


@each_transport
@pytest.mark.parametrize("name", ROWS)
def test_a_service_of_ones_own_gets_the_error_of_its_library(face: Face, name: str) -> None:
    row = ROWS[name]
    error = None
    with RawServer(saying(row.response)) as server:
        try:
            face(server.base_url)
        except Exception as caught:  # noqa: BLE001 - looked at below
            error = caught
    assert len(server.heads) == 1
    if row.own is None:
        assert error is None
        return
    assert isinstance(error, row.own)
    assert error.correlation_id is not None  # type: ignore[attr-defined]  # the wrapper sets it
    if isinstance(error, CallConnectionError):
        # What the transport says is what the WATS client says, but for the body.
        message = row.own_message or row.message.replace(" and a body that starts ", "")
        assert message in str(error)
        assert error.status == row.status
        assert isinstance(error, httpx.RemoteProtocolError)


@each_attempt
def test_what_is_no_http_is_shown_without_secrets(face: Face) -> None:
    with (
        RawServer(saying(b"HTTP/1.1 200 OK\r\nYou said " + TOKEN.encode() + b"\r\n\r\n")) as server,
        pytest.raises(CallConnectionError) as caught,
    ):
        face(server.base_url)
    assert "not HTTP (illegal header line: bytearray(b'You said REDACTED'))" in str(caught.value)
    # Log lines and spans have the tracebacks of causes, too.
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@each_attempt
def test_nor_is_a_secret_shown_as_the_servers_id_of_the_request(face: Face) -> None:
    named = b"X-Request-ID: 7 " + TOKEN.encode()
    with (
        RawServer(saying(response(b"", named, status=b"500 Oh"))) as server,
        pytest.raises(Exception, match="500") as caught,
    ):
        face(server.base_url)
    assert caught.value.server_request_id == "7 REDACTED"  # type: ignore[attr-defined]  # the engine sets it


@each_face
def test_nor_is_a_secret_shown_as_the_encoding_of_a_body(face: Face) -> None:
    encoding = b"Content-Encoding: " + TOKEN.encode() + b"x" * 1000
    with (
        RawServer(saying(response(b"{}", encoding))) as server,
        pytest.raises(WATSDecodeError, match="its body has the encoding 'REDACTED") as caught,
    ):
        face(server.base_url)
    told = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in told
    assert "x" * 200 not in told


@each_face
def test_an_error_page_nested_too_deeply_to_be_read_is_shown_as_it_is(face: Face) -> None:
    deep = b'{"a":' + b"[" * 4000
    with (
        RawServer(saying(response(deep, JSON, status=b"500 Oh"))) as server,
        pytest.raises(ServerError) as caught,
    ):
        face(server.base_url)
    assert caught.value.excerpt.startswith('{"a":[[[')


@pytest.mark.parametrize("send", http_faces.FACES)
def test_of_a_secret_response_nothing_is_shown(send: Callable[..., object]) -> None:
    request = Request(method="GET", template="/api/Scim/Token", secret_response=True)
    with (
        RawServer(saying(response(b'{"token": "abc"}')[:-2])) as server,
        pytest.raises(WATSConnectionError, match="after status 200 \\[") as caught,
    ):
        send(server.base_url, request)
    assert caught.value.excerpt == ""
    with (
        RawServer(saying(response(b"no", status=b"403 Forbidden"))) as server,
        pytest.raises(WATSStatusError, match="returned 403 Forbidden: no"),
    ):
        send(server.base_url, request)


@each_attempt
def test_a_redirect_takes_neither_credentials_nor_id_to_another_server(face: Face) -> None:
    with RawServer(saying(response(b"{}"))) as elsewhere:
        location = b"Location: " + elsewhere.base_url.encode()
        with (
            RawServer(saying(response(b"", location, status=b"307 Temporary Redirect"))) as server,
            pytest.raises((WATSStatusError, httpx.HTTPStatusError), match="307"),
        ):
            face(server.base_url)
    assert len(server.heads) == 1
    assert elsewhere.heads == []


def test_no_cookie_is_kept() -> None:
    cookie = b"Set-Cookie: session=1; Path=/"
    with (
        RawServer(saying(response(b'{"partNumber":"A"}', cookie, b"Connection: close"))) as server,
        pyWATS(server.base_url, TOKEN) as api,
    ):
        for _ in range(2):
            assert api.product.get_product("A").part_number == "A"
    assert len(server.heads) == 2
    assert b"session" not in b"".join(server.heads)
