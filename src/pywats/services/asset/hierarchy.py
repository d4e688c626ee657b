"""Assets that are part of other assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.asset.assets import PATH, Assets
from pywats.services.asset.identity import one_asset

if TYPE_CHECKING:
    from pywats.models import Asset

__all__ = ["Hierarchy"]

_ASSETS = adapter(lambda: list[models.Asset])


class Hierarchy(Assets):
    """The methods on the parts of an asset."""

    async def get_child_assets(
        self,
        parent_id: str | None = None,
        parent_serial: str | None = None,
        level: int | None = None,
    ) -> list[Asset]:
        """List the assets that are part of an asset (GET /api/Asset/SubAssets).

        Args:
            parent_id: Id of the asset.
            parent_serial: Serial number of the asset, instead of its id.
            level: How many levels to go down: 1 for its own parts only, 0 for all; None leaves
                it to the server.

        Returns:
            The assets in the order of the server.

        Raises:
            ValueError: Both or none of ``parent_id`` and ``parent_serial`` are given.
            NotFoundError: The server does not know the asset.
        """
        asset = one_asset(parent_id, parent_serial, names=("parent_id", "parent_serial"))
        if level is not None:
            validation.whole_number("level", level, 0)
        request = Request(
            method="GET", template=f"{PATH}/SubAssets", query={**asset, "level": level}
        )
        return await self._list(request, _ASSETS())

    async def add_child_asset(self, parent_id: str, child_id: str) -> Asset:
        """Make an asset part of another one (GET and PUT of the child).

        Sends GET /api/Asset/{assetId}, then PUT /api/Asset. A change by another client in between
        is not detected.

        Args:
            parent_id: Id of the asset that gets a part.
            child_id: Id of the asset that becomes its part.

        Returns:
            The child as the server saved it; see `update_asset`.

        Raises:
            ValueError: Both ids are the same.
            NotFoundError: The server does not know the child.
        """
        arguments.text("parent_id", parent_id)
        if arguments.text("child_id", child_id) == parent_id:
            raise ValueError(f"child_id={child_id!r}: must be another asset than parent_id")
        child = await self.get_asset(child_id)
        child.parent_asset_id = parent_id
        # The serial number of the former parent would contradict the id.
        child.parent_serial_number = None
        return await self.update_asset(child)
