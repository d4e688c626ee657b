"""The limit of a CallTransport over a transport without timeouts, such as `httpx.ASGITransport`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from pywats import CallTransport
from pywats.errors import CallTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Seconds: long enough for the request to begin before the limit has run out.
LIMIT = 0.5


class Waiting(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """Never responds, or never ends its response.

    Args:
        pieces: Pieces of the body before it waits; None to wait before the response.
    """

    def __init__(self, pieces: int | None) -> None:
        self._pieces = pieces
        self.cancelled = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002 - the interface
        if self._pieces is None:
            await self._wait()
        return httpx.Response(200, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._pieces or 0):
            yield b"x"
        await self._wait()

    async def _wait(self) -> None:
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            self.cancelled = True
            raise


async def read(inside: Waiting, heard: list[bytes], pause: float = 0.0) -> None:
    """Append the pieces of the response, and pause after each."""
    async with (
        httpx.AsyncClient(transport=CallTransport(inside, timeout=LIMIT)) as client,
        client.stream("GET", "http://wats.example/") as found,
    ):
        async for piece in found.aiter_raw():
            heard.append(piece)
            await anyio.sleep(pause)


@pytest.mark.parametrize("pieces", [None, 0, 2])
async def test_the_limit_ends_a_request_to_a_transport_without_timeouts(pieces: int | None) -> None:
    inside = Waiting(pieces)
    heard: list[bytes] = []
    with pytest.raises(httpx.TimeoutException, match="timeout") as caught:
        await read(inside, heard)
    assert isinstance(caught.value, CallTimeoutError)
    assert inside.cancelled
    assert heard == [b"x"] * (pieces or 0)


async def test_after_the_limit_no_further_piece_is_read() -> None:
    inside = Waiting(2)
    heard: list[bytes] = []
    with pytest.raises(httpx.TimeoutException, match="timeout"):
        await read(inside, heard, pause=2 * LIMIT)
    assert heard == [b"x"]
    assert not inside.cancelled
