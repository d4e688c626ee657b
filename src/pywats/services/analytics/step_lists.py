"""The results and the measurements of one step, test by test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import ids_text, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pywats.models import MeasurementListItem, StepStatusItem, WatsFilter

__all__ = ["StepLists"]

_STATUSES = adapter(lambda: list[models.StepStatusItem])
_MEASUREMENTS = adapter(lambda: list[models.MeasurementListItem])
_STATUS_LIST = "/api/internal/App/StepStatusList"
_MEASUREMENT_LIST = "/api/internal/App/MeasurementList"


class StepLists(Calls):
    """The methods on the results and measurements of one step.

    The step is named by two XML texts that `get_top_failed_internal` returns with each row.
    The methods with a ``filter`` use its fields ``yield_value``, ``product_group``, ``level``,
    ``period_count``, ``date_grouping`` and ``include_current_period``.
    """

    async def get_step_status_list(
        self, filter: WatsFilter, step_filters: str, sequence_filters: str
    ) -> list[StepStatusItem]:
        """List the results of a step (POST /api/internal/App/StepStatusList).

        Args:
            filter: Which reports count.
            step_filters: XML that names the step.
            sequence_filters: XML that names its sequences.

        Returns:
            The rows in the order of the server.
        """
        step = _step(step_filters, sequence_filters)
        return await self._list(question(_STATUS_LIST, filter, query=step), _STATUSES())

    async def get_step_status_list_by_product(
        self,
        product_group_id: int | str,
        level_id: int | str,
        days: int,
        step_filters: str,
        sequence_filters: str,
    ) -> list[StepStatusItem]:
        """List the results of a step in the last days (GET /api/internal/App/StepStatusList).

        Args:
            product_group_id: Id of the product group.
            level_id: Id of the level.
            days: Number of days back, 1 or more.
            step_filters: XML that names the step.
            sequence_filters: XML that names its sequences.

        Returns:
            The rows in the order of the server.
        """
        query = _recent(product_group_id, level_id, days) | _step(step_filters, sequence_filters)
        return await self._list(
            Request(method="GET", template=_STATUS_LIST, query=query), _STATUSES()
        )

    async def get_measurement_list(
        self, filter: WatsFilter, step_filters: str, sequence_filters: str
    ) -> list[MeasurementListItem]:
        """List the measurements of a step (POST /api/internal/App/MeasurementList).

        Args:
            filter: Which reports count.
            step_filters: XML that names the step.
            sequence_filters: XML that names its sequences.

        Returns:
            The rows in the order of the server.
        """
        step = _step(step_filters, sequence_filters)
        return await self._list(question(_MEASUREMENT_LIST, filter, query=step), _MEASUREMENTS())

    async def get_measurement_list_by_product(
        self,
        product_group_id: int | str,
        level_id: int | str,
        days: int,
        step_filters: str,
        sequence_filters: str,
    ) -> list[MeasurementListItem]:
        """List the measurements of a step (GET /api/internal/App/MeasurementList).

        Args:
            product_group_id: Id of the product group.
            level_id: Id of the level.
            days: Number of days back, 1 or more.
            step_filters: XML that names the step.
            sequence_filters: XML that names its sequences.

        Returns:
            The rows in the order of the server.
        """
        query = _recent(product_group_id, level_id, days) | _step(step_filters, sequence_filters)
        return await self._list(
            Request(method="GET", template=_MEASUREMENT_LIST, query=query), _MEASUREMENTS()
        )


def _step(step_filters: str, sequence_filters: str) -> dict[str, str | int]:
    return {
        "stepFilters": arguments.text("step_filters", step_filters),
        "sequenceFilters": arguments.text("sequence_filters", sequence_filters),
    }


def _recent(product_group_id: int | str, level_id: int | str, days: int) -> dict[str, str | int]:
    return {
        "productGroupId": ids_text("product_group_id", product_group_id),
        "levelId": ids_text("level_id", level_id),
        "days": validation.whole_number("days", days, 1),
    }
