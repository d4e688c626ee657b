"""End without closing clients, left in one or more of several ways.

Run as a program: ``python -X dev -W error exits.py client way,way base_url silent_url``.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pywats import AsyncWATS, CallTransport

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import Client
from tests.http.transports.products import TOKEN, Products

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Client]

kept: list[Any] = []


def idle(make: Make, base_url: str, _: str) -> None:
    api = make(base_url)
    api.product.get_product("A")
    kept.append(api)


def dropped(make: Make, base_url: str, _: str) -> None:
    make(base_url).product.get_product("A")


def under_way_in_a_daemon(make: Make, base_url: str, silent_url: str) -> None:
    idle(make, base_url, "")
    api = make(silent_url)
    threading.Thread(target=api.product.get_product, args=["A"], daemon=True).start()
    time.sleep(0.2)


def under_way_in_a_thread(make: Make, base_url: str, _: str) -> None:
    api = make(base_url)

    def work() -> None:
        time.sleep(0.1)  # the main thread has ended by then
        api.product.get_product("A")

    threading.Thread(target=work).start()


def looking_up(make: Make, _: str, __: str) -> None:
    def hang(host: str, port: int, *options: int) -> list[Any]:
        if not host.endswith(".test"):
            return look_up(host, port, *options)
        time.sleep(60)
        return []

    look_up = socket.getaddrinfo
    socket.getaddrinfo = hang  # type: ignore[assignment]  # the fault
    try:
        make("http://silent.test", timeout=0.1).product.get_product("A")
    except TimeoutError:
        return


def at_exit(make: Make, base_url: str, _: str) -> None:
    port = base_url.rpartition(":")[2]
    # By a name, which is looked up in a thread, and there are no new threads at that time.
    at_exit_by_address(make, f"http://localhost:{port}", "")


def at_exit_by_address(make: Make, base_url: str, _: str) -> None:
    client = make(base_url)
    atexit.register(lambda: client.product.get_product("A"))


async def in_this_loop(make: Make, base_url: str) -> object:
    # In its debug mode the loop would tell of a busy machine.
    asyncio.get_running_loop().slow_callback_duration = 10
    if make is not WATS:
        service = Products(base_url, CallTransport())
        await service.get_product("A")
        return service
    api = AsyncWATS(base_url, TOKEN)
    await api.product.get_product("A")
    return api


def in_a_loop(make: Make, base_url: str, _: str) -> None:
    kept.append(asyncio.run(in_this_loop(make, base_url)))


def dropped_in_a_loop(make: Make, base_url: str, _: str) -> None:
    async def main() -> None:
        await in_this_loop(make, base_url)
        gc.collect()  # before the loop ends, as it can come at any time

    asyncio.run(main())


WATS = partial(Client, "wats")


if __name__ == "__main__":
    kind, ways, *urls = sys.argv[1:]
    for way in ways.split(","):
        globals()[way](WATS if kind == "wats" else partial(Client, kind), *urls)
