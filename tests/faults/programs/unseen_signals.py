"""Interrupt calls by signals that do not interrupt the system call that the main thread is in.

Run as a program: it prints how late each interrupt was, in seconds.

A signal that comes in the instant between the interpreter's last look and the system call is one,
and too rare to test with. So is a signal that the kernel delivers to another thread.
"""

from __future__ import annotations

import faulthandler
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from pywats import RetryConfig, pyWATS
from pywats.errors import WATSError
from pywats.http import ConnectionSettings

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.network import black_hole
from tests.faults.programs.clients import Client
from tests.faults.tiny_server import TinyServer

if TYPE_CHECKING:
    from collections.abc import Callable


def lateness(call: Callable[[], object]) -> float:
    sent = 0.0

    def interrupt() -> None:
        nonlocal sent
        time.sleep(0.12)  # until the call is where it waits
        sent = time.monotonic()
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        call()
    except KeyboardInterrupt:
        late = time.monotonic() - sent
        thread.join()
        return late
    raise AssertionError("the interrupt was lost")


def hang(host: str, port: int, *options: int) -> list[Any]:
    if not host.endswith(".test"):
        return look_up(host, port, *options)
    time.sleep(5)
    return []


look_up = socket.getaddrinfo


def main() -> None:
    faulthandler.dump_traceback_later(200, exit=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    server = TinyServer().start()
    api = pyWATS(server.base_url, "eDp5", timeout=60, retry_config=RetryConfig(backoff=20.0))
    # What a first call imports is imported now: pydantic turns an interrupt that meets it while it
    # makes a model into an error of its own.
    assert api.product.get_product("A").part_number == "A"
    print("reading", lateness(lambda: api.product.get_product("silent")))
    for kind in ("direct", "call"):
        client = Client(kind, server.base_url, timeout=60)
        assert client.product.get_product("A").part_number == "A"
        print("reading,", kind, lateness(lambda: client.product.get_product("silent")))  # noqa: B023 - called at once
    print("waiting for the next attempt", lateness(lambda: api.product.get_product("flaky")))
    with black_hole() as port:
        lost = pyWATS(f"http://127.0.0.1:{port}", "eDp5", timeout=60)
        print("connecting", lateness(lambda: lost.product.get_product("A")))
    socket.getaddrinfo = hang  # type: ignore[assignment]  # the fault
    unknown = pyWATS("http://silent.test", "eDp5", timeout=60)
    print("looking up", lateness(lambda: unknown.product.get_product("A")))
    narrow = pyWATS(server.base_url, "eDp5", timeout=60)
    limits = ConnectionSettings(limits=httpx.Limits(max_connections=1))
    narrow._port._settings = limits
    narrow._port._connect()
    holder = threading.Thread(target=try_silent, args=[narrow])
    holder.start()
    print("waiting for a connection", lateness(lambda: narrow.product.get_product("A")))
    # Ends the request that holds the connection.
    narrow.close()
    holder.join()


def try_silent(api: pyWATS) -> None:
    with suppress(WATSError):
        api.product.get_product("silent")


if __name__ == "__main__":
    main()
