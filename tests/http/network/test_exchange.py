"""A request that is sent in the middle of another one of the same thread, by a signal handler."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pywats.errors import WATSConnectionError
from tests.faults.calls import limited
from tests.faults.proxy import FaultProxy, Latency
from tests.http.faces import POST, blocking
from tests.http.raw_server import RawServer, saying
from tests.skipped_time import LIMIT, SkippedTime
from tests.waiting import eventually

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pywats.http import ConnectionSettings

    Schedule = Callable[[float, Callable[[], object]], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def after() -> Iterator[Schedule]:
    """Have something done in the main thread after so many seconds, whatever it does then."""
    before = signal.getsignal(signal.SIGALRM)

    def schedule(seconds: float, action: Callable[[], object]) -> None:
        def act(_: int, __: FrameType | None) -> None:
            action()

        signal.signal(signal.SIGALRM, act)
        signal.setitimer(signal.ITIMER_REAL, seconds)

    yield schedule
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_its_limit_is_not_that_of_the_other(skipped_time: SkippedTime) -> None:
    def send_another(*_: object) -> None:
        with limited(LIMIT):
            inside.append(blocking(server.base_url).content)

    def respond_slowly(connection: socket.socket, _: bytes) -> None:
        connection.sendall(OK[:20])
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        eventually(lambda: inside)
        skipped_time.skip()
        connection.sendall(OK[20:])

    inside: list[bytes] = []
    before = signal.signal(signal.SIGUSR1, send_another)
    try:
        with RawServer(respond_slowly) as slow, RawServer(saying(OK)) as server:
            assert blocking(slow.base_url, timeout=10 * LIMIT).content == b"{}"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert inside == [b"{}"]


def test_what_is_sent_after_it_is_known_to_be_sent(
    after: Schedule, context: ssl.SSLContext, trusting: ConnectionSettings
) -> None:
    inside: list[bytes] = []
    with (
        RawServer(saying(b""), tls=context) as mute,
        RawServer(saying(OK)) as server,
        FaultProxy(("127.0.0.1", mute.port)) as slow,
    ):
        slow.add(Latency(0.2))
        after(0.1, lambda: inside.append(blocking(server.base_url).content))
        with pytest.raises(WATSConnectionError, match="the server closed the connection") as caught:
            blocking(f"https://127.0.0.1:{slow.port}", POST, settings=trusting)
    assert inside == [b"{}"]
    assert len(mute.heads) == 1
    assert caught.value.may_have_been_executed
