"""Interrupt calls that wait for a silent server, at random moments, by real signals.

Run as a program: it prints how late each interrupt was, in seconds, after the client. In between,
it interrupts a mere sleep, which is as late as the machine is busy.
"""

from __future__ import annotations

import faulthandler
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import CLIENTS, Client
from tests.faults.tiny_server import TinyServer

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 90
"""Fewer than there are places in a pool: httpcore's can lose some (its issue 1093)."""


def main() -> None:
    faulthandler.dump_traceback_later(200, exit=True)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    draw = random.Random(1)  # noqa: S311 - not cryptography
    base_url = TinyServer().start().base_url
    for kind in CLIENTS:
        client = Client(kind, base_url, timeout=60)
        # What is imported in a first call is imported now: an interrupt that meets a weak
        # reference's callback, such as that of the import lock, is swallowed by the interpreter.
        assert client.product.get_product("A").part_number == "A"
        with suppress(TimeoutError):
            Client(kind, base_url, timeout=0.01).product.get_product("silent")
        for _ in range(COUNT):
            after = draw.uniform(0.0002, 0.002)
            interrupt(kind, after, lambda: client.product.get_product("silent"))  # noqa: B023 - called at once
            interrupt("sleep", after, sleep)
        assert client.product.get_product("A").part_number == "A"


def sleep() -> None:
    # A signal that comes before the system call has begun does not end it.
    while True:
        time.sleep(0.01)


def interrupt(what: str, after: float, call: Callable[[], object]) -> None:
    started = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, after)
        call()
    except KeyboardInterrupt:
        print(what, time.monotonic() - started - after)


if __name__ == "__main__":
    main()
