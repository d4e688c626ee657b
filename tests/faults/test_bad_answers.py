"""Whatever the server answers: a typed error with status, excerpt and id, in time and memory."""

from __future__ import annotations

import gzip
import traceback
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pywats import pyWATS
from pywats.errors import (
    ServerError,
    WATSConnectionError,
    WATSDecodeError,
    WATSError,
    WATSStatusError,
)
from pywats.http import Request
from tests.faults.faces import TOKEN, each_face
from tests.faults.timing import LIMIT, times_out
from tests.http import faces as http_faces
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    import socket

Face = Callable[..., Any]
MEBIBYTE = 1024 * 1024
HTML = b"<!DOCTYPE html>\n<html><title>Sorry</title></html>"


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers, b"", body)
    return b"\r\n".join(lines)


JSON = b"Content-Type: application/json"
GZIP = b"Content-Encoding: gzip"


@dataclass(frozen=True)
class Row:
    """An answer to GET, and the error that is to come of it."""

    answer: bytes
    kind: type[WATSError]
    message: str
    status: int = 200
    excerpt: str = ""


ROWS = {
    "invalid JSON": Row(
        answer(b'{"partNumber": ', JSON),
        WATSDecodeError,
        "answered 200 with 15 bytes of application/json, which is not what the API promises",
        excerpt='{"partNumber":',
    ),
    "an HTML page": Row(
        answer(HTML, b"Content-Type: text/html; charset=utf-8"),
        WATSDecodeError,
        "answered 200 with 49 bytes of text/html, which is not what the API promises",
        excerpt="<!DOCTYPE html> <html><title>Sorry</title></html>",
    ),
    "JSON under another name, of another shape": Row(
        answer(b"[1]", b"Content-Type: image/png"),
        WATSDecodeError,
        "answered 200 with 3 bytes of image/png, which is not what the API promises",
        excerpt="[1]",
    ),
    "no content where an object is due": Row(
        b"HTTP/1.1 204 No Content\r\n\r\n",
        WATSDecodeError,
        "answered 204 with an empty body",
        status=204,
    ),
    "an HTML page of a gateway": Row(
        answer(HTML, b"Content-Type: text/html", status=b"502 Bad Gateway"),
        ServerError,
        "answered 502 Bad Gateway: <!DOCTYPE html>",
        status=502,
        excerpt="<!DOCTYPE html> <html><title>Sorry</title></html>",
    ),
    "a status nobody knows": Row(
        answer(b"?", status=b"299 Odd"), WATSDecodeError, "answered 299", status=299, excerpt="?"
    ),
    "a status beyond the known classes": Row(
        answer(b"", status=b"799 Odd"), WATSStatusError, "answered 799", status=799
    ),
    "a switch of protocols": Row(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        WATSConnectionError,
        "not HTTP (Received server _SWITCH_UPGRADE event without a pending proposal)",
        status=0,
    ),
    "a redirect to itself": Row(
        answer(b"", b"Location: /api/Product/A", status=b"302 Found"),
        WATSStatusError,
        "answered 302 Found (redirects are not followed",
        status=302,
    ),
    "a redirect to an address that is none": Row(
        answer(b"", b"Location: http://[::1/", status=b"301 Moved Permanently"),
        WATSStatusError,
        "answered 301 Moved Permanently (redirects are not followed",
        status=301,
    ),
    "an encoding that was not asked for": Row(
        answer(b"\x0b\x01\x80{}\x03", b"Content-Encoding: br"),
        WATSDecodeError,
        "answered 200, but its body has the encoding 'br', and only gzip was asked for",
    ),
    "two encodings": Row(
        answer(gzip.compress(gzip.compress(b"{}")), b"Content-Encoding: gzip, gzip"),
        WATSDecodeError,
        "answered 200, but its body has the encoding 'gzip, gzip'",
    ),
    "an encoding it has not": Row(
        answer(b'{"partNumber": "A"}', GZIP),
        WATSDecodeError,
        "answered 200, but its body does not decompress (Error -3",
    ),
    "gzip that ends early": Row(
        answer(gzip.compress(b'{"partNumber": "A"}')[:-9], GZIP),
        WATSDecodeError,
        "answered 200, but its body ends in the middle of the compressed data",
        excerpt='{"partNumber": "A"}',
    ),
    "an error page in an encoding that was not asked for": Row(
        answer(b"\x0b\x01\x80{}\x03", b"Content-Encoding: br", status=b"503 Unavailable"),
        ServerError,
        "answered 503 Service Unavailable",
        status=503,
    ),
    "an error page that ends early": Row(
        answer(b"Sorry", status=b"503 Unavailable")[:-2],
        ServerError,
        "answered 503 Service Unavailable: Sor",
        status=503,
        excerpt="Sor",
    ),
    "a body that ends early": Row(
        answer(b'{"partNumber": "A"}')[:-2],
        WATSConnectionError,
        "the server hung up (peer closed connection without sending complete message body "
        "(received 17 bytes, expected 19)) after status 200 and a body that starts ",
        excerpt='{"partNumber": "A',
    ),
    "a chunked body that ends early": Row(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"par\r\n',
        WATSConnectionError,
        "the server hung up (peer closed connection without sending complete message body",
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
        answer(b"{}", b"Content-Length: 3"),
        WATSConnectionError,
        "not HTTP (conflicting Content-Length headers)",
        status=0,
    ),
    "bytes that no header may have": Row(
        answer(b"{}", b"X-Odd: a\x00b"),
        WATSConnectionError,
        "not HTTP (illegal header line",
        status=0,
    ),
    "a header without a name": Row(
        answer(b"{}", b": value"), WATSConnectionError, "not HTTP (illegal header line", status=0
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
def test_an_answer_of_no_use_is_a_typed_error(face: Face, name: str) -> None:
    row = ROWS[name]
    with RawServer(saying(row.answer)) as server, pytest.raises(row.kind) as caught:
        face(server.base_url)
    error = caught.value
    assert type(error) is row.kind
    assert row.message in str(error)
    assert "GET /api/Product/{partNumber}" in str(error)
    assert (error.status, error.excerpt) == (row.status, row.excerpt)  # type: ignore[attr-defined]  # all these kinds have both
    assert error.correlation_id is not None
    assert f"correlation_id={error.correlation_id}" in str(error)
    assert len(server.heads) == 1


@each_face
def test_what_is_no_http_is_shown_without_secrets(face: Face) -> None:
    with (
        RawServer(saying(b"HTTP/1.1 200 OK\r\nYou said " + TOKEN.encode() + b"\r\n\r\n")) as server,
        pytest.raises(WATSConnectionError) as caught,
    ):
        face(server.base_url)
    assert "not HTTP (illegal header line: bytearray(b'You said REDACTED'))" in str(caught.value)
    # Log lines and spans have the tracebacks of causes, too.
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@each_face
def test_nor_is_a_secret_shown_as_the_encoding_of_a_body(face: Face) -> None:
    encoding = b"Content-Encoding: " + TOKEN.encode() + b"x" * 1000
    with (
        RawServer(saying(answer(b"{}", encoding))) as server,
        pytest.raises(WATSDecodeError, match="its body has the encoding 'REDACTEDxxx") as caught,
    ):
        face(server.base_url)
    told = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in told
    assert "x" * 200 not in told


@each_face
def test_an_error_page_nested_too_deeply_to_be_read_is_shown_as_it_is(face: Face) -> None:
    deep = b'{"a":' + b"[" * 4000
    with (
        RawServer(saying(answer(deep, JSON, status=b"500 Oh"))) as server,
        pytest.raises(ServerError) as caught,
    ):
        face(server.base_url)
    assert caught.value.excerpt.startswith('{"a":[[[')


@pytest.mark.parametrize("send", http_faces.FACES)
def test_of_a_secret_answer_nothing_is_shown(send: Callable[..., object]) -> None:
    request = Request(method="GET", template="/api/Scim/Token", secret_answer=True)
    with (
        RawServer(saying(answer(b'{"token": "abc"}')[:-2])) as server,
        pytest.raises(WATSConnectionError, match="after status 200 \\[") as caught,
    ):
        send(server.base_url, request)
    assert caught.value.excerpt == ""
    with (
        RawServer(saying(answer(b"no", status=b"403 Forbidden"))) as server,
        pytest.raises(WATSStatusError, match="answered 403 Forbidden: no"),
    ):
        send(server.base_url, request)


@each_face
def test_a_redirect_takes_neither_credentials_nor_id_to_another_server(face: Face) -> None:
    with RawServer(saying(answer(b"{}"))) as elsewhere:
        location = b"Location: " + elsewhere.base_url.encode()
        with (
            RawServer(saying(answer(b"", location, status=b"307 Temporary Redirect"))) as server,
            pytest.raises(WATSStatusError) as caught,
        ):
            face(server.base_url)
    assert caught.value.status == 307
    assert len(server.heads) == 1
    assert elsewhere.heads == []


def test_no_cookie_is_kept() -> None:
    cookie = b"Set-Cookie: session=1; Path=/"
    with (
        RawServer(saying(answer(b'{"partNumber":"A"}', cookie, b"Connection: close"))) as server,
        pyWATS(server.base_url, TOKEN) as api,
    ):
        for _ in range(2):
            assert api.product.get_product("A").part_number == "A"
    assert len(server.heads) == 2
    assert b"session" not in b"".join(server.heads)


@each_face
def test_five_gigabytes_are_refused_before_the_first_byte(face: Face) -> None:
    def announce(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n")
        closed.append(connection.recv(1))

    closed: list[bytes] = []
    with (
        RawServer(announce) as server,
        pytest.raises(WATSDecodeError, match="larger than max_response_bytes=268435456"),
    ):
        face(server.base_url)
    assert closed == [b""]


def pour(head: bytes, piece: bytes) -> Callable[[socket.socket, bytes], None]:
    """Return what sends the head, and then the piece over and over again."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return answer


def bomb(size: int) -> bytes:
    """Return ``size`` zeros, compressed."""
    squeeze = zlib.compressobj(9, wbits=31)
    zeros = bytes(MEBIBYTE)
    return b"".join(squeeze.compress(zeros) for _ in range(size // MEBIBYTE)) + squeeze.flush()


@contextmanager
def room(size: int) -> Iterator[None]:
    """Assert that no more than ``size`` bytes are in use at a time inside the block."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


OK = b"HTTP/1.1 200 OK\r\n"
FLOODS = {
    "a body without an end": pour(OK + b"\r\n", b"x" * 65536),
    "chunks without an end": pour(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    ),
    "a gzip bomb": saying(answer(bomb(512 * MEBIBYTE), GZIP)),
    "gzip files without an end": pour(OK + GZIP + b"\r\n\r\n", bomb(MEBIBYTE)),
}


@each_face
@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_ends_at_the_limit(face: Face, flood: str) -> None:
    with (
        RawServer(FLOODS[flood]) as server,
        room(8 * MEBIBYTE),
        pytest.raises(WATSDecodeError, match="larger than max_response_bytes=1000000") as caught,
    ):
        face(server.base_url, max_response_bytes=1_000_000)
    assert caught.value.status == 200


@each_face
@pytest.mark.parametrize("length", [b"", b"Content-Length: 5000000000\r\n"])
def test_an_error_page_without_an_end_is_not_waited_for(face: Face, length: bytes) -> None:
    flood = pour(b"HTTP/1.1 500 Oh\r\n" + length + b"\r\n", b"sorry " * 1000)
    with (
        RawServer(flood) as server,
        room(4 * MEBIBYTE),
        pytest.raises(ServerError, match="answered 500 Internal Server Error: sorry sorry"),
    ):
        face(server.base_url)


@each_face
@pytest.mark.parametrize(
    "flood",
    [
        pour(OK, b"X-Flood: " + b"x" * 1000 + b"\r\n"),
        pour(OK + b"X-Flood: ", b"x" * 1000),
        pour(b"HTTP/1.1 200 ", b"x" * 1000),
        pour(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 1000),
        pour(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Flood: x\r\n"),
    ],
    ids=["headers", "a header", "a reason", "a chunk extension", "trailers"],
)
def test_a_flood_of_what_is_no_body_is_not_http(face: Face, flood: Any) -> None:
    with (
        RawServer(flood) as server,
        room(8 * MEBIBYTE),
        pytest.raises(WATSConnectionError, match="not HTTP") as caught,
    ):
        face(server.base_url)
    assert not caught.value.transient


@each_face
def test_a_large_answer_within_the_limit_comes_through(face: Face) -> None:
    part = b'{"partNumber":"' + b"A" * MEBIBYTE + b'"}'
    with RawServer(saying(answer(gzip.compress(part), GZIP, JSON))) as server:
        product = face(server.base_url, max_response_bytes=len(part))
    assert len(product.part_number) == MEBIBYTE


@each_face
def test_decompressing_ends_with_the_limit_of_time(face: Face) -> None:
    zeros = bomb(64 * MEBIBYTE) * 64
    with RawServer(saying(answer(zeros, GZIP))) as server:
        times_out(lambda: face(server.base_url, timeout=LIMIT, max_response_bytes=None))
