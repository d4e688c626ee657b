"""Bodies of responses for clients in an event loop, and the limit of each wait."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio

from pywats.http.transports.failure import Failure
from pywats.http.transports.response_body import ResponseBody
from pywats.http.transports.translation import timed_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    import httpx

    from pywats.http.attempt import Attempt

__all__ = ["CallBody", "in_time"]

# Seconds after the deadline before a request is cancelled. httpx's own timeouts run out first, so
# that only a server that trickles bytes leads to a cancellation: httpcore can lose a place in its
# pool when it is cancelled (issue 1093).
_GRACE = 0.05


@contextmanager
def in_time(attempt: Attempt, family: Any) -> Iterator[None]:
    """Cancel the block if it outlasts the limit of the exchange, and raise a timeout."""
    exchange = attempt.exchange
    limit = exchange.limit
    if limit is None:
        yield
        return
    # Added to the deadline: a server that trickles bytes gets the grace once, not for each byte.
    left = limit.expires_at + _GRACE - exchange.now()
    if left > 0:
        with anyio.move_on_after(left) as scope:
            yield
        if not scope.cancelled_caught:
            return
    raise timed_out(attempt, family)


class CallBody(ResponseBody):
    """The body of a response; each read is limited in time."""

    streams = ("AsyncByteStream",)

    def __init__(
        self,
        stream: httpx.AsyncByteStream,
        attempt: Attempt,
        is_closed: Callable[[], bool],
    ) -> None:
        self._stream = stream
        self._attempt = attempt
        self._is_closed = is_closed
        self.begin()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        attempt, family = self._attempt, self.family
        pieces = aiter(self._stream)
        with Failure(attempt, family, is_closed=self._is_closed, passes=GeneratorExit):
            while True:
                # A scope for each piece: between two pieces, code of the user runs, which must not
                # be cancelled.
                with in_time(attempt, family):
                    try:
                        data = await anext(pieces)
                    except StopAsyncIteration:
                        return
                yield data

    async def aclose(self) -> None:
        """End the attempt."""
        try:
            await self._stream.aclose()
        finally:
            self.end()
            self.part_from_response()

    def end(self) -> None:
        """End the attempt; may be called again."""
        self._attempt.finish(None)
        self.over()
