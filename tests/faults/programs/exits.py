"""End without closing clients, left in one or more of several ways.

Run as a program: ``python -X dev -W error exits.py way,way base_url silent_url``.
"""

from __future__ import annotations

import asyncio
import atexit
import socket
import sys
import threading
import time
from typing import Any

from pywats import AsyncWATS, pyWATS

TOKEN = "c3RhdGlvbjpzYW5kYm94"
kept: list[Any] = []


def idle(base_url: str, _: str) -> None:
    api = pyWATS(base_url, TOKEN)
    api.product.get_product("A")
    kept.append(api)


def dropped(base_url: str, _: str) -> None:
    pyWATS(base_url, TOKEN).product.get_product("A")


def under_way_in_a_daemon(base_url: str, silent_url: str) -> None:
    idle(base_url, "")
    api = pyWATS(silent_url, TOKEN)
    threading.Thread(target=api.product.get_product, args=["A"], daemon=True).start()
    time.sleep(0.2)


def under_way_in_a_thread(base_url: str, _: str) -> None:
    api = pyWATS(base_url, TOKEN)

    def work() -> None:
        time.sleep(0.1)  # the main thread has ended by then
        api.product.get_product("A")

    threading.Thread(target=work).start()


def looking_up(_: str, __: str) -> None:
    def hang(host: str, port: int, **options: Any) -> list[Any]:
        if options.get("flags"):
            return look_up(host, port, **options)
        time.sleep(60)
        return []

    look_up = socket.getaddrinfo
    socket.getaddrinfo = hang  # type: ignore[assignment]  # the fault
    try:
        pyWATS("http://silent.test", TOKEN, timeout=0.1).product.get_product("A")
    except TimeoutError:
        return


def at_exit(base_url: str, _: str) -> None:
    port = base_url.rpartition(":")[2]
    # By a name, which is looked up in a thread, and there are no new threads at that time.
    api = pyWATS(f"http://localhost:{port}", TOKEN)
    atexit.register(lambda: api.product.get_product("A"))


def in_a_loop(base_url: str, _: str) -> None:
    async def main() -> None:
        # In its debug mode the loop would tell of a busy machine.
        asyncio.get_running_loop().slow_callback_duration = 10
        api = AsyncWATS(base_url, TOKEN)
        await api.product.get_product("A")
        kept.append(api)

    asyncio.run(main())


if __name__ == "__main__":
    ways, *urls = sys.argv[1:]
    for way in ways.split(","):
        globals()[way](*urls)
