"""The promise that a limit is one of wall time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import pytest

from pywats.errors import WATSTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

E = TypeVar("E", bound=Exception)
LIMIT = 0.25
SLACK = 0.25


def fails_in_time(call: Callable[[], object], kind: type[E], limit: float = LIMIT) -> E:
    """Assert that the call fails when its limit is over, and neither before nor long after.

    A limit that does not hold is too late three times out of three. Once or twice it may be the
    machine: another process had the processor when this one's time was up.
    """
    late: list[float] = []
    while len(late) < 3:
        started = time.monotonic()
        with pytest.raises(kind) as caught:
            call()
        took = time.monotonic() - started
        assert took >= limit
        if took <= limit + SLACK:
            return caught.value
        late.append(took)
    pytest.fail(f"the limit is {limit} s, and the call took {late} s")


def times_out(call: Callable[[], object], limit: float = LIMIT) -> WATSTimeoutError:
    """Assert that the call ends by a timeout, in time."""
    error = fails_in_time(call, WATSTimeoutError, limit)
    assert error.limit == limit
    return error


async def atimes_out(
    call: Callable[[], Awaitable[object]], limit: float = LIMIT
) -> WATSTimeoutError:
    """Assert the same of an awaitable."""
    late: list[float] = []
    while len(late) < 3:
        started = time.monotonic()
        with pytest.raises(WATSTimeoutError) as caught:
            await call()
        took = time.monotonic() - started
        assert took >= limit
        if took <= limit + SLACK:
            assert caught.value.limit == limit
            return caught.value
        late.append(took)
    pytest.fail(f"the limit is {limit} s, and the call took {late} s")
