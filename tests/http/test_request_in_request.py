"""A request that is sent in the middle of another one of the same thread, by a signal handler."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from pywats.errors import WATSConnectionError
from tests.faults.calls import limited
from tests.faults.proxy import FaultProxy, Latency
from tests.http.faces import POST, blocking
from tests.http.raw_server import RawServer, saying

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


def test_its_limit_is_not_that_of_the_other(after: Schedule) -> None:
    def answer_slowly(connection: socket.socket, _: bytes) -> None:
        for byte in OK:
            connection.sendall(bytes([byte]))
            time.sleep(0.01)

    def send_another() -> None:
        with limited(0.2):
            inside.append(blocking(server.base_url).content)

    inside: list[bytes] = []
    with RawServer(answer_slowly) as slow, RawServer(saying(OK)) as server:
        after(0.1, send_another)
        assert blocking(slow.base_url, timeout=10).content == b"{}"
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
        with pytest.raises(WATSConnectionError, match="the server hung up") as caught:
            blocking(f"https://127.0.0.1:{slow.port}", POST, settings=trusting)
    assert inside == [b"{}"]
    assert len(mute.heads) == 1
    assert caught.value.may_have_been_executed
