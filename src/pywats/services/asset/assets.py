"""Assets: read, query, add, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.models import AssetState
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.asset.identity import one_asset
from pywats.services.calls import Calls
from pywats.services.odata import query_options
from pywats.services.paging import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.models import Asset, AssetView
    from pywats.progress import Progress

__all__ = ["PATH", "Assets", "state_of"]

PATH = "/api/Asset"
_ASSET = adapter(lambda: models.Asset)
_VIEWS = adapter(lambda: list[models.AssetView])


class Assets(Calls):
    """The methods on whole assets."""

    async def get_asset(
        self, asset_id: str | None = None, serial_number: str | None = None
    ) -> Asset:
        """Get an asset (GET /api/Asset/{assetId}).

        The server has one route for ids and serial numbers. ``Log``, ``Status``, ``SubAssets``
        and ``Types`` are other routes of the server and cannot be read this way.

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.

        Returns:
            The asset.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        one_asset(asset_id, serial_number)
        request = Request(
            method="GET",
            template=f"{PATH}/{{assetId}}",
            path={"assetId": asset_id or serial_number or ""},
        )
        return await self._one(request, _ASSET())

    async def get_asset_by_serial(self, serial_number: str) -> Asset:
        """Get an asset by its serial number (GET /api/Asset/{serialNumber}).

        Args:
            serial_number: Serial number of the asset; see `get_asset`.

        Returns:
            The asset.

        Raises:
            NotFoundError: The server does not know the asset.
        """
        return await self.get_asset(serial_number=arguments.text("serial_number", serial_number))

    async def get_assets(
        self,
        filter: str | None = None,
        orderby: str | None = None,
        top: int | None = None,
        skip: int | None = None,
    ) -> list[AssetView]:
        """List assets with OData options (GET /api/Asset).

        Without ``top`` the server returns 1000 assets at most; without ``orderby`` it orders
        them by their ids.

        Args:
            filter: Sent as ``$filter``, for example ``runningCount gt 1000``. Double the
                quotes inside a text, or use `pywats.services.odata.string_literal`.
            orderby: Sent as ``$orderby``, for example ``firstSeenDate desc``.
            top: Sent as ``$top``: the largest number of assets, 1 or more.
            skip: Sent as ``$skip``: the number of rows to skip, 0 or more.

        Returns:
            The assets in the order of the server.

        Raises:
            BadRequestError: The server does not accept an option.
        """
        arguments.optional_text("filter", filter)
        query = query_options(filter=filter, top=top, skip=skip, orderby=orderby)
        return await self._list(Request(method="GET", template=PATH, query=query), _VIEWS())

    def iter_assets(
        self, filter: str | None = None, *, page_size: int = 500, progress: Progress = False
    ) -> AsyncIterator[AssetView]:
        """Iterate over all assets that match, page by page (GET /api/Asset).

        Args:
            filter: Sent as ``$filter``; see `get_assets`.
            page_size: Number of assets per request, 1 to 10,000.
            progress: True shows the number of assets; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the assets, by their ids.
            Each page is requested when its first row is needed.
        """
        arguments.optional_text("filter", filter)

        async def fetch(top: int, skip: int) -> list[AssetView]:
            return await self.get_assets(filter, "assetId", top, skip)

        return Pages(fetch, page_size, progress=progress, what="assets")

    async def create_asset(  # noqa: PLR0917 - its place in the catalogue
        self,
        serial_number: str,
        type_id: UUID | str,
        asset_name: str | None = None,
        description: str | None = None,
        location: str | None = None,
        parent_asset_id: str | None = None,
        parent_serial_number: str | None = None,
        *,
        part_number: str | None = None,
        revision: str | None = None,
        state: AssetState | int = AssetState.IN_OPERATION,
        client_id: int | None = None,
        first_seen_date: datetime | None = None,
        last_seen_date: datetime | None = None,
    ) -> Asset:
        """Add an asset (PUT /api/Asset).

        The same operation updates: if an asset has this serial number already, it is changed.
        Counts, calibration and maintenance are set by methods of their own.

        Args:
            serial_number: Serial number.
            type_id: Id of its type; see `create_asset_type` and `get_asset_types`.
            asset_name: Name of the asset.
            description: Description.
            location: Its location.
            parent_asset_id: Id of the asset that it is part of.
            parent_serial_number: Serial number of that asset, instead of its id.
            part_number: Part number.
            revision: Revision.
            state: State in its life cycle.
            client_id: Number of the client that it belongs to.
            first_seen_date: When it was first seen, with a time zone.
            last_seen_date: When it was last seen, with a time zone.

        Returns:
            The asset as the server saved it; see `update_asset`.

        Raises:
            ValueError: Both ``parent_asset_id`` and ``parent_serial_number`` are given.
        """
        if parent_asset_id is not None and parent_serial_number is not None:
            raise ValueError("give one of parent_asset_id and parent_serial_number, not both")
        texts = {
            "asset_name": asset_name,
            "description": description,
            "location": location,
            "parent_asset_id": parent_asset_id,
            "parent_serial_number": parent_serial_number,
            "part_number": part_number,
            "revision": revision,
        }
        times = {"first_seen_date": first_seen_date, "last_seen_date": last_seen_date}
        fields: dict[str, object] = {
            "serial_number": arguments.text("serial_number", serial_number),
            "type_id": arguments.uuid_text("type_id", type_id),
            "state": state_of(state),
            **{name: arguments.text(name, v) for name, v in texts.items() if v is not None},
            **{name: arguments.aware_time(name, v) for name, v in times.items() if v is not None},
        }
        if client_id is not None:
            fields["client_id"] = validation.whole_number("client_id", client_id, 0)
        return await self.update_asset(models.Asset.model_validate(fields))

    async def update_asset(self, asset: Asset) -> Asset:
        """Save an asset (PUT /api/Asset).

        All fields that were received or set are sent. To give it another parent, set one of
        ``parent_asset_id`` and ``parent_serial_number`` and set the other to None, or use
        `add_child_asset`.

        Args:
            asset: An asset that was read and changed.

        Returns:
            The asset in the response. The API file does not declare the response: if
            it has no asset, the asset as it was sent.

        Raises:
            ValueError: It has no serial number or no type.
        """
        arguments.instance("asset", asset, models.Asset)
        arguments.text("asset.serial_number", asset.serial_number)
        if asset.type_id is None:
            raise ValueError("asset.type_id=None: must be the id of an asset type")
        request = Request(method="PUT", template=PATH, content=asset.to_wire_json())
        return await self._saved(request, _ASSET(), asset)

    async def delete_asset(
        self, asset_id: str | None = None, serial_number: str | None = None
    ) -> JsonValue:
        """Delete an asset and its log (DELETE /api/Asset).

        The assets that are part of it stay; the server gives them another parent.

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        query = one_asset(asset_id, serial_number)
        return await self._undeclared(Request(method="DELETE", template=PATH, query=query))


def state_of(state: AssetState | int) -> AssetState:
    """Return the state of an asset.

    Raises:
        TypeError: ``state`` is not an integer.
        ValueError: The state does not exist.
    """
    try:
        return AssetState(validation.whole_number("state", state, 0))
    except ValueError:
        allowed = ", ".join(f"{each.name} ({each:d})" for each in AssetState)
        raise ValueError(f"state={state!r}: must be one of {allowed}") from None
