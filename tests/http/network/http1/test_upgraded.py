"""The stream of a connection that carries another protocol, with bytes of it read already."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpcore

from pywats.http.network.http1.upgraded import UpgradedStream
from tests.http.tcp_server import TcpServer
from tests.waiting import HANGS

if TYPE_CHECKING:
    import socket


def test_bytes_that_came_with_the_response_are_read_first() -> None:
    asked, ended = threading.Event(), threading.Event()

    def serve(connection: socket.socket) -> None:
        assert connection.recv(100) == b"abc"
        asked.set()
        assert connection.recv(100) == b""
        ended.set()

    with TcpServer(serve) as server:
        inner = httpcore.SyncBackend().connect_tcp("127.0.0.1", server.port)
        stream = UpgradedStream(inner, b"early")
        assert stream.get_extra_info("is_readable") is True
        assert stream.read(3) == b"ear"
        assert stream.get_extra_info("is_readable") is True
        assert stream.read(100) == b"ly"
        assert stream.get_extra_info("is_readable") is False
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        stream.write(b"abc")
        assert asked.wait(HANGS)
        stream.close()
        assert ended.wait(HANGS)
