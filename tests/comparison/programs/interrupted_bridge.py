"""Be interrupted in a call through a bridge, and tell whether the work ended.

Run as a program: ``python -m tests.comparison.programs.interrupted_bridge name``. It says
``started`` when the work waits.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading

from tests.comparison.bridges import bridge


def main(name: str) -> None:
    faulthandler.dump_traceback_later(20, exit=True)
    # A test run in the background hands SIGINT down as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    ended = threading.Event()
    with bridge(name) as bridged:
        try:
            bridged.call("last_until_cancelled", ended)
        except KeyboardInterrupt:
            print("ended" if ended.wait(0.3) else "goes on", flush=True)
        # The work of some bridges would hold up the end.
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
