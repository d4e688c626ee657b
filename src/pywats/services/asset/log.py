"""Log of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.asset.assets import PATH
from pywats.services.asset.identity import one_asset
from pywats.services.calls import Calls
from pywats.services.odata import query_options
from pywats.services.paging import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import JsonValue

    from pywats.models import AssetLog
    from pywats.progress import Progress

__all__ = ["Logs"]

_RECORDS = adapter(lambda: list[models.AssetLog])


class Logs(Calls):
    """The methods on the asset log."""

    async def get_asset_log(
        self,
        filter: str | None = None,
        orderby: str | None = None,
        top: int | None = None,
        *,
        skip: int | None = None,
    ) -> list[AssetLog]:
        """List records of the asset log with OData options (GET /api/Asset/Log).

        Without ``top`` the server returns 1000 records at most; without ``orderby`` the newest
        come first.

        Args:
            filter: Sent as ``$filter``, for example ``assetId eq '1' and type eq 2``; see
                `pywats.models.AssetLogType`.
            orderby: Sent as ``$orderby``, for example ``date``.
            top: Sent as ``$top``: the largest number of records, 1 or more.
            skip: Sent as ``$skip``: the number of rows to skip, 0 or more.

        Returns:
            The records in the order of the server.

        Raises:
            BadRequestError: The server does not accept an option.
        """
        arguments.optional_text("filter", filter)
        query = query_options(filter=filter, top=top, skip=skip, orderby=orderby)
        request = Request(method="GET", template=f"{PATH}/Log", query=query)
        return await self._list(request, _RECORDS())

    def iter_asset_log(
        self, filter: str | None = None, *, page_size: int = 500, progress: Progress = False
    ) -> AsyncIterator[AssetLog]:
        """Iterate over all records that match, page by page (GET /api/Asset/Log).

        Records come in the order of their ids, so that records that are added meanwhile do not
        shift the pages.

        Args:
            filter: Sent as ``$filter``; see `get_asset_log`.
            page_size: Number of records per request, 1 to 10,000.
            progress: True shows the number of records; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the records.
            Each page is requested when its first row is needed.
        """
        arguments.optional_text("filter", filter)

        async def fetch(top: int, skip: int) -> list[AssetLog]:
            return await self.get_asset_log(filter, "logId", top, skip=skip)

        return Pages(fetch, page_size, progress=progress, what="records")

    async def add_log_message(
        self,
        asset_id: str | None,
        message: str,
        *,
        serial_number: str | None = None,
        culture_code: str | None = None,
    ) -> JsonValue:
        """Add a message to the log of an asset (POST /api/Asset/Message).

        Args:
            asset_id: Id of the asset, or None if ``serial_number`` names it.
            message: Text of the message.
            serial_number: Serial number of the asset, instead of its id.
            culture_code: Language of error messages, for example ``zh-CN``.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="POST",
            template=f"{PATH}/Message",
            query={
                **one_asset(asset_id, serial_number),
                "cultureCode": arguments.optional_text("culture_code", culture_code),
            },
            content=models.AssetMessage(content=arguments.text("message", message)).to_wire_json(),
        )
        return await self._undeclared(request)
