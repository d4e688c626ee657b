"""A service of one's own over httpx, wrapped over either transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from pywats import CallTransport, DirectTransport, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    Wrap = Callable[..., SyncServiceWrapper["Weather"]]


class Weather:
    """Three methods: one reads, one changes data, one takes a while.

    Args:
        base_url: Address of the server.
        transport: Carries the requests.
    """

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        # The call has its own limit.
        self.client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30)

    async def forecast(self, city: str) -> object:
        response = await self.client.get(
            f"/forecast/{city}", extensions={"template": "/forecast/{city}"}
        )
        return self._decoded(response)

    async def order(self, umbrella: str, **options: Any) -> object:
        response = await self.client.post("/orders", json={"umbrella": umbrella}, **options)
        return self._decoded(response)

    async def pieces(self) -> list[bytes]:
        async with self.client.stream("GET", "/report") as response:
            response.raise_for_status()
            return [piece async for piece in response.aiter_raw()]

    async def aclose(self) -> None:
        await self.client.aclose()

    def _decoded(self, response: httpx.Response) -> object:
        response.raise_for_status()
        return response.json()


def over_direct(
    base_url: str, config: SyncConfig | None = None, **options: Any
) -> SyncServiceWrapper[Weather]:
    return SyncServiceWrapper(
        Weather(base_url, DirectTransport(**options)),
        config,
        name="weather",
        runner=DirectRunner(),
    )


def over_call(
    base_url: str, config: SyncConfig | None = None, **options: Any
) -> SyncServiceWrapper[Weather]:
    return SyncServiceWrapper(Weather(base_url, CallTransport(**options)), config, name="weather")


WRAPS: list[Wrap] = [over_direct, over_call]
