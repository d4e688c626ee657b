"""Bodies of responses over the connections that a `CallTransport` makes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pywats.http.transports.failure import Failure
from pywats.http.transports.response_body import ResponseBody

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable

    import httpcore

    from pywats.http.attempt import Attempt
    from pywats.http.network.async_connection import AsyncLink
    from pywats.http.network.async_transport import AsyncPoolTransport
    from pywats.http.network.pool import Lease

__all__ = ["PoolBody"]


class PoolBody(ResponseBody):
    """The body of a response; reading it to the end returns the connection to the pool."""

    streams = ("AsyncByteStream",)

    def __init__(
        self,
        pool: AsyncPoolTransport,
        lease: Lease[AsyncLink],
        response: httpcore.Response,
        attempt: Attempt,
        is_closed: Callable[[], bool],
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._response = response
        self._attempt = attempt
        self._is_closed = is_closed
        self._whole = False
        self._over = False
        self.begin()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._over:
            # The connection may serve another request.
            raise self.family.StreamClosed
        # Not aiter_stream(), which can be called only once: an SDK may read the rest of a body in a
        # second loop.
        stream = cast("AsyncIterable[bytes]", self._response.stream)
        with Failure(self._attempt, self.family, is_closed=self._is_closed, passes=GeneratorExit):
            async for data in stream:
                yield data
            self._whole = True

    async def aclose(self) -> None:
        """Return the connection to the pool; close it if the body was not read to the end."""
        if self._over:
            return
        self._over = True
        fit = False
        try:
            if self._whole:
                await self._response.aclose()
                fit = True
        finally:
            try:
                await self._pool.release(self._lease, fit=fit)
            finally:
                self.end()
                self.part_from_response()

    def end(self) -> None:
        """End the attempt; give up the connection of a response that the program did not close."""
        if not self._over:
            self._over = True
            self._pool.abandon(self._lease)
        self._attempt.finish(None)
        self.over()
