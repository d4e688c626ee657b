from __future__ import annotations

import gzip
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.cli.fetch import UnusableResponseError, fetch, in_time
from tests.cli.responding import Responding, Response
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


def test_a_response_is_returned_whole() -> None:
    response = Response(404, gzip.compress(b"none"), {"content-encoding": "gzip", "x": "y"})
    with Responding(response) as server:
        fetched = fetch("POST", server.url, 10, headers={"accept": "a/b"}, content=b"1")
        assert server.seen[0][1]["accept"] == "a/b"
    assert (fetched.status, fetched.content, fetched.tls) == (404, b"none", None)
    assert fetched.headers["x"] == "y"


def test_a_body_beyond_the_limit_is_refused() -> None:
    bomb = Response(200, gzip.compress(bytes(10_000_000)), {"content-encoding": "gzip"})
    with (
        Responding(bomb) as server,
        pytest.raises(UnusableResponseError, match="larger than max_response_bytes=1000000"),
    ):
        fetch("GET", server.url, 10, max_bytes=1_000_000)


def trickle(start: bytes) -> Callable[[socket.socket, bytes], None]:
    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        # Until the client hangs up.
        with suppress(OSError):
            while True:
                connection.sendall(b"a")
                time.sleep(0.05)

    return behave


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["headers", "body"],
)
def test_the_limit_of_time_is_one_for_the_whole_response(start: bytes) -> None:
    with (
        RawServer(trickle(start)) as server,
        pytest.raises(httpx.ReadTimeout, match="no complete response within 0.5 s"),
    ):
        fetch("GET", server.base_url, 0.5)


def test_what_the_function_raises_is_raised() -> None:
    def fail() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        in_time(10, fail)


def test_a_late_function_is_not_waited_for() -> None:
    end = threading.Event()
    with pytest.raises(httpx.ReadTimeout):
        in_time(0.05, end.wait)
    end.set()
