"""Status of assets against the limits of their types, as the server calculates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from pywats import models, validation
from pywats.http.port import Request
from pywats.models import AssetAlarmState, WATSModel
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.asset.assets import PATH, Assets
from pywats.services.asset.identity import one_asset

if TYPE_CHECKING:
    from pywats.models import Asset, AssetStatus, AssetView

__all__ = ["Statuses"]


class _Verdict(WATSModel):
    """The states that are a verdict of the server; any other value cannot be decoded."""

    status: Literal[AssetAlarmState.OK, AssetAlarmState.WARNING, AssetAlarmState.ALARM]


_STATUS = adapter(lambda: models.AssetStatus)
_VERDICT = TypeAdapter(_Verdict)


class Statuses(Assets):
    """The methods on the status of an asset."""

    async def get_status(
        self,
        asset_id: str | None = None,
        serial_number: str | None = None,
        *,
        translate: bool | None = None,
        culture_code: str | None = None,
    ) -> AssetStatus:
        """Get the status of an asset (GET /api/Asset/Status).

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            translate: Whether the message is translated; None means yes.
            culture_code: Language of the message, for example ``zh-CN``.

        Returns:
            The status.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        query = {
            **one_asset(asset_id, serial_number),
            "translate": arguments.optional_boolean("translate", translate),
            "cultureCode": arguments.optional_text("culture_code", culture_code),
        }
        return await self._one(
            Request(method="GET", template=f"{PATH}/Status", query=query), _STATUS()
        )

    async def is_in_alarm(self, asset: Asset | AssetView) -> bool:
        """Ask whether an asset is in alarm (GET /api/Asset/Status).

        An asset does not carry its status, so the server is asked each time.

        Args:
            asset: An asset that was read.

        Returns:
            True if its status is an alarm; False if it is a warning or all is well.

        Raises:
            NotFoundError: The server does not know the asset.
            WATSDecodeError: The server gave no verdict.
        """
        return await self._verdict(asset) is AssetAlarmState.ALARM

    async def is_in_warning(self, asset: Asset | AssetView) -> bool:
        """Ask whether an asset is in warning (GET /api/Asset/Status).

        Args:
            asset: An asset that was read.

        Returns:
            True if its status is a warning; False if it is an alarm or all is well.

        Raises:
            NotFoundError: The server does not know the asset.
            WATSDecodeError: The server gave no verdict.
        """
        return await self._verdict(asset) is AssetAlarmState.WARNING

    async def get_assets_in_alarm(
        self, top: int | None = None, *, filter: str | None = None
    ) -> list[AssetView]:
        """List the assets in alarm (GET /api/Asset and GET /api/Asset/Status).

        The asset list cannot be filtered by status, so this sends a request for each asset that
        ``filter`` leaves, all within the limits of one call. For many assets, iterate with
        `iter_assets` and `is_in_alarm` instead.

        Args:
            top: How many assets to find, 1 or more; None finds all.
            filter: Which assets to ask for, sent as ``$filter``; see `get_assets`.

        Returns:
            The assets by their ids.

        Raises:
            WATSDecodeError: The server gave no verdict on an asset.
        """
        return await self._having(AssetAlarmState.ALARM, top, filter)

    async def get_assets_in_warning(
        self, top: int | None = None, *, filter: str | None = None
    ) -> list[AssetView]:
        """List the assets in warning (GET /api/Asset and GET /api/Asset/Status).

        Sends a request for each asset that ``filter`` leaves; see `get_assets_in_alarm`.

        Args:
            top: How many assets to find, 1 or more; None finds all.
            filter: Which assets to ask for, sent as ``$filter``; see `get_assets`.

        Returns:
            The assets by their ids.

        Raises:
            WATSDecodeError: The server gave no verdict on an asset.
        """
        return await self._having(AssetAlarmState.WARNING, top, filter)

    async def _having(
        self, verdict: AssetAlarmState, top: int | None, filter: str | None
    ) -> list[AssetView]:
        if top is not None:
            validation.whole_number("top", top, 1)
        found: list[AssetView] = []
        async for asset in self.iter_assets(filter):
            if await self._verdict(asset) is verdict:
                found.append(asset)
                if len(found) == top:
                    break
        return found

    async def _verdict(self, asset: Asset | AssetView) -> AssetAlarmState:
        if not isinstance(asset, models.AssetView):
            arguments.instance("asset", asset, models.Asset)
        serial_number = asset.serial_number if asset.asset_id is None else None
        query = one_asset(asset.asset_id, serial_number)
        request = Request(method="GET", template=f"{PATH}/Status", query=query)
        return (await self._one(request, _VERDICT)).status
