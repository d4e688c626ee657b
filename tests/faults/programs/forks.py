"""Fork before a call, after one, and while other threads are in the midst of many.

Run as a program: ``python forks.py client base_url``. Each process asks for a product that is named
after it.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from pathlib import Path

import httpx

from pywats import RetryConfig, pyWATS

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import Client

FORKS = 15


def ask(client: Client | pyWATS, name: str) -> None:
    try:
        client.product.get_product(name)
    except LookupError:
        return
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            return
        raise
    raise AssertionError(f"there is a product {name}")


def in_child(client: Client, name: str) -> None:
    child = os.fork()
    if child == 0:
        status = 1
        # A child that hangs shows where, and is killed.
        faulthandler.register(signal.SIGALRM, all_threads=True, chain=True)
        signal.alarm(60)
        try:
            ask(client, name)
            ask(client, name)
            client.close()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0, (name, status)


def main(kind: str, base_url: str) -> None:
    faulthandler.dump_traceback_later(230, exit=True)
    # Python 3.12 warns of what this is about.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    client = Client(kind, base_url, retry=RetryConfig(max_backoff=0.001))
    in_child(client, "before")
    ask(client, "parent")
    in_child(client, "after")
    ask(client, "parent")

    stopped = threading.Event()
    threads = [threading.Thread(target=busy, args=[client, stopped]) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(FORKS):
            in_child(client, f"during-{number}")
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    ask(client, "parent")

    if client.api is None:
        # A client of httpx cannot be pickled.
        return
    spawned = multiprocessing.get_context("spawn").Process(target=ask, args=[client.api, "spawned"])
    spawned.start()
    spawned.join()
    assert spawned.exitcode == 0


def busy(client: Client, stopped: threading.Event) -> None:
    while not stopped.is_set():
        ask(client, "parent")


if __name__ == "__main__":
    main(*sys.argv[1:])
