"""Fork before a call, after one, and while other threads are in the midst of many.

Run as a program: ``python forks.py base_url``. Each process asks for a product named after it.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import warnings

from pywats import RetryConfig, pyWATS

TOKEN = "c3RhdGlvbjpzYW5kYm94"
FORKS = 15


def ask(api: pyWATS, name: str) -> None:
    try:
        api.product.get_product(name)
    except LookupError:
        return
    raise AssertionError(f"there is a product {name}")


def in_child(api: pyWATS, name: str) -> None:
    child = os.fork()
    if child == 0:
        status = 1
        signal.alarm(10)  # a child that hangs is killed by it
        try:
            ask(api, name)
            ask(api, name)
            api.close()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0, (name, status)


def main(base_url: str) -> None:
    faulthandler.dump_traceback_later(50, exit=True)
    # Python 3.12 warns of what this is about.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    api = pyWATS(base_url, TOKEN, retry_config=RetryConfig(max_backoff=0.001))
    in_child(api, "before")
    ask(api, "parent")
    in_child(api, "after")
    ask(api, "parent")

    stopped = threading.Event()
    threads = [threading.Thread(target=busy, args=[api, stopped]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(FORKS):
        in_child(api, f"during-{number}")
    stopped.set()
    for thread in threads:
        thread.join()
    ask(api, "parent")

    spawned = multiprocessing.get_context("spawn").Process(target=ask, args=[api, "spawned"])
    spawned.start()
    spawned.join()
    assert spawned.exitcode == 0


def busy(api: pyWATS, stopped: threading.Event) -> None:
    while not stopped.is_set():
        ask(api, "parent")


if __name__ == "__main__":
    main(sys.argv[1])
