"""Statistics and history of repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import dimensions_query, ids_text, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import RepairHistoryRecord, RepairStatistics, WatsFilter

__all__ = ["Repairs"]

_STATISTICS = adapter(lambda: list[models.RepairStatistics])
_HISTORY = adapter(lambda: list[models.RepairHistoryRecord])


class Repairs(Calls):
    """The methods on repairs."""

    async def get_dynamic_repair(
        self, filter: WatsFilter, *, dimensions: str | Iterable[str] | None = None
    ) -> list[RepairStatistics]:
        """Calculate repair statistics by any dimensions (POST /api/App/DynamicRepair).

        The server marks the operation as a preview. With an empty filter it returns the ten
        largest pairs of part number and repair operation of the last 30 days.

        Args:
            filter: Which reports count.
            dimensions: Dimensions and KPIs that split and order the rows, see
                `RepairDimension` and `RepairKpi`; each may have ``asc`` or ``desc`` after it. None
                takes ``filter.dimensions``; give one of the two.

        Returns:
            A row for each combination, in the order of the dimensions.
        """
        query = dimensions_query(filter, dimensions)
        request = question("/api/App/DynamicRepair", filter, query=query)
        return await self._list(request, _STATISTICS())

    async def get_related_repair_history(
        self,
        part_number: str,
        revision: str,
        *,
        repair_operation_code: int | str | None = None,
        test_operation_code: int | str | None = None,
    ) -> list[RepairHistoryRecord]:
        """List the repaired failures of a part (GET /api/App/RelatedRepairHistory).

        Args:
            part_number: Part number.
            revision: Revision.
            repair_operation_code: Code of the repair operation; None for all.
            test_operation_code: Code of the test operation that failed; None for all.

        Returns:
            The failures in the order of the server.
        """
        codes = {
            "repairOperationCode": ("repair_operation_code", repair_operation_code),
            "testOperationCode": ("test_operation_code", test_operation_code),
        }
        request = Request(
            method="GET",
            template="/api/App/RelatedRepairHistory",
            query={
                "partNumber": arguments.text("part_number", part_number),
                "revision": arguments.text("revision", revision),
                **{
                    key: None if code is None else ids_text(name, code)
                    for key, (name, code) in codes.items()
                },
            },
        )
        return await self._list(request, _HISTORY())
