"""Recorder of the requests that arrived, in the order of arrival."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

__all__ = ["RecordedRequest", "Recorder"]

DEFAULT_MAX_BYTES = 64 * 2**20
DEFAULT_MAX_REQUESTS = 100_000


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request as it arrived.

    Attributes:
        method: HTTP method.
        target: Path and query, as they were on the wire.
        path: Path, still percent-encoded.
        query: Names and values of the query, decoded.
        headers: Lower-case names and values; credentials are replaced by ``REDACTED``.
        body: The body. Empty if it was dropped, see ``dropped``.
        dropped: True if the body was not kept: the request had no valid credentials, or newer
            requests needed the space.
        connection: Number of the TCP connection on which it arrived, from 1.
        fault: Name of the fault that was applied.
        status: Status of the response; None if no response was sent.
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
    dropped: bool = False

    def header(self, name: str) -> str | None:
        """Return the first header with the name, in any case; None if the request lacks it."""
        return next((value for key, value in self.headers if key == name.lower()), None)


class Recorder:
    """Keeps the newest requests; safe to use from any thread.

    Bodies of older requests are dropped when all bodies together are larger than ``max_bytes``,
    and older requests when there are more than ``max_requests``.

    Args:
        max_bytes: Maximum total size of the bodies in bytes.
        max_requests: Maximum number of requests.
    """

    def __init__(
        self, max_bytes: int = DEFAULT_MAX_BYTES, max_requests: int = DEFAULT_MAX_REQUESTS
    ) -> None:
        self._max_bytes = max_bytes
        self._max_requests = max_requests
        self._bytes = 0
        # Keys of the requests whose bodies are kept, the oldest first.
        self._with_body: deque[int] = deque()
        self._forgotten = 0
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
            self._with_body.clear()
            self._bytes = self._forgotten = 0

    def arrive(self, request: RecordedRequest) -> int:
        """Keep a request and return its key."""
        with self._arrived:
            self._count += 1
            self._requests[self._count] = request
            self._keep_within_bounds(request)
            self._arrived.notify_all()
            return self._count

    def _keep_within_bounds(self, request: RecordedRequest) -> None:
        if request.body:
            self._bytes += len(request.body)
            self._with_body.append(self._count)
        while self._bytes > self._max_bytes:
            key = self._with_body.popleft()
            self._bytes -= len(self._requests[key].body)
            self._requests[key] = replace(self._requests[key], body=b"", dropped=True)
        if len(self._requests) > self._max_requests:
            key = next(iter(self._requests))
            gone = self._requests.pop(key)
            self._forgotten += 1
            if gone.body:
                self._with_body.remove(key)
                self._bytes -= len(gone.body)

    def note_status(self, key: int, status: int) -> None:
        """Record the status of a response; ignored if the request was cleared meanwhile."""
        with self._arrived:
            if key in self._requests:
                self._requests[key] = replace(self._requests[key], status=status)

    def wait_for(self, count: int, timeout: float) -> None:
        """Block until ``count`` requests have arrived.

        Raises:
            TimeoutError: Fewer requests arrived within ``timeout`` seconds.
        """
        until = time.monotonic() + timeout
        with self._arrived:
            while len(self._requests) + self._forgotten < count:
                left = until - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    arrived = len(self._requests) + self._forgotten
                    raise TimeoutError(
                        f"{arrived} of {count} requests arrived within {timeout:g} s"
                    )


def parse_query(query: bytes) -> tuple[tuple[str, str], ...]:
    """Return names and values of a raw query string."""
    return tuple(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
