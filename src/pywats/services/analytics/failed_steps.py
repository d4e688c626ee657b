"""The steps that fail most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import ids_text, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pywats.models import TopFailedStep, WatsFilter

__all__ = ["FailedSteps"]

_ROWS = adapter(lambda: list[models.TopFailedStep])
_PUBLIC, _INTERNAL = "/api/App/TopFailed", "/api/internal/App/TopFailed"


class FailedSteps(Calls):
    """The methods on the steps that fail most.

    The methods with a ``filter`` use its fields ``part_number``, ``test_operation``,
    ``yield_value``, ``product_group``, ``level``, ``period_count``, ``date_grouping``,
    ``include_current_period`` and ``top_count``.
    """

    async def get_top_failed(
        self, filter: WatsFilter, *, top_count: int | None = None
    ) -> list[TopFailedStep]:
        """List the steps that fail most (POST /api/App/TopFailed).

        Args:
            filter: Which reports count.
            top_count: Largest number of rows, 1 or more; None takes ``filter.top_count``.

        Returns:
            The rows in the order of the server.
        """
        return await self._asked(_PUBLIC, filter, top_count)

    async def get_recent_top_failed(  # noqa: PLR0917 - as get_top_failed_by_product
        self,
        part_number: str,
        process_code: int | str,
        product_group_id: int | str,
        level_id: int | str,
        days: int,
        count: int = 10,
    ) -> list[TopFailedStep]:
        """List the steps of a part that failed most in the last days (GET /api/App/TopFailed).

        Args:
            part_number: Part number.
            process_code: Code of the test operation.
            product_group_id: Id of the product group.
            level_id: Id of the level.
            days: Number of days back, 1 or more.
            count: Largest number of rows, 1 or more.

        Returns:
            The rows in the order of the server.
        """
        query = _recent(part_number, process_code, product_group_id, level_id, days, count)
        return await self._list(Request(method="GET", template=_PUBLIC, query=query), _ROWS())

    async def get_top_failed_internal(
        self, filter: WatsFilter, top_count: int | None = None
    ) -> list[TopFailedStep]:
        """List the steps that fail most (POST /api/internal/App/TopFailed).

        Args:
            filter: Which reports count.
            top_count: Largest number of rows, 1 or more; None takes ``filter.top_count``.

        Returns:
            The rows, with the filters that the methods on step and measurement lists take.
        """
        return await self._asked(_INTERNAL, filter, top_count)

    async def get_top_failed_by_product(  # noqa: PLR0917 - its place in the catalogue
        self,
        part_number: str,
        process_code: int | str,
        product_group_id: int | str,
        level_id: int | str,
        days: int,
        count: int = 10,
    ) -> list[TopFailedStep]:
        """List the steps of a part that failed most (GET /api/internal/App/TopFailed).

        Args:
            part_number: Part number.
            process_code: Code of the test operation.
            product_group_id: Id of the product group.
            level_id: Id of the level.
            days: Number of days back, 1 or more.
            count: Largest number of rows, 1 or more.

        Returns:
            The rows, with the filters that the methods on step and measurement lists take.
        """
        query = _recent(part_number, process_code, product_group_id, level_id, days, count)
        return await self._list(Request(method="GET", template=_INTERNAL, query=query), _ROWS())

    async def _asked(
        self, template: str, filter: WatsFilter, top_count: int | None
    ) -> list[TopFailedStep]:
        if top_count is not None:
            validation.whole_number("top_count", top_count, 1)
        request = question(template, filter, further={"topCount": top_count})
        return await self._list(request, _ROWS())


def _recent(  # noqa: PLR0917 - private; in the order of the methods
    part_number: str,
    process_code: int | str,
    product_group_id: int | str,
    level_id: int | str,
    days: int,
    count: int,
) -> dict[str, str | int]:
    return {
        "partNumber": arguments.text("part_number", part_number),
        "processCode": ids_text("process_code", process_code),
        "productGroupId": ids_text("product_group_id", product_group_id),
        "levelId": ids_text("level_id", level_id),
        "days": validation.whole_number("days", days, 1),
        "count": validation.whole_number("count", count, 1),
    }
