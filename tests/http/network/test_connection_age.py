"""Connections that live as long as they should: age, keep-alive of TCP, families by turns."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint
from pywats.http.network import async_connection, connection, route
from pywats.http.network.connect import set_options
from pywats.http.network.dns import resolve, resolve_async
from tests.faults.calls import send
from tests.http.faces import GET
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    from collections.abc import Callable

    Calls = Callable[[str, ConnectionSettings, Callable[[int], None]], list[bytes]]


class Clock:
    """The monotonic clock, moved on by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = 0.0
        for module in (route, connection, async_connection):
            monkeypatch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += seconds


def blocking(
    base_url: str, settings: ConnectionSettings, before: Callable[[int], None]
) -> list[bytes]:
    port = BlockingPort(Endpoint(base_url, "Basic eA=="), settings, timeout=60)
    responses = []
    for number in range(3):
        before(number)
        responses.append(send(port, GET).content)
    port.close()
    return responses


def asynchronous(
    base_url: str, settings: ConnectionSettings, before: Callable[[int], None]
) -> list[bytes]:
    async def main() -> list[bytes]:
        port = AsyncPort(Endpoint(base_url, "Basic eA=="), settings, timeout=60)
        responses = []
        for number in range(3):
            before(number)
            responses.append((await port.send(GET)).content)
        await port.close()
        return responses

    return asyncio.run(main())


def name_itself(client: socket.socket, _: bytes) -> None:
    """Answer every request with the address that it came in by."""
    address = client.getsockname()[0].encode()
    while True:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(address) + address)
        if not client.recv(65536):
            return


@pytest.mark.parametrize("calls", [blocking, asynchronous])
@pytest.mark.parametrize(
    ("age", "seen"),
    [
        (30, [b"127.0.0.1", b"127.0.0.1", b"127.0.0.2"]),
        (None, [b"127.0.0.1", b"127.0.0.1", b"127.0.0.1"]),
    ],
)
def test_a_busy_client_follows_a_change_of_dns(
    calls: Calls, age: float | None, seen: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    look_up = socket.getaddrinfo
    address = ["127.0.0.1"]

    def resolver(host: str, port: int, *options: int) -> object:
        return look_up(address[0] if host == "wats.test" else host, port, *options)

    def before(number: int) -> None:
        if number == 1:
            address[0] = "127.0.0.2"
        clock.move(15)

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with RawServer(name_itself, host="") as server:
        settings = ConnectionSettings(max_connection_age=age)
        assert calls(f"http://wats.test:{server.port}", settings, before) == seen


def test_a_peer_that_has_gone_is_noticed() -> None:
    with socket.socket() as sock:
        set_options(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 15
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 4


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (["::1", "::2", "::3", "1.0.0.1"], ["::1", "1.0.0.1", "::2", "::3"]),
        (["1.0.0.1", "1.0.0.2", "::1", "::2"], ["1.0.0.1", "::1", "1.0.0.2", "::2"]),
        (["1.0.0.2", "1.0.0.1"], ["1.0.0.2", "1.0.0.1"]),
    ],
)
def test_families_are_tried_by_turns(
    found: list[str], tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8305 section 4: many silent addresses of one family do not hold up the other."""
    look_up = socket.getaddrinfo

    def positional(host: str, port: int, family: int, kind: int, /) -> object:
        assert host == "wats.test"
        # A generator, as some replacements return.
        return (entry for each in found for entry in look_up(each, port, family, kind))

    monkeypatch.setattr(socket, "getaddrinfo", positional)
    blocking_result = resolve("wats.test", 80, lambda: 5)
    assert [address[0] for _, address in blocking_result] == tried
    result = asyncio.run(resolve_async("wats.test", 80))
    assert [address[0] for _, address in result] == tried
