"""Make a call that the parent interrupts, and tell what came of it.

Run as a program: ``python interrupted.py where base_url``. It says ``ready`` when it is about to
call, the time of the monotonic clock when the interrupt has arrived, and, told to go on, what a
second call returns and which threads there are.
"""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from pywats import AsyncWATS, RetryConfig, pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "c3RhdGlvbjpzYW5kYm94"


def hang(host: str, port: int, **options: Any) -> list[Any]:
    """Look an address up as usual, and a name late, as if the resolver were silent."""
    if not options.get("flags"):
        told_to_go_on.wait(20)
    return look_up(host, port, **options)


look_up = socket.getaddrinfo
told_to_go_on = threading.Event()


def main(where: str, base_url: str) -> None:
    faulthandler.dump_traceback_later(20, exit=True)
    # A test run in the background hands SIGINT down as ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    retry = RetryConfig(backoff=20.0)
    api = pyWATS(base_url, TOKEN, retry_config=retry)

    def call() -> str:
        return api.product.get_product("A").part_number

    async def coroutine() -> str:
        return call()

    async def awaited() -> str:
        async with AsyncWATS(base_url, TOKEN) as client:
            return (await client.product.get_product("A")).part_number

    ways: dict[str, Callable[[], str]] = {
        "loop": lambda: asyncio.new_event_loop().run_until_complete(coroutine()),
        "asyncio.run": lambda: asyncio.run(coroutine()),
        "awaited": lambda: asyncio.run(awaited()),
    }
    work = ways.get(where, call)
    if where == "look-up":
        socket.getaddrinfo = hang  # type: ignore[assignment]  # the fault
    # Imported now, so that it is the call that is interrupted.
    _ = api.product
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
