"""Fork while another thread holds a lock: ``locks_at_fork.py KIND``.

A coroutine holds it, run by one of the runners (``portal``, ``direct``), or the resolver, as libc
does in ``getaddrinfo``, called by the library (``resolver``) or by an event loop
(``resolver-of-loop``).
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

from pywats import SyncConfig, SyncServiceWrapper
from pywats.http.network.dns import resolve
from pywats.sync import DirectRunner, PortalRunner

if TYPE_CHECKING:
    from collections.abc import Callable

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


def coroutines(kind: str) -> tuple[Callable[[], object], Callable[[], bool]]:
    """Return functions that hold the lock and take it, in coroutines."""
    runner = DirectRunner() if kind == "direct" else PortalRunner()
    service = SyncServiceWrapper(Service(), SyncConfig(timeout=60), runner=runner)
    return service.hold, service.take


def resolver(kind: str) -> tuple[Callable[[], object], Callable[[], bool]]:
    """Return functions that hold the lock and take it, the first one in a look-up."""
    lock = threading.Lock()
    look_up = socket.getaddrinfo

    def locked(*arguments: Any, **options: Any) -> Any:
        with lock:
            held.set()
            forking.wait(60)
            # Long enough for a fork that waits for nothing.
            time.sleep(0.05)
            return look_up(*arguments, **options)

    socket.getaddrinfo = locked  # held as by libc

    async def in_loop() -> None:
        await asyncio.get_running_loop().getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)

    holders: dict[str, Callable[[], object]] = {
        "resolver": lambda: resolve("localhost", 80, lambda: 60),
        "resolver-of-loop": lambda: PortalRunner().run("look up", in_loop),
    }
    return holders[kind], lambda: lock.acquire(timeout=5)


def main(kind: str) -> None:
    # Python 3.12 warns of what this is about.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    hold, take = resolver(kind) if kind.startswith("resolver") else coroutines(kind)
    # The last hook is the first to run.
    os.register_at_fork(before=forking.set)
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    child = os.fork()
    if child == 0:
        os._exit(0 if take() else 1)
    _, status = os.waitpid(child, 0)
    thread.join()
    assert take(), "the parent has the lock, too"
    print("the child has the lock" if status == 0 else f"the child ended with {status}")


if __name__ == "__main__":
    main(*sys.argv[1:])
