"""Types of assets and their limits: list, add, update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.asset.assets import PATH
from pywats.services.calls import Calls
from pywats.services.odata import query_options
from pywats.services.paging import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from pywats.models import AssetType
    from pywats.progress import Progress

__all__ = ["AssetTypes"]

_TYPE = adapter(lambda: models.AssetType)
_TYPES = adapter(lambda: list[models.AssetType])


class AssetTypes(Calls):
    """The methods on types of assets."""

    async def get_asset_types(
        self,
        filter: str | None = None,
        orderby: str | None = None,
        top: int | None = None,
        skip: int | None = None,
    ) -> list[AssetType]:
        """List types of assets with OData options (GET /api/Asset/Types).

        Without ``top`` the server returns 1000 types at most; without ``orderby`` it orders them
        by their names.

        Args:
            filter: Sent as ``$filter``, for example ``typeName eq 'Fixture'``.
            orderby: Sent as ``$orderby``, for example ``calibrationInterval desc``.
            top: Sent as ``$top``: the largest number of types, 1 or more.
            skip: Sent as ``$skip``: the number of rows to skip, 0 or more.

        Returns:
            The types in the order of the server.

        Raises:
            BadRequestError: The server does not accept an option.
        """
        arguments.optional_text("filter", filter)
        query = query_options(filter=filter, top=top, skip=skip, orderby=orderby)
        return await self._list(
            Request(method="GET", template=f"{PATH}/Types", query=query), _TYPES()
        )

    def iter_asset_types(
        self, filter: str | None = None, *, page_size: int = 500, progress: Progress = False
    ) -> AsyncIterator[AssetType]:
        """Iterate over all types that match, page by page (GET /api/Asset/Types).

        Args:
            filter: Sent as ``$filter``; see `get_asset_types`.
            page_size: Number of types per request, 1 to 10,000.
            progress: True shows the number of types; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the types, by their names.
            Each page is requested when its first row is needed.
        """
        arguments.optional_text("filter", filter)

        async def fetch(top: int, skip: int) -> list[AssetType]:
            return await self.get_asset_types(filter, "typeName,typeId", top, skip)

        return Pages(fetch, page_size, progress=progress, what="types")

    async def create_asset_type(  # noqa: PLR0917 - its place in the catalogue
        self,
        type_name: str,
        running_count_limit: int | None = None,
        total_count_limit: int | None = None,
        calibration_interval: float | None = None,
        maintenance_interval: float | None = None,
        warning_threshold: float | None = None,
        alarm_threshold: float | None = None,
        *,
        icon: str | None = None,
        type_id: UUID | str | None = None,
    ) -> AssetType:
        """Add a type of assets (PUT /api/Asset/Types).

        Args:
            type_name: Name of the type.
            running_count_limit: How many uses until an asset must be calibrated.
            total_count_limit: How many uses in the life of an asset.
            calibration_interval: Days between two calibrations.
            maintenance_interval: Days between two maintenances.
            warning_threshold: Percent of a limit at which the server warns.
            alarm_threshold: Percent of a limit at which the server raises an alarm.
            icon: Icon of the type.
            type_id: Id for the type; None lets the server make one. With an id of your own, for
                example ``uuid.uuid4()``, the request may be retried, because sending it twice does
                not add a second type.

        Returns:
            The type as the server saved it; see `update_asset_type`.
        """
        counts = {
            "running_count_limit": running_count_limit,
            "total_count_limit": total_count_limit,
        }
        numbers = {
            "calibration_interval": calibration_interval,
            "maintenance_interval": maintenance_interval,
            "warning_threshold": warning_threshold,
            "alarm_threshold": alarm_threshold,
        }
        fields: dict[str, object] = {
            "type_name": arguments.text("type_name", type_name),
            **{n: validation.whole_number(n, v, 0) for n, v in counts.items() if v is not None},
            **{n: validation.number_at_least(n, v, 0) for n, v in numbers.items() if v is not None},
        }
        if icon is not None:
            fields["icon"] = arguments.text("icon", icon)
        if type_id is not None:
            fields["type_id"] = arguments.uuid_text("type_id", type_id)
        return await self.update_asset_type(models.AssetType.model_validate(fields))

    async def update_asset_type(self, asset_type: AssetType) -> AssetType:
        """Save a type of assets (PUT /api/Asset/Types).

        All fields that were received or set are sent.

        Args:
            asset_type: A type that was read and changed.

        Returns:
            The type in the response. The API file does not declare the response: if
            it has no type, the type as it was sent.
        """
        arguments.instance("asset_type", asset_type, models.AssetType)
        arguments.text("asset_type.type_name", asset_type.type_name)
        request = Request(
            method="PUT",
            template=f"{PATH}/Types",
            content=asset_type.to_wire_json(),
            # Without an id the server makes one, so a second request may add a second type.
            idempotent=asset_type.type_id is not None,
        )
        return await self._saved(request, _TYPE(), asset_type)
