"""Hosts of many addresses, and the look-up of their names."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pywats.errors import WATSClosedError, WATSConnectionError
from pywats.http import AsyncPort, BlockingPort, Endpoint, Response
from pywats.http.network import async_connect, connect, dns
from pywats.http.network.connect import peer_of
from tests.faults.calls import send
from tests.faults.network import black_hole, resolver
from tests.http.faces import FACES, GET, blocking
from tests.http.raw_server import RawServer, saying
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
each_face = pytest.mark.parametrize("face", FACES)


def know(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(lambda: list(addresses)))


@each_face
def test_a_name_is_looked_up_and_sent_as_the_host(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "127.0.0.1")
    with RawServer(saying(OK)) as server:
        assert face(f"http://wats.test:{server.port}").content == b"{}"
    assert f"\r\nHost: wats.test:{server.port}\r\n".encode() in server.heads[0]


@each_face
def test_the_next_address_is_tried_after_one_that_refuses(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of 127.0.0.0/8 is this machine; the server listens on one address of it.
    # The last of them is for broadcasts, which cannot be connected to.
    know(monkeypatch, "127.255.255.255", "127.0.0.2", "127.0.0.3", "127.0.0.1")
    for module in (connect, async_connect):
        monkeypatch.setattr(module, "STAGGER", 90.0)
    with RawServer(saying(OK)) as server:
        started = time.monotonic()
        assert face(f"http://wats.test:{server.port}", timeout=600).content == b"{}"
    # One that refuses is not waited for.
    assert time.monotonic() - started < 90


@each_face
def test_where_the_first_address_responds_no_other_is_tried(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "127.0.0.1", "127.0.0.2")
    with RawServer(saying(OK)) as server:
        assert face(f"http://wats.test:{server.port}").content == b"{}"
    assert len(server.heads) == 1


@each_face
def test_an_address_that_swallows_packets_costs_a_quarter_of_a_second(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with black_hole("127.0.0.2") as port, RawServer(saying(OK), port=port) as server:
        know(monkeypatch, "127.0.0.2", "127.0.0.1")
        started = time.monotonic()
        assert face(f"http://wats.test:{server.port}").content == b"{}"
        assert 0.25 <= time.monotonic() - started < 60


@each_face
def test_the_first_reason_is_told_if_no_address_responds(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, "127.0.0.2", "127.0.0.3")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(WATSConnectionError, match=r"no connection \(\[Errno 111\] Conn") as caught,
    ):
        face(f"http://wats.test:{listener.getsockname()[1]}")
    assert caught.value.transient


@each_face
def test_a_name_without_an_address_is_told(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)
    with pytest.raises(WATSConnectionError, match=r"no connection \(wats.test has no address\)"):
        face("http://wats.test")


def test_a_look_up_is_shared_by_those_who_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up() -> list[str]:
        lookups.append(threading.current_thread().name)
        assert responded.wait(120)
        return ["127.0.0.1"]

    lookups: list[str] = []
    responded = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", resolver(look_up))
    with RawServer(saying(OK)) as server, ThreadPoolExecutor(8) as threads:
        port = BlockingPort(Endpoint(f"http://wats.test:{server.port}", "Basic eA=="))
        calls = [threads.submit(send, port, GET) for _ in range(4)]
        waits = [threads.submit(FACES[1], f"http://wats.test:{server.port}", GET) for _ in range(4)]
        eventually(lambda: [len(each._waiting) for each in dns._running.values()] == [8])
        responded.set()
        assert [each.result().content for each in calls + waits] == [b"{}"] * 8
        port.close()
    assert lookups == ["resolve wats.test"]


def test_nothing_is_kept_of_a_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up() -> list[str]:
        lookups.append(None)
        return ["127.0.0.1"]

    lookups: list[None] = []
    monkeypatch.setattr(socket, "getaddrinfo", resolver(look_up))
    with RawServer(saying(OK)) as server:
        for _ in range(2):
            assert FACES[0](f"http://wats.test:{server.port}").content == b"{}"
    assert len(lookups) == 2


@each_face
@pytest.mark.parametrize(
    "reason",
    # As Python 3.12 says it, and where the system allows no more threads.
    ["can't create new thread at interpreter shutdown", "can't start new thread"],
)
def test_without_a_new_thread_the_look_up_is_made_at_once(
    face: Face, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: threading.Thread) -> None:
        if self.name.startswith("resolve"):
            raise RuntimeError(reason)
        start(self)

    start = threading.Thread.start
    know(monkeypatch, "127.0.0.1")
    with RawServer(saying(OK)) as server:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        assert face(f"http://wats.test:{server.port}").content == b"{}"


def test_an_interrupted_start_of_a_look_up_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(_: threading.Thread) -> None:
        monkeypatch.undo()
        know(monkeypatch, "127.0.0.1")
        raise KeyboardInterrupt

    know(monkeypatch, "127.0.0.1")
    with RawServer(saying(OK)) as server:
        base_url = f"http://wats.test:{server.port}"
        monkeypatch.setattr(threading.Thread, "start", interrupt)
        with pytest.raises(KeyboardInterrupt):
            FACES[0](base_url)
        assert FACES[0](base_url).content == b"{}"


async def test_whoever_leaves_does_not_disturb_a_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up() -> list[str]:
        threads.append(threading.current_thread())
        assert responded.wait(120)
        return ["127.0.0.1"]

    threads: list[threading.Thread] = []
    responded = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", resolver(look_up))
    port = AsyncPort(Endpoint("http://wats.test", "Basic eA=="))
    task = asyncio.create_task(port.send(GET))
    await asyncio.to_thread(eventually, lambda: threads)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await port.close()
    responded.set()
    await asyncio.to_thread(threads[0].join, 120)
    assert not threads[0].is_alive()


def test_closing_the_client_while_it_connects_ends_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    know(monkeypatch, "127.0.0.1", "127.0.0.1", "127.0.0.1")
    with black_hole() as hole, ThreadPoolExecutor(1) as threads:
        port = BlockingPort(Endpoint(f"http://wats.test:{hole}", "Basic eA=="), timeout=60)
        call = threads.submit(send, port, GET)
        time.sleep(0.1)
        port.close()
        assert isinstance(call.exception(120), WATSClosedError)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_closing_the_client_while_it_connects_ends_the_call_in_a_loop(scheme: str) -> None:
    with ExitStack() as stack:
        if scheme == "http":
            number = stack.enter_context(black_hole())
        else:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            number = listener.getsockname()[1]
        port = AsyncPort(Endpoint(f"{scheme}://127.0.0.1:{number}", "Basic eA=="), timeout=60)
        call = asyncio.create_task(port.send(GET))
        await asyncio.sleep(0.1)
        await port.close()
        with pytest.raises(WATSClosedError):
            await asyncio.wait_for(call, 120)


@pytest.mark.parametrize("turns", range(8))
async def test_a_cancellation_is_not_lost_when_the_loop_was_blocked(turns: int) -> None:
    def block(turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(block, turns - 1)
        else:
            # After it the next address is due, and the call is cancelled.
            time.sleep(0.26)

    # The server never answers, so that only the cancellation can end the call.
    with RawServer(lambda connection, _: connection.recv(1)) as server:
        port = AsyncPort(Endpoint(server.base_url, "Basic eA=="), timeout=60)
        call = asyncio.create_task(port.send(GET))
        asyncio.get_running_loop().call_soon(block, turns)
        with pytest.raises(TimeoutError) as caught:
            await asyncio.wait_for(call, 0.1)
        assert type(caught.value) is TimeoutError
        await port.close()


@pytest.mark.parametrize("timeout", [timedelta(days=30).total_seconds(), 1e10])
def test_a_limit_longer_than_the_system_can_wait_is_kept_in_any_thread(timeout: float) -> None:
    with (
        RawServer(saying(OK)) as server,
        ThreadPoolExecutor(1) as thread,
    ):
        response = thread.submit(blocking, server.base_url, timeout=timeout)
        assert response.result(120).content == b"{}"


def test_a_socket_whose_other_end_has_gone_has_no_peer() -> None:
    with socket.socket() as never_connected:
        assert peer_of(never_connected) is None


def test_what_a_signal_handler_raises_is_not_taken_for_a_peer_that_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing makes a signal come in the midst of getpeername().
    monkeypatch.setattr(connect, "raised_by_signal_handler", lambda _: True)
    with socket.socket() as never_connected, pytest.raises(OSError, match="not connected"):
        peer_of(never_connected)
