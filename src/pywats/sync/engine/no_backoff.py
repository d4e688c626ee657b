"""Skip the waits between attempts in tests."""

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
    """Skip the waits between attempts inside the ``with`` block, for tests.

    Everything else is as in production: the number of attempts, the delays that are computed and
    recorded, and whether a deadline or ``max_retry_after`` forbids a delay. Retries are not
    charged to the retry budget, because it refills with time and no time passes here. The
    cool-down of a circuit breaker is not a wait between attempts and is not skipped.

    The block applies to the current context, so tests in other threads or tasks are not affected.
    A thread started inside the block waits as usual, unless it runs in a copy of the context
    (``contextvars.copy_context().run``; `asyncio.to_thread` does this by itself).

    Example:
        ``with no_backoff(), pytest.raises(TimeoutError): api.product.get_product("A")``
    """
    token = _left_out.set(True)
    try:
        yield
    finally:
        _left_out.reset(token)
