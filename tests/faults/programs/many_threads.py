"""Share one client among 32 threads, with a server that fails now and then.

Run as a program: ``python many_threads.py client``. It prints what the threads got and what the
server saw, as JSON.
"""

from __future__ import annotations

import faulthandler
import json
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from pywats import RetryConfig
from pywats.errors import CallError
from pywats.sync.policies.retry_budget import RetryBudget

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import Client

THREADS, CALLS, SIZE = 32, 50, 8
POST_EVERY = 10
SHORT_LIVED = 50
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class Moody:
    """Answers a GET with the product of that name; mistreats every seventh request of a method."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._changed = threading.Condition()
        self._requests: Counter[bytes] = Counter()
        self.most = 0
        self.open = 0
        self.executed: Counter[str] = Counter()
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                # That a connection is closed may be seen only after the next one is there.
                self._changed.wait_for(lambda: self.open < SIZE, 1)
                self.open += 1
                self.most = max(self.most, self.open)
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                while (head := whole_request(connection)) and self._respond(connection, head):
                    pass
        except OSError:
            pass
        finally:
            with self._changed:
                self.open -= 1
                self._changed.notify()

    def _respond(self, connection: socket.socket, head: bytes) -> bool:
        method, path, _ = head.split(maxsplit=2)
        target = path.decode()
        with self._changed:
            self._requests[method] += 1
            mood = self._requests[method] % 35
        if mood == 7:
            response = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        else:
            with self._changed:
                self.executed[target] += 1
            name = json.dumps({"partNumber": target.rpartition("/")[2]}).encode()
            response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(name) + name
        if mood == 14:
            time.sleep(0.01)
        if mood == 21:
            response = b""
        elif mood == 28:
            response = response[:-3]
        elif mood == 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        connection.sendall(response)
        return mood not in {21, 28}


def whole_request(connection: socket.socket) -> bytes:
    """Return a request; nothing at the end of the connection."""
    received = b""
    while True:
        data = connection.recv(65536)
        if not data:
            return b""
        received += data
        head, ended, body = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if ended and len(body) >= (int(length[1]) if length else 0):
            return received


def main(kind: str) -> None:
    faulthandler.dump_traceback_later(230, exit=True)
    # Retries are as many as the server's moods ask for.
    RetryBudget.take = always  # type: ignore[assignment, method-assign]  # for this program
    server = Moody()
    client = Client(
        kind,
        server.base_url,
        retry=RetryConfig(max_retries=10, max_backoff=0.001),
        limits=httpx.Limits(max_connections=SIZE, max_keepalive_connections=SIZE),
    )
    got: Counter[str] = Counter()

    def work(thread: int) -> None:
        for number in range(CALLS):
            name = f"{thread}-{number}"
            if number % POST_EVERY:
                got[
                    "right" if client.product.get_product(name).part_number == name else "mixed"
                ] += 1
                continue
            try:
                client.product.add_product_group_filter(product_group="G", part_number=name)
                got["posted"] += 1
            except CallError as error:
                got["posted, perhaps" if error.may_have_been_executed else "not posted"] += 1

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))

    threads_before, files_before = threading.active_count(), open_files()
    for number in range(SHORT_LIVED):
        one = threading.Thread(target=client.product.get_product, args=[f"short-{number}"])
        one.start()
        one.join()
    threads_after, files_after = threading.active_count(), open_files()

    posts = [count for target, count in server.executed.items() if "Filter" in target]
    json.dump(
        {
            "got": got,
            "connections at a time": server.most,
            "connections at the end": server.open,
            "posts executed": len(posts),
            "posts executed twice": sum(count > 1 for count in posts),
            "more threads": threads_after - threads_before,
            "more files": files_after - files_before,
        },
        sys.stdout,
    )


def always(_: RetryBudget) -> bool:
    return True


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    main(sys.argv[1])
