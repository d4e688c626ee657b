"""Usage counts of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.asset.assets import PATH
from pywats.services.asset.identity import one_asset
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["Counts"]


class Counts(Calls):
    """The methods on the counts of an asset."""

    async def increment_count(
        self,
        asset_id: str | None = None,
        serial_number: str | None = None,
        amount: int = 1,
        increment_children: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        *,
        culture_code: str | None = None,
    ) -> JsonValue:
        """Add to the running and the total count of an asset (PUT /api/Asset/Count).

        A request that is sent twice counts twice, so it is retried only if the first one was
        certainly not executed.

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            amount: How many uses to add, 1 or more.
            increment_children: True adds the same amount to the assets that are part of it.
            culture_code: Language of messages, for example ``zh-CN``.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="PUT",
            template=f"{PATH}/Count",
            query={
                **one_asset(asset_id, serial_number),
                "incrementBy": validation.whole_number("amount", amount, 1),
                "incrementChildren": validation.boolean("increment_children", increment_children),
                "cultureCode": arguments.optional_text("culture_code", culture_code),
            },
            idempotent=False,
        )
        return await self._undeclared(request)

    async def set_total_count(
        self,
        value: int,
        asset_id: str | None = None,
        serial_number: str | None = None,
        *,
        increment_children: bool = False,
        culture_code: str | None = None,
    ) -> JsonValue:
        """Raise the total count of an asset to a value (PUT /api/Asset/Count).

        The server adds the difference between the new and the old total count to the running
        count as well.

        Args:
            value: The new total count, 0 or more.
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            increment_children: True adds the difference to the assets that are part of it.
            culture_code: Language of messages, for example ``zh-CN``.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="PUT",
            template=f"{PATH}/Count",
            query={
                **one_asset(asset_id, serial_number),
                "totalCount": validation.whole_number("value", value, 0),
                "incrementChildren": validation.boolean("increment_children", increment_children),
                "cultureCode": arguments.optional_text("culture_code", culture_code),
            },
        )
        return await self._undeclared(request)

    async def reset_running_count(
        self,
        asset_id: str | None = None,
        serial_number: str | None = None,
        comment: str | None = None,
    ) -> JsonValue:
        """Set the running count of an asset to 0 (POST /api/Asset/ResetRunningCount).

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset, instead of its id.
            comment: A remark for the asset log.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: Both or none of ``asset_id`` and ``serial_number`` are given.
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="POST",
            template=f"{PATH}/ResetRunningCount",
            query={
                **one_asset(asset_id, serial_number),
                "comment": arguments.optional_text("comment", comment),
            },
        )
        return await self._undeclared(request)
