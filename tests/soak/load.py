"""Load on a server, and what became of each request."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Outcome", "run_load"]

# Above the deadline of a call; a request that takes longer hangs.
HANGS_AFTER = 25.0


@dataclass
class Outcome:
    """What became of the requests.

    Attributes:
        answered: Requests that got their result.
        broken: Requests whose worker was killed or restarted under them.
        failed: Messages of the requests that the application failed.
        hung: Requests without a response after the deadline.
        mismatched: Requests that were answered with another id than their own.
        memory: Kilobytes of memory of each process, first and last.
    """

    responded: int = 0
    broken: int = 0
    failed: list[str] = field(default_factory=list)
    hung: int = 0
    mismatched: int = 0
    memory: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, request_id: str, response: str) -> None:
        """Count a result."""
        used, pid, memory = response.split()
        with self.lock:
            self.responded += 1
            self.mismatched += used != request_id
            self.memory[int(pid)].append(int(memory))

    @property
    def growth(self) -> float:
        """Largest growth of a process in MB, from its hundredth request to its last."""
        warm = [each[100:] for each in self.memory.values() if len(each) > 200]
        return max(((each[-1] - each[0]) / 1024 for each in warm), default=0.0)


def run_load(
    base_url: str, seconds: float, threads: int, events: list[tuple[float, Callable[[], object]]]
) -> Outcome:
    """Send requests for some time from some threads, and make things happen meanwhile.

    Args:
        base_url: Address of the server.
        seconds: How long.
        threads: How many requests at a time.
        events: What happens, each with the share of the time after which it does.
    """
    outcome = Outcome()
    numbers = count()
    end = time.monotonic() + seconds
    senders = [
        threading.Thread(target=_send, args=(base_url, end, numbers, outcome))
        for _ in range(threads)
    ]
    started = time.monotonic()
    for each in senders:
        each.start()
    for share, happen in events:
        time.sleep(max(0.0, started + share * seconds - time.monotonic()))
        happen()
    for each in senders:
        each.join()
    return outcome


def _send(base_url: str, end: float, numbers: count[int], outcome: Outcome) -> None:
    # One for all requests of the thread: each new client reads the certificates of the machine.
    client = httpx.Client(timeout=HANGS_AFTER)
    while time.monotonic() < end:
        request_id = f"request-{next(numbers)}"
        try:
            response = client.get(base_url, headers={"X-Request-ID": request_id})
        except httpx.TimeoutException:
            with outcome.lock:
                outcome.hung += 1
        except httpx.TransportError:
            with outcome.lock:
                outcome.broken += 1
            time.sleep(0.05)
        else:
            if response.status_code == httpx.codes.OK:
                outcome.add(request_id, response.text)
            else:
                with outcome.lock:
                    outcome.failed.append(response.text)
