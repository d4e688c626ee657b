"""The promise that a limit is one of wall time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

import pytest

from pywats.errors import CallTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

E = TypeVar("E", bound=Exception)
LIMIT = 0.25
SLACK = 0.25


class Tries:
    """Calls that fail when their limit is over, and neither before nor long after.

    A limit that does not hold is too late three times out of three. A try in which a mere wait of
    another thread is late as well says nothing: the machine had no time for either.

    Args:
        limit: Seconds that each call has.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._late: list[float] = []

    def begin(self) -> None:
        """Take the time of a try from now on."""
        self._waited: list[float] = []
        self._started = time.monotonic()
        self._wait = threading.Thread(target=self._measure)
        self._wait.start()

    def is_in_time(self) -> bool:
        """Return whether the try that has just ended was in time; fail after three late ones."""
        took = time.monotonic() - self._started
        self._wait.join()
        assert took >= self._limit
        if took <= self._limit + SLACK:
            return True
        if self._waited[0] <= self._limit + SLACK / 2:
            self._late.append(took)
        if len(self._late) == 3:
            pytest.fail(f"the limit is {self._limit} s, and the call took {self._late} s")
        return False

    def _measure(self) -> None:
        started = time.monotonic()
        threading.Event().wait(self._limit)
        self._waited.append(time.monotonic() - started)


def fails_in_time(call: Callable[[], object], kind: type[E], limit: float = LIMIT) -> E:
    """Assert that the call fails when its limit is over, and neither before nor long after."""
    tries = Tries(limit)
    while True:
        tries.begin()
        with pytest.raises(kind) as caught:
            call()
        if tries.is_in_time():
            return caught.value


def times_out(
    call: Callable[[], object], limit: float = LIMIT, phase: str | None = None
) -> CallTimeoutError:
    """Assert that the call ends by a timeout, in time.

    Args:
        call: The call.
        limit: Seconds that it has.
        phase: Where its time runs out; a busy machine may not get that far at each try.
    """
    phases: list[str | None] = []
    while len(phases) < 20:
        error = fails_in_time(call, CallTimeoutError, limit)
        assert error.limit == limit
        if phase in {None, error.phase}:
            return error
        phases.append(error.phase)
    pytest.fail(f"the time runs out in the phases {phases}")


async def atimes_out(
    call: Callable[[], Awaitable[object]], limit: float = LIMIT
) -> CallTimeoutError:
    """Assert the same of an awaitable."""
    tries = Tries(limit)
    while True:
        tries.begin()
        with pytest.raises(CallTimeoutError) as caught:
            await call()
        if tries.is_in_time():
            assert caught.value.limit == limit
            return caught.value
