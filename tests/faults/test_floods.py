"""Responses without an end, and small ones that decompress to enormous ones."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pywats.errors import CallConnectionError, ServerError, WATSDecodeError
from tests.faults.faces import certificates, each_attempt, each_face, each_transport
from tests.faults.timing import LIMIT, times_out
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    import socket

Face = Callable[..., Any]
MEBIBYTE = 1024 * 1024
JSON = b"Content-Type: application/json"
GZIP = b"Content-Encoding: gzip"


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

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return respond


@cache
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
# Made by the tests: each worker would make the bomb when it collects them.
FLOODS: dict[str, Callable[[], Callable[[socket.socket, bytes], None]]] = {
    "a body without an end": lambda: pour(OK + b"\r\n", b"x" * 65536),
    "chunks without an end": lambda: pour(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    ),
    "a gzip bomb": lambda: saying(response(bomb(512 * MEBIBYTE), GZIP)),
    "gzip files without an end": lambda: pour(OK + GZIP + b"\r\n\r\n", bomb(MEBIBYTE)),
    "empty gzip files without an end": lambda: pour(
        OK + GZIP + b"\r\n\r\n", gzip.compress(b"") * 3000
    ),
    "padding of a gzip file without an end": lambda: pour(
        OK + GZIP + b"\r\n\r\n" + gzip.compress(b"{}"), bytes(65536)
    ),
}


@each_face
@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_ends_at_the_limit(face: Face, flood: str) -> None:
    with (
        RawServer(FLOODS[flood]()) as server,
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
        pytest.raises(ServerError, match="returned 500 Internal Server Error: sorry sorry"),
    ):
        face(server.base_url)


@each_transport
@pytest.mark.parametrize("status", [b"200 OK", b"500 Oh"])
def test_a_service_of_ones_own_reads_a_body_without_an_end_until_its_limit_of_time(
    face: Face, status: bytes
) -> None:
    # httpx has no limit of size.
    def pour_slowly(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n\r\n")
        while True:
            connection.sendall(b"x" * 1000)
            time.sleep(0.01)

    trusted = certificates()
    with RawServer(pour_slowly) as server:
        error = times_out(lambda: face(server.base_url, timeout=LIMIT, verify_ssl=trusted))
    assert error.phase == "read"


@each_transport
def test_a_service_that_reads_no_further_ends_the_flood(face: Face) -> None:
    def pour_out(connection: socket.socket, request: bytes) -> None:
        try:
            FLOODS["a body without an end"]()(connection, request)
        except OSError as error:
            ended.append(error)

    ended: list[OSError] = []
    with RawServer(pour_out) as server, room(8 * MEBIBYTE):
        assert face(server.base_url, "first_bytes", 1_000_000) >= 1_000_000
    assert len(ended) == 1


@each_attempt
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
        pytest.raises(CallConnectionError, match="not HTTP") as caught,
    ):
        face(server.base_url)
    assert not caught.value.transient


@each_face
def test_a_large_response_within_the_limit_comes_through(face: Face) -> None:
    part = b'{"partNumber":"' + b"A" * MEBIBYTE + b'"}'
    with RawServer(saying(response(gzip.compress(part), GZIP, JSON))) as server:
        product = face(server.base_url, max_response_bytes=len(part))
    assert len(product.part_number) == MEBIBYTE


@each_face
def test_decompressing_ends_with_the_limit_of_time(face: Face) -> None:
    zeros = bomb(64 * MEBIBYTE) * 64
    with RawServer(saying(response(zeros, GZIP))) as server:
        times_out(lambda: face(server.base_url, timeout=LIMIT, max_response_bytes=None))
