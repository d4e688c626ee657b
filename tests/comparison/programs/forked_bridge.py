"""Call through a bridge, then from a forked child, and tell whether the child was answered.

Run as a program: ``python -m tests.comparison.programs.forked_bridge name seconds``.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import warnings

from tests.comparison.bridges import bridge


def main(name: str, seconds: float) -> None:
    # Python 3.12 warns of what this is about.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    with bridge(name) as bridged:
        bridged.call("read_note")
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(sender, bridged.call("read_note").encode())
            os._exit(0)
        responded, _, _ = select.select([receiver], [], [], seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("answered" if responded else "hangs", flush=True)
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
