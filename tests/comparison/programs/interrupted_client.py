"""Be interrupted while a client reads, and live on.

Run as a program: ``python -m tests.comparison.programs.interrupted_client name base_url``.
"""

from __future__ import annotations

import faulthandler
import signal
import sys

from tests.comparison.clients import client


def main(name: str, base_url: str) -> None:
    faulthandler.dump_traceback_later(20, exit=True)
    # A test run in the background hands SIGINT down as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with client(name, base_url, "eDp5") as made:
        try:
            made.read()
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
