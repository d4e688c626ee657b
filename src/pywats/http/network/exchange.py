"""State of one running request, which the network streams read and write."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpcore

from pywats.http.network.phases import Phase, Phases
from pywats.observability.call import Limit

__all__ = ["Exchange", "HasExchange", "Peer", "Timeouts"]

Peer = tuple[str, int]
"""Address and port."""

Timeouts = Mapping[str, float | None]
"""Limits of single operations in seconds, by the names of httpx."""

_NAMES: Mapping[type[Exception], str] = {
    httpcore.PoolTimeout: "pool",
    httpcore.ConnectTimeout: "connect",
    httpcore.WriteTimeout: "write",
    httpcore.ReadTimeout: "read",
}


@dataclass(slots=True, eq=False)
class Exchange:
    """One request and its progress.

    Attributes:
        limit: The limit for all socket operations together; None for no limit.
        timeouts: Limits of single operations, as the user of an httpx client sets them; None for
            no limits.
        sent: True if bytes of the request may have been sent.
        disconnected: True if the server closed the connection.
        reused: Whether the connection had served another request before; None until there is a
            connection.
        phase: The phase that began last; None as long as it is not known.
        phases: Measures the time of each phase; None if no span records it.
        peer: Address and port at the other end of the connection; None until there is a
            connection.
    """

    limit: Limit | None
    timeouts: Timeouts | None = None
    sent: bool = False
    disconnected: bool = False
    reused: bool | None = None
    phase: Phase | None = None
    phases: Phases | None = None
    peer: Peer | None = None
    _operation_ends: float | None = None
    _operation_timeout: float | None = None

    @property
    def expired_timeout(self) -> float | None:
        """The limit of the last operation in seconds if it has run out; else None."""
        ends = self._operation_ends
        return None if ends is None or time.monotonic() < ends else self._operation_timeout

    @staticmethod
    def now() -> float:
        """Return the current time on the clock that the limits use."""
        return time.monotonic()

    def start(self, expired: type[Exception], timeout: float | None = None) -> None:
        """Begin an operation, which has its own limit.

        Args:
            expired: The class of the error that `left` raises if the limit runs out.
            timeout: The limit in seconds; None for the limit that ``timeouts`` has.
        """
        if timeout is None and self.timeouts is not None:
            timeout = self.timeouts.get(_NAMES[expired])
        self._operation_timeout = timeout
        self._operation_ends = None if timeout is None else time.monotonic() + timeout

    def enter(self, phase: Phase) -> None:
        """Note that a phase begins."""
        self.phase = phase
        if self.phases is not None:
            self.phases.begin(phase)

    def follow(self, before: Phase, phase: Phase) -> None:
        """Note that a phase begins, if the phase ``before`` is running."""
        if self.phase == before:
            self.enter(phase)

    def remaining(self) -> float | None:
        """Return the seconds left, at least 0; None if there is no limit."""
        ends = self._operation_ends
        if self.limit is not None and (ends is None or self.limit.expires_at < ends):
            ends = self.limit.expires_at
        return None if ends is None else max(0.0, ends - time.monotonic())

    def left(self, expired: type[Exception]) -> float | None:
        """Return the seconds left for one more operation; None if there is no limit.

        Args:
            expired: The class of the error to raise if the time has run out.
        """
        remaining = self.remaining()
        if remaining == 0:
            raise expired("the time limit ran out")
        return remaining


class HasExchange(Protocol):
    """A connection, which serves one exchange at a time.

    Attributes:
        exchange: The exchange that uses the connection, or the last exchange that used it.
    """

    exchange: Exchange
