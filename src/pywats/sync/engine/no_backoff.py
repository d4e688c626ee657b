"""Waits between attempts, which a test may leave out."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["no_backoff", "waits_are_left_out"]

_left_out: ContextVar[bool] = ContextVar("pywats_no_backoff", default=False)
waits_are_left_out = _left_out.get


@contextmanager
def no_backoff() -> Iterator[None]:
    """Leave out the waits between attempts inside the ``with`` block, for tests.

    All else stays as it is in production: how often a call is tried, the delays that are decided
    and recorded, and which of them a deadline or ``max_retry_after`` does not allow. The retry
    budget is not charged, for it counts retries by the second, and here no second passes. The
    cool-down of a circuit breaker is not a wait between attempts, and takes its time.

    The block holds for the current context, so that tests in other threads or tasks are not
    disturbed. A thread started inside it waits as usual, unless it runs in a copy of the context
    (``contextvars.copy_context().run``, which `asyncio.to_thread` does by itself).

    Example:
        ``with no_backoff(), pytest.raises(TimeoutError): api.product.get_product("A")``
    """
    token = _left_out.set(True)
    try:
        yield
    finally:
        _left_out.reset(token)
