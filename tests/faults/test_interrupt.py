"""Ctrl-C ends a call at once, wherever it is, and the client goes on to work."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pywats.sandbox import Fault, Sandbox
from tests.faults.faces import blocking
from tests.faults.network import black_hole
from tests.faults.programs.clients import CLIENTS
from tests.http.raw_server import RawServer, saying
from tests.untraced import untraced

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")

PROGRAMS = Path(__file__).parent / "programs"
PRODUCT = b'{"partNumber":"A"}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PRODUCT) + PRODUCT
PROMPT = 0.1
each_client = pytest.mark.parametrize("client", CLIENTS)


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAMS / program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=untraced(),
    )


class Silent:
    """Responds to nobody before it is told to, and keeps the time at which clients went away."""

    def __init__(self) -> None:
        self.speaks = False
        self.gone: list[float] = []

    def speak(self) -> None:
        self.speaks = True

    def serve(self, connection: socket.socket, _: bytes) -> None:
        if self.speaks:
            connection.sendall(OK)
            return
        assert connection.recv(1) == b""
        self.gone.append(time.monotonic())


def interrupted(
    client: str,
    where: str,
    base_url: str,
    go_on: Callable[[], object],
    thread: str = "",
    arrived: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """Interrupt a call and return when, and how long after that it had ended.

    Args:
        client: Which of the `CLIENTS` makes the call.
        where: What the program waits for.
        base_url: Address of the server.
        go_on: Lets the second call succeed.
        thread: A thread that there is in the end beside the main thread.
        arrived: Waits until the server has the request, if it gets one.
    """
    others = [thread] if thread else []
    with child("interrupted.py", client, where, base_url) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        arrived()
        time.sleep(0.15)  # until it waits where a user would find it
        if where == "asyncio.run":
            # It makes a cancellation at the next await of the first one.
            process.send_signal(signal.SIGINT)
            time.sleep(0.15)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        ended = process.stdout.readline()
        go_on()
        output, errors = process.communicate("\n", timeout=240)
        assert process.returncode == 0, errors
    if client == "call":
        # The loop, which has not begun yet where the interrupt met the imports of a first call.
        output = output.replace(", 'pywats-portal'", "")
    assert output == f"A {['MainThread', *others]}\n"
    return sent, float(ended) - sent


def is_prompt(attempt: Callable[[], float]) -> None:
    """Assert that the interrupt arrives in time; the machine may be late twice, as for limits."""
    late: list[float] = []
    while len(late) < 3:
        took = attempt()
        if took <= PROMPT:
            return
        late.append(took)
    pytest.fail(f"the interrupt took {late} s")


@pytest.mark.parametrize(
    ("client", "where"),
    [
        *(("wats", where) for where in ("read", "loop", "asyncio.run", "awaited")),
        ("direct", "read"),
        ("direct", "loop"),
        ("call", "read"),
    ],
)
def test_while_reading_it_ends_the_connection_too(client: str, where: str) -> None:
    def attempt() -> float:
        silent = Silent()
        with RawServer(silent.serve) as server:
            sent, took = interrupted(
                client, where, server.base_url, silent.speak, arrived=server.wait_for_request
            )
        (gone,) = silent.gone
        return max(took, gone - sent)

    is_prompt(attempt)


@each_client
def test_while_connecting(client: str) -> None:
    def attempt() -> float:
        with ExitStack() as hole, ExitStack() as later:
            port = hole.enter_context(black_hole())

            def go_on() -> None:
                hole.close()
                later.enter_context(RawServer(saying(OK), port=port))

            return interrupted(client, "connect", f"http://127.0.0.1:{port}", go_on)[1]

    is_prompt(attempt)


# What is inside a CallTransport looks names up in threads of its event loop, which stay.
@pytest.mark.parametrize("client", ["wats", "direct"])
def test_while_looking_up_a_name(client: str) -> None:
    def attempt() -> float:
        with RawServer(saying(OK)) as server:
            base_url = f"http://localhost:{server.port}"
            # The look-up itself cannot be interrupted; nobody waits for it.
            thread = "resolve localhost"
            return interrupted(client, "look-up", base_url, lambda: None, thread)[1]

    is_prompt(attempt)


@each_client
def test_while_waiting_for_the_next_attempt(client: str) -> None:
    def attempt() -> float:
        with Sandbox() as sandbox:
            blocking(sandbox.base_url, "create_product", "A")
            sandbox.inject("GET", "*", Fault.status(503))
            took = interrupted(
                client,
                "backoff",
                sandbox.base_url,
                sandbox.heal,
                arrived=lambda: sandbox.wait_for_requests(2, timeout=120),
            )[1]
            assert len(sandbox.requests) == 3
        return took

    is_prompt(attempt)


def test_at_every_moment_nothing_is_left() -> None:
    with child("sweep.py") as process:
        output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    moments = {client: int(count) for client, count in map(str.split, output.splitlines())}
    assert list(moments) == list(CLIENTS)
    # There would be far fewer moments if the calls had not gone all the way.
    assert moments["wats"] > 500
    assert moments["direct"] > 500
    assert moments["call"] > 30


def test_signals_at_random_moments_are_never_late() -> None:
    with child("random_signals.py") as process:
        output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    told = list(map(split_last, output.splitlines()))
    assert Counter(what for what, _ in told) == {**dict.fromkeys(CLIENTS, 90), "sleep": 270}
    late = sorted(float(delay) for what, delay in told if what != "sleep")[-10:]
    # The machine may hold up a few calls, as it does a mere sleep.
    machine = max(float(delay) for what, delay in told if what == "sleep")
    assert late[0] <= PROMPT + machine, (late, machine)
    assert late[-1] <= 2 + machine, (late, machine)


def test_a_signal_that_no_system_call_notices_is_seen_all_the_same() -> None:
    def attempt() -> float:
        with child("unseen_signals.py") as process:
            output, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors
        delays = {what: float(late) for what, late in map(split_last, output.splitlines())}
        assert list(delays) == [
            "reading",
            "reading, direct",
            "reading, call",
            "waiting for the next attempt",
            "connecting",
            "looking up",
            "waiting for a connection",
        ]
        return max(delays.values())

    is_prompt(attempt)


def split_last(line: str) -> tuple[str, str]:
    what, _, late = line.rpartition(" ")
    return what, late
