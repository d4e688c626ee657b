"""Bodies of requests and responses of a `DirectTransport`, which blocks below an async client."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from pywats.http.transports.errors import WrongTransportError
from pywats.http.transports.failure import Failure
from pywats.http.transports.response_body import ResponseBody
from pywats.observability.call import Limit
from pywats.runtime.running_loop import inline_loop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    import httpx

    from pywats.http.attempt import Attempt
    from pywats.http.network.connection import Link
    from pywats.http.network.http1.message import Incoming
    from pywats.http.network.pool import Lease
    from pywats.http.network.transport import PoolTransport
    from pywats.runtime.inline_loop import InlineLoop

__all__ = ["DirectBody", "blocks", "called_outside", "nearest"]

T = TypeVar("T")


def called_outside(loop: InlineLoop | None, function: Callable[[], T]) -> T:
    """Call a function that blocks; see `InlineLoop.call_outside`."""
    return function() if loop is None else loop.call_outside(function)


def nearest(limit: Limit | None, loop: InlineLoop | None) -> Limit | None:
    """Return the limit, or the next timeout that the service itself has set if that is earlier."""
    timer = None if loop is None else loop.next_timer
    if timer is None or (limit is not None and limit.expires_at <= timer):
        return limit
    return Limit(timer, max(0.0, timer - time.monotonic()), "attempt")


def blocks(
    stream: httpx.SyncByteStream | httpx.AsyncByteStream, loop: InlineLoop | None
) -> Iterable[bytes]:
    """Return the body of a request for code that blocks.

    Args:
        stream: The body.
        loop: The event loop that an async body sees as the running loop.
    """
    if isinstance(stream, Iterable):
        return stream
    return _driven(stream, loop)


def _driven(stream: httpx.AsyncByteStream, loop: InlineLoop | None) -> Iterator[bytes]:
    pieces = aiter(stream)
    while True:
        step = anext(pieces).__await__()
        try:
            waits_for: object = next(step) if loop is None else loop.call_inside(step.__next__)
        except StopIteration as stop:
            piece: bytes = stop.value
            yield piece
        except StopAsyncIteration:
            return
        else:
            close = getattr(step, "close", None)
            if close is not None:
                close()
            raise WrongTransportError(
                f"the body of the request suspended (it awaits {type(waits_for).__name__}), and "
                "DirectTransport has no event loop to resume it: give the client a CallTransport, "
                "and leave out runner=DirectRunner()"
            )


class DirectBody(ResponseBody):
    """The body of a response; reading it to the end returns the connection to the pool."""

    streams = ("AsyncByteStream", "SyncByteStream")

    def __init__(
        self,
        pool: PoolTransport,
        lease: Lease[Link],
        response: Incoming,
        attempt: Attempt,
        is_closed: Callable[[], bool],
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._response = response
        self._pieces = response.iter_stream()
        self._attempt = attempt
        self._is_closed = is_closed
        self._limit = attempt.call.limit
        self._whole = False
        self._over = False
        self.begin()

    def __iter__(self) -> Iterator[bytes]:
        with Failure(
            self._attempt,
            self.family,
            end=self.end,
            is_closed=self._is_closed,
            passes=GeneratorExit,
        ):
            # "yield from" would close the iterator with this generator, but a body may be read in
            # two loops, one after the other.
            for data in self._pieces:  # noqa: UP028 - see above
                yield data
            self._whole = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self)
        while True:
            loop = inline_loop()
            self._attempt.exchange.limit = nearest(self._limit, loop)
            data = called_outside(loop, lambda: next(pieces, None))
            if data is None:
                return
            yield data

    def close(self) -> None:
        """Return the connection to the pool; close it if the body was not read to the end."""
        try:
            self.end()
        finally:
            self.part_from_response()

    async def aclose(self) -> None:
        """Return the connection to the pool; close it if the body was not read to the end."""
        self.close()

    def end(self, error: BaseException | None = None) -> None:
        """Return the connection to the pool and end the attempt; may be called again."""
        if self._over:
            return
        self._over = True
        try:
            if self._whole:
                self._response.close()
        finally:
            try:
                self._pool.release(self._lease, fit=self._whole)
            except BaseException:
                # Ctrl-C may have interrupted the release at any point; each of its steps can be
                # repeated.
                self._pool.release(self._lease, fit=False)
                raise
            finally:
                self._attempt.finish(error)
        self.over()
