"""A service of one's own with the methods of the WATS client that the tests of faults call."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx

from pywats import CallTransport, DirectTransport, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    Wrap = Callable[..., SyncServiceWrapper["Products"]]

TOKEN = "c3RhdGlvbjpzYW5kYm94"
"""The credentials of the sandbox."""


class Products:
    """A service over httpx.

    Args:
        base_url: Address of the server.
        transport: Carries the requests.

    Attributes:
        transport: The same.
    """

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport
        headers = {"Authorization": f"Basic {TOKEN}"}
        # The limit is that of the call.
        self._client = httpx.AsyncClient(
            base_url=base_url, transport=transport, headers=headers, timeout=30
        )

    async def get_product(self, part_number: str) -> SimpleNamespace:
        response = await self._client.get(f"/api/Product/{part_number}")
        return self._product(response)

    async def create_product(self, part_number: str) -> SimpleNamespace:
        response = await self._client.put("/api/Product", json={"partNumber": part_number})
        return self._product(response)

    async def add_product_group_filter(self, product_group: str, part_number: str) -> None:
        response = await self._client.post(
            f"/api/internal/Product/GroupFilter/{part_number}", json={"group": product_group}
        )
        response.raise_for_status()

    async def first_bytes(self, count: int) -> int:
        """Return how many bytes were read when there were enough of them."""
        received = 0
        async with self._client.stream("GET", "/api/Product/A") as response:
            async for piece in response.aiter_raw():
                received += len(piece)
                if received >= count:
                    break
        return received

    async def aclose(self) -> None:
        await self._client.aclose()

    def _product(self, response: httpx.Response) -> SimpleNamespace:
        response.raise_for_status()
        return SimpleNamespace(part_number=response.json()["partNumber"])


def over_direct(
    base_url: str, config: SyncConfig | None = None, *, verify_ssl: Any = True, **options: Any
) -> SyncServiceWrapper[Products]:
    service = Products(base_url, DirectTransport(verify_ssl=verify_ssl, **options))
    return SyncServiceWrapper(service, config, name="products", runner=DirectRunner())


def over_call(
    base_url: str, config: SyncConfig | None = None, *, verify_ssl: Any = True, **options: Any
) -> SyncServiceWrapper[Products]:
    service = Products(base_url, CallTransport(verify_ssl=verify_ssl, **options))
    return SyncServiceWrapper(service, config, name="products")
