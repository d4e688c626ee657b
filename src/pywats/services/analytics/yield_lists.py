"""The ready-made yield lists: by volume, by lowest yield, by product group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services.adapters import adapter
from pywats.services.analytics.question import ids_text, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pywats.models import WatsFilter, YieldData

__all__ = ["YieldLists"]

_ROWS = adapter(lambda: list[models.YieldData])


class YieldLists(Calls):
    """The methods on yield lists.

    The methods with a ``filter`` use its fields ``product_group``, ``level``, ``period_count``,
    ``date_grouping`` and ``include_current_period``, and the fields that they name.
    """

    async def get_volume_yield(self, filter: WatsFilter) -> list[YieldData]:
        """List volume and yield (POST /api/App/VolumeYield).

        Args:
            filter: Which reports count.

        Returns:
            The rows in the order of the server.
        """
        return await self._list(question("/api/App/VolumeYield", filter), _ROWS())

    async def get_recent_volume_yield(
        self, days: int, product_group_id: int | str, level_id: int | str
    ) -> list[YieldData]:
        """List volume and yield of the last days (GET /api/App/VolumeYield).

        Args:
            days: Number of days back, 1 or more.
            product_group_id: Id of the product group; several with ``;`` between them.
            level_id: Id of the level; several with ``;`` between them.

        Returns:
            The rows in the order of the server.
        """
        return await self._recent("/api/App/VolumeYield", days, product_group_id, level_id)

    async def get_high_volume(self, filter: WatsFilter) -> list[YieldData]:
        """List yield, the highest volume first (POST /api/App/HighVolume).

        Args:
            filter: Which reports count; ``top_count`` and ``min_count`` limit the rows.

        Returns:
            The rows in the order of the server.
        """
        return await self._list(question("/api/App/HighVolume", filter), _ROWS())

    async def get_recent_high_volume(
        self, days: int, product_group_id: int | str, level_id: int | str
    ) -> list[YieldData]:
        """List yield of the last days, the highest volume first (GET /api/App/HighVolume).

        Args:
            days: Number of days back, 1 or more.
            product_group_id: Id of the product group; several with ``;`` between them.
            level_id: Id of the level; several with ``;`` between them.

        Returns:
            The rows in the order of the server.
        """
        return await self._recent("/api/App/HighVolume", days, product_group_id, level_id)

    async def get_high_volume_by_product_group(self, filter: WatsFilter) -> list[YieldData]:
        """List product groups, the highest volume first (POST /api/App/HighVolumeByProductGroup).

        Args:
            filter: Which reports count; ``top_count`` and ``min_count`` limit the rows.

        Returns:
            A row for each product group, in the order of the server.
        """
        return await self._list(question("/api/App/HighVolumeByProductGroup", filter), _ROWS())

    async def get_worst_yield(self, filter: WatsFilter) -> list[YieldData]:
        """List yield, the lowest first (POST /api/App/WorstYield).

        Args:
            filter: Which reports count; ``top_count`` and ``min_count`` limit the rows.

        Returns:
            The rows in the order of the server.
        """
        return await self._list(question("/api/App/WorstYield", filter), _ROWS())

    async def get_recent_worst_yield(
        self, days: int, product_group_id: int | str, level_id: int | str
    ) -> list[YieldData]:
        """List yield of the last days, the lowest first (GET /api/App/WorstYield).

        Args:
            days: Number of days back, 1 or more.
            product_group_id: Id of the product group; several with ``;`` between them.
            level_id: Id of the level; several with ``;`` between them.

        Returns:
            The rows in the order of the server.
        """
        return await self._recent("/api/App/WorstYield", days, product_group_id, level_id)

    async def get_worst_yield_by_product_group(self, filter: WatsFilter) -> list[YieldData]:
        """List product groups, the lowest yield first (POST /api/App/WorstYieldByProductGroup).

        Args:
            filter: Which reports count; ``top_count`` and ``min_count`` limit the rows.

        Returns:
            A row for each product group, in the order of the server.
        """
        return await self._list(question("/api/App/WorstYieldByProductGroup", filter), _ROWS())

    async def _recent(
        self, template: str, days: int, product_group_id: int | str, level_id: int | str
    ) -> list[YieldData]:
        request = Request(
            method="GET",
            template=template,
            query={
                "days": validation.whole_number("days", days, 1),
                "productGroupId": ids_text("product_group_id", product_group_id),
                "levelId": ids_text("level_id", level_id),
            },
        )
        return await self._list(request, _ROWS())
