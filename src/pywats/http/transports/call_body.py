"""Bodies of responses for clients in an event loop, and the limit of each wait."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import httpx

from pywats.http.errors.sentences import out_of_time
from pywats.http.transports.errors import ReadTimeout, in_family
from pywats.http.transports.failure import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pywats.http.attempt import Attempt

__all__ = ["body_class", "in_time"]

# The limits of single operations that httpx is given run out first; cancelling is for a server
# that trickles bytes. httpcore can lose a place in its pool when it is cancelled (issue 1093).
_GRACE = 0.05


@contextmanager
def in_time(attempt: Attempt, family: Any) -> Iterator[None]:
    """Cancel what outlasts the limit of the exchange."""
    exchange = attempt.exchange
    limit = exchange.limit
    if limit is None:
        yield
        return
    # A server that trickles bytes does not get this grace with each of them.
    left = limit.expires_at + _GRACE - exchange.now()
    if left > 0:
        with anyio.move_on_after(left) as scope:
            yield
        if not scope.cancelled_caught:
            return
    error = in_family(ReadTimeout, family)(
        f"{attempt.described}: {out_of_time(limit.described, 'read')}"
    )
    error.limit, error.phase, error.scope = limit.seconds, "read", limit.scope
    error.may_have_been_executed = attempt.in_doubt
    raise error


class _Body:
    """The body of a response, limited in time; the attempt ends with it."""

    _family: Any = httpx

    def __init__(
        self,
        stream: httpx.AsyncByteStream,
        attempt: Attempt,
    ) -> None:
        self._stream = stream
        self._attempt = attempt

    async def __aiter__(self) -> AsyncIterator[bytes]:
        attempt, family = self._attempt, self._family
        pieces = aiter(self._stream)
        with Failure(attempt, family, passes=GeneratorExit):
            while True:
                # The limit is entered for each piece: the code between two of them is the user's.
                with in_time(attempt, family):
                    try:
                        data = await anext(pieces)
                    except StopAsyncIteration:
                        return
                yield data

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._attempt.finish(None)

    def __del__(self) -> None:
        # A response that nobody closed has its span and log line all the same.
        self._attempt.finish(None)


@functools.cache
def body_class(family: Any) -> type[Any]:
    """Return the class of bodies for a package: it asks for instances of its own classes."""
    bases = (_Body, family.AsyncByteStream)
    return type("_Body", bases, {"_family": family, "__module__": __name__})
