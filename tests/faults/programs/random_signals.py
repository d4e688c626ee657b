"""Interrupt calls that wait for a silent server, at random moments, by real signals.

Run as a program: it prints how late each interrupt was, in seconds, after the client.
"""

from __future__ import annotations

import faulthandler
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import CLIENTS, Client
from tests.faults.tiny_server import TinyServer

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
            started = time.monotonic()
            try:
                signal.setitimer(signal.ITIMER_REAL, after)
                client.product.get_product("silent")
            except KeyboardInterrupt:
                print(kind, time.monotonic() - started - after)
        assert client.product.get_product("A").part_number == "A"


if __name__ == "__main__":
    main()
