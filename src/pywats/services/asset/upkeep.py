"""Calibration and maintenance of assets."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.asset.assets import PATH
from pywats.services.asset.identity import one_asset
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

__all__ = ["Upkeep"]


class Upkeep(Calls):
    """The methods that record calibration and maintenance on the server."""

    async def record_calibration(
        self,
        asset_id: str | None = None,
        serial_number: str | None = None,
        date_time: datetime | None = None,
        comment: str | None = None,
    ) -> JsonValue:
        """Tell the server that an asset was calibrated (POST /api/Asset/Calibration).

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            date_time: When it was calibrated, with a time zone; None means now.
            comment: A remark for the asset log.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given, or the time
                has no time zone.
            NotFoundError: The server does not know the asset.
        """
        return await self._record("Calibration", asset_id, serial_number, date_time, comment)

    async def record_maintenance(
        self,
        asset_id: str | None = None,
        serial_number: str | None = None,
        date_time: datetime | None = None,
        comment: str | None = None,
    ) -> JsonValue:
        """Tell the server that an asset had maintenance (POST /api/Asset/Maintenance).

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            date_time: When it had maintenance, with a time zone; None means now.
            comment: A remark for the asset log.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given, or the time
                has no time zone.
            NotFoundError: The server does not know the asset.
        """
        return await self._record("Maintenance", asset_id, serial_number, date_time, comment)

    async def _record(
        self,
        event: str,
        asset_id: str | None,
        serial_number: str | None,
        date_time: datetime | None,
        comment: str | None,
    ) -> JsonValue:
        request = Request(
            method="POST",
            template=f"{PATH}/{event}",
            query={
                **one_asset(asset_id, serial_number),
                "dateTime": None if date_time is None else _utc(date_time),
                "comment": arguments.optional_text("comment", comment),
            },
        )
        return await self._undeclared(request)


def _utc(time: datetime) -> str:
    aware = arguments.aware_time("date_time", time)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
