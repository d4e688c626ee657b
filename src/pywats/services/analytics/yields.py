"""Yield, split by any dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.models import YieldDimension
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import dimensions_query, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import WatsFilter, YieldData

__all__ = ["Yields"]

_ROWS = adapter(lambda: list[models.YieldData])
_OF_PART = (YieldDimension.PART_NUMBER, YieldDimension.REVISION, YieldDimension.TEST_OPERATION)
_OF_STATION = (
    YieldDimension.STATION_NAME,
    YieldDimension.PART_NUMBER,
    YieldDimension.TEST_OPERATION,
)


class Yields(Calls):
    """The methods on yield by dimensions."""

    async def get_dynamic_yield(
        self, filter: WatsFilter, *, dimensions: str | Iterable[str] | None = None
    ) -> list[YieldData]:
        """Calculate yield by any dimensions (POST /api/App/DynamicYield).

        The server marks the operation as a preview. With an empty filter it returns the ten
        largest pairs of part number and test operation of the last 30 days.

        Args:
            filter: Which reports count.
            dimensions: Dimensions and KPIs that split and order the rows, see
                `YieldDimension` and `YieldKpi`; each may have ``asc`` or ``desc`` after it. If
                KPIs are named, only these KPIs are returned. None takes ``filter.dimensions``;
                give one of the two.

        Returns:
            A row for each combination, in the order of the dimensions.
        """
        query = dimensions_query(filter, dimensions)
        request = question("/api/App/DynamicYield", filter, query=query)
        return await self._list(request, _ROWS())

    async def get_yield_summary(
        self, part_number: str, revision: str | None = None, days: int = 30
    ) -> list[YieldData]:
        """Calculate the yield of a part in each test operation (POST /api/App/DynamicYield).

        Args:
            part_number: Part number.
            revision: Revision; None for all.
            days: Number of days back from now, 1 or more.

        Returns:
            A row for each revision and test operation.
        """
        return await self.get_dynamic_yield(
            models.WatsFilter(
                part_number=arguments.text("part_number", part_number),
                revision=arguments.optional_text("revision", revision),
                date_from=arguments.days_ago(days),
            ),
            dimensions=_OF_PART,
        )

    async def get_station_yield(self, station_name: str, days: int = 7) -> list[YieldData]:
        """Calculate the yield at a station (POST /api/App/DynamicYield).

        Args:
            station_name: Name of the station.
            days: Number of days back from now, 1 or more.

        Returns:
            A row for each part number and test operation.
        """
        return await self.get_dynamic_yield(
            models.WatsFilter(
                station_name=arguments.text("station_name", station_name),
                date_from=arguments.days_ago(days),
            ),
            dimensions=_OF_STATION,
        )
