"""A socket as a stream of an event loop."""

from __future__ import annotations

import socket

import anyio
import pytest

from pywats.http.network.async_stream import SocketByteStream


async def test_a_stream_that_was_closed_neither_sends_nor_receives() -> None:
    near, far = socket.socketpair()
    near.setblocking(False)
    with far:
        stream = SocketByteStream(near)
        await stream.send(b"before")
        await stream.aclose()
        await stream.aclose()
        with pytest.raises(anyio.ClosedResourceError):
            await stream.send(b"after")
        with pytest.raises(anyio.ClosedResourceError):
            await stream.receive()
        assert far.recv(100) == b"before"
        assert far.recv(100) == b""


async def test_a_stream_has_no_end_of_its_own() -> None:
    near, far = socket.socketpair()
    with near, far, pytest.raises(NotImplementedError):
        await SocketByteStream(near).send_eof()
