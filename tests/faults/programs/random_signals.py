"""Interrupt calls that wait for a silent server, at random moments, by real signals.

Run as a program: it prints how late each interrupt was, in seconds.
"""

from __future__ import annotations

import faulthandler
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from pywats import pyWATS
from pywats.errors import WATSTimeoutError

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.tiny_server import TinyServer


def main() -> None:
    faulthandler.dump_traceback_later(200, exit=True)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    draw = random.Random(1)  # noqa: S311 - not cryptography
    api = pyWATS(TinyServer().start().base_url, "eDp5", timeout=60)
    # What is imported in a first call is imported now: an interrupt that meets a weak reference's
    # callback, such as that of the import lock, is swallowed by the interpreter.
    assert api.product.get_product("A").part_number == "A"
    with suppress(WATSTimeoutError):
        api.with_options(timeout=0.01).product.get_product("silent")
    for _ in range(300):
        after = draw.uniform(0.0002, 0.002)
        started = time.monotonic()
        try:
            signal.setitimer(signal.ITIMER_REAL, after)
            api.product.get_product("silent")
        except KeyboardInterrupt:
            print(time.monotonic() - started - after)
    assert api.product.get_product("A").part_number == "A"


if __name__ == "__main__":
    main()
