"""Each toxic does what its name says, seen from a plain socket."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.proxy import (
    Bandwidth,
    FaultProxy,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
)
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = b"GET / HTTP/1.1\r\n\r\n"


def say_hello(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"hello")


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with RawServer(say_hello) as server, FaultProxy(("127.0.0.1", server.port)) as running:
        yield running


def pieces(proxy: FaultProxy, end: float = 5.0) -> list[tuple[float, bytes]]:
    """Return all that comes, the end included, with the time since the request."""
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.settimeout(end)
        started = time.monotonic()
        connection.sendall(HEAD)
        received: list[tuple[float, bytes]] = []
        while not received or received[-1][1]:
            data = connection.recv(100)
            received.append((time.monotonic() - started, data))
        return received


def test_without_a_toxic_all_comes_through(proxy: FaultProxy) -> None:
    assert b"".join(data for _, data in pieces(proxy)) == b"hello"
    assert proxy.accepted == 1


def test_latency_delays(proxy: FaultProxy) -> None:
    proxy.add(Latency(0.1, jitter=0.02))
    assert pieces(proxy)[0][0] >= 0.11


def all_of(received: list[tuple[float, bytes]]) -> bytes:
    """Return what came, however it was cut: pieces that wait for a reader become one."""
    return b"".join(data for _, data in received)


def test_bandwidth_limits_the_rate(proxy: FaultProxy) -> None:
    proxy.add(Bandwidth(50))
    received = pieces(proxy)
    assert all_of(received) == b"hello"
    assert received[-1][0] >= 0.1


def test_slow_close_delays_the_end_alone(proxy: FaultProxy) -> None:
    proxy.add(SlowClose(0.15))
    received = pieces(proxy)
    assert all_of(received) == b"hello"
    assert received[-1][0] >= 0.15


def test_timeout_swallows_everything_and_closes(proxy: FaultProxy) -> None:
    proxy.add(Timeout(0.1))
    ((end, data),) = pieces(proxy)
    assert data == b""
    assert end >= 0.1


def test_timeout_of_zero_never_closes(proxy: FaultProxy) -> None:
    proxy.add(Timeout())
    with pytest.raises(TimeoutError):
        pieces(proxy, end=0.1)


def test_reset_peer_resets(proxy: FaultProxy) -> None:
    proxy.add(ResetPeer(0.05))
    with pytest.raises(ConnectionResetError):
        pieces(proxy)


def test_slicer_cuts_and_delays(proxy: FaultProxy) -> None:
    proxy.add(Slicer(2, size_variation=1, delay=0.03))
    received = pieces(proxy)
    assert all_of(received) == b"hello"
    # Three pieces, a pause after each.
    assert received[-1][0] >= 0.09


def test_limit_data_closes_after_so_many_bytes(proxy: FaultProxy) -> None:
    proxy.add(LimitData(3))
    for _ in range(2):
        assert all_of(pieces(proxy)) == b"hel"


def test_upstream_toxics_meet_the_request_and_healing_removes_them(proxy: FaultProxy) -> None:
    proxy.add(Latency(0.1), "upstream")
    assert pieces(proxy)[0][0] >= 0.1
    proxy.add(LimitData(2), "upstream")
    assert all_of(pieces(proxy)) == b""
    proxy.heal()
    assert all_of(pieces(proxy)) == b"hello"


def test_toxics_add_up(proxy: FaultProxy) -> None:
    proxy.add(LimitData(2)).add(Slicer(1, delay=0.03))
    received = pieces(proxy)
    assert all_of(received) == b"he"
    assert received[-1][0] >= 0.03
