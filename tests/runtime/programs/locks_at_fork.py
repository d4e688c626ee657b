"""Fork while a coroutine of another thread holds a lock: ``locks_at_fork.py portal|direct``."""

from __future__ import annotations

import os
import sys
import threading
import warnings

from pywats import SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner, PortalRunner

held, forking = threading.Event(), threading.Event()


class Service:
    """Has a lock, as each `httpx.AsyncClient` has one around its cookies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def hold(self) -> None:
        with self._lock:
            held.set()
            forking.wait(60)

    async def take(self) -> bool:
        return self._lock.acquire(timeout=5)


def main(kind: str) -> None:
    # Python 3.12 warns of what this is about.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    runner = DirectRunner() if kind == "direct" else PortalRunner()
    service = SyncServiceWrapper(Service(), SyncConfig(timeout=60), runner=runner)
    # The last hook is the first to run.
    os.register_at_fork(before=forking.set)
    thread = threading.Thread(target=service.hold)
    thread.start()
    held.wait(60)
    child = os.fork()
    if child == 0:
        os._exit(0 if service.take() else 1)
    _, status = os.waitpid(child, 0)
    thread.join()
    assert service.take(), "the parent has the lock, too"
    print("the child has the lock" if status == 0 else f"the child ended with {status}")


if __name__ == "__main__":
    main(*sys.argv[1:])
