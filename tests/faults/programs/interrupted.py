"""Make a call that the parent interrupts, and tell what came of it.

Run as a program: ``python interrupted.py client where base_url``. It says ``ready`` when it is
about to call, the time of the monotonic clock when the interrupt has arrived, and, told to go on,
what a second call returns and which threads there are.
"""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pywats import AsyncWATS, RetryConfig

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import Client
from tests.http.transports.products import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable


def hang(host: str, port: int, *options: int) -> list[Any]:
    """Look an address up as usual, and a name late, as if the resolver were silent."""
    if not host[0].isdigit():
        told_to_go_on.wait(120)
    return look_up(host, port, *options)


look_up = socket.getaddrinfo
told_to_go_on = threading.Event()


def main(kind: str, where: str, base_url: str) -> None:
    faulthandler.dump_traceback_later(200, exit=True)
    # A test run in the background hands SIGINT down as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    retry = RetryConfig(backoff=20.0)
    client = Client(kind, base_url, retry=retry)

    def call() -> str:
        found: str = client.product.get_product("A").part_number
        return found

    async def coroutine() -> str:
        return call()

    async def awaited() -> str:
        async with AsyncWATS(base_url, TOKEN) as api:
            return (await api.product.get_product("A")).part_number

    ways: dict[str, Callable[[], str]] = {
        "loop": lambda: asyncio.new_event_loop().run_until_complete(coroutine()),
        "asyncio.run": lambda: asyncio.run(coroutine()),
        "awaited": lambda: asyncio.run(awaited()),
    }
    work = ways.get(where, call)
    if where == "look-up":
        socket.getaddrinfo = hang  # type: ignore[assignment]  # the fault
    print("ready", flush=True)
    try:
        print(work())
    except KeyboardInterrupt:
        print(time.monotonic(), flush=True)
    threads = [thread.name for thread in threading.enumerate()]
    sys.stdin.readline()
    told_to_go_on.set()
    print(work(), threads, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
