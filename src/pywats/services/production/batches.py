"""Batches of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.models import ProductionBatch
from pywats.services import arguments
from pywats.services.calls import Calls, json_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

__all__ = ["ProductionBatches"]


class ProductionBatches(Calls):
    """The methods on batches; the API has no operation to read batches."""

    async def save_batches(self, batches: Iterable[ProductionBatch]) -> JsonValue:
        """Add or update batches (PUT /api/Production/Batches).

        Args:
            batches: One batch or more, each with a number.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("batches", batches, ProductionBatch)
        for index, batch in enumerate(items):
            arguments.text(f"batches[{index}].batch_number", batch.batch_number)
        request = Request(
            method="PUT", template="/api/Production/Batches", content=json_array(items)
        )
        return await self._undeclared(request)

    async def create_batch(self, batch: ProductionBatch) -> JsonValue:
        """Add a batch, or update the one with its number (PUT /api/Production/Batches).

        Args:
            batch: The batch.

        Returns:
            The server's response; the API file does not declare it.
        """
        return await self.save_batches([arguments.instance("batch", batch, ProductionBatch)])

    async def update_batch(self, batch: ProductionBatch) -> JsonValue:
        """Update a batch; the same as `create_batch`: the API has one operation for both.

        Args:
            batch: The batch.

        Returns:
            The server's response; the API file does not declare it.
        """
        return await self.create_batch(batch)
