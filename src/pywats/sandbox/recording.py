"""What arrived at the server, in the order of arrival."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

__all__ = ["RecordedRequest", "Recorder"]


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request as it arrived.

    Attributes:
        method: HTTP method.
        target: Path and query, as they were on the wire.
        path: Path, still percent-encoded.
        query: Names and values of the query, decoded.
        headers: Lower-case names and values; credentials are replaced by ``REDACTED``.
        body: The whole body.
        connection: Which TCP connection it came over, counted from 1.
        fault: Name of the fault that it met.
        status: Status of the answer that was begun; None if there was none.
    """

    method: str
    target: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int
    fault: str | None = None
    status: int | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case; None if there is none."""
        return next((value for key, value in self.headers if key == name.lower()), None)


class Recorder:
    """Keeps the requests; safe to use from any thread."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._requests: dict[int, RecordedRequest] = {}
        self._count = 0

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """All requests since the start or the last `clear`."""
        with self._arrived:
            return tuple(self._requests.values())

    def clear(self) -> None:
        """Forget all requests."""
        with self._arrived:
            self._requests.clear()

    def arrive(self, request: RecordedRequest) -> int:
        """Keep a request and return its key."""
        with self._arrived:
            self._count += 1
            self._requests[self._count] = request
            self._arrived.notify_all()
            return self._count

    def answered(self, key: int, status: int) -> None:
        """Note the status of an answer; nothing if the request was cleared meanwhile."""
        with self._arrived:
            if key in self._requests:
                self._requests[key] = replace(self._requests[key], status=status)

    def wait_for(self, count: int, timeout: float) -> None:
        """Block until ``count`` requests have arrived.

        Raises:
            TimeoutError: Fewer came within ``timeout`` seconds.
        """
        until = time.monotonic() + timeout
        with self._arrived:
            while len(self._requests) < count:
                left = until - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    raise TimeoutError(
                        f"{len(self._requests)} of {count} requests arrived within {timeout:g} s"
                    )


def parse_query(query: bytes) -> tuple[tuple[str, str], ...]:
    """Return names and values of a raw query string."""
    return tuple(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
