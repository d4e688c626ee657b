"""State of an asset: in operation, in storage, scrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.services.asset.assets import PATH, Assets, state_of
from pywats.services.asset.identity import one_asset

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.models import AssetState, AssetView

__all__ = ["States"]


class States(Assets):
    """The methods on the state of an asset."""

    async def get_asset_state(
        self, asset_id: str | None = None, serial_number: str | None = None
    ) -> AssetState | int | None:
        """Get the state of an asset (GET /api/Asset/{assetId}).

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.

        Returns:
            The state; a number that this package does not know stays a number. None if the
            server does not send it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        return (await self.get_asset(asset_id, serial_number)).state

    async def set_asset_state(
        self,
        state: AssetState | int,
        asset_id: str | None = None,
        serial_number: str | None = None,
    ) -> JsonValue:
        """Set the state of an asset (PUT /api/Asset/State).

        Args:
            state: The new state.
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: The state does not exist, or both or none of ``asset_id`` and
                ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        query = {"state": state_of(state), **one_asset(asset_id, serial_number)}
        request = Request(method="PUT", template=f"{PATH}/State", query=query)
        return await self._undeclared(request)

    async def get_assets_by_alarm_state(
        self, state: AssetState | int, top: int | None = None
    ) -> list[AssetView]:
        """List the assets in a state (GET /api/Asset).

        Despite its name, this filters by the state that users set, because the list of the server
        can only be filtered by this state. See `get_assets_in_alarm` for the verdict of the server.

        Args:
            state: The state.
            top: Sent as ``$top``: the largest number of assets; None is 1000.

        Returns:
            The assets that match ``$filter=state eq …``.

        Raises:
            ValueError: The state does not exist.
        """
        return await self.get_assets(f"state eq {state_of(state):d}", top=top)
