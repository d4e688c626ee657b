"""Statistics of steps and their measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.models import RunFilter
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import checked_filter, question, require_fields
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.models import StepAnalysisRow, WatsFilter

__all__ = ["StepStatistics"]

_ROWS = adapter(lambda: list[models.StepAnalysisRow])


class StepStatistics(Calls):
    """The methods on statistics of steps."""

    async def get_test_step_analysis(
        self, filter: WatsFilter, *, run: RunFilter | int | None = None
    ) -> list[StepAnalysisRow]:
        """Calculate statistics of the steps of a test (POST /api/App/TestStepAnalysis).

        The server marks the operation as a preview. Without more in the filter it looks at
        10,000 reports of the last 30 days.

        Args:
            filter: Which reports count; the API requires ``part_number`` and
                ``test_operation``.
            run: Which of the tests of a unit count; None leaves it to the server, which takes
                the first.

        Returns:
            The rows in the order of the server.

        Raises:
            ValueError: ``filter`` lacks a field that the API requires, or the run does not exist.
        """
        require_fields(checked_filter(filter), "part_number", "test_operation")
        which: dict[str, JsonValue] = {
            "run": None if run is None else arguments.member("run", run, RunFilter).value
        }
        request = question("/api/App/TestStepAnalysis", filter, further=which)
        return await self._list(request, _ROWS())

    async def get_test_step_analysis_for_operation(
        self,
        part_number: str,
        test_operation: str,
        *,
        revision: str | None = None,
        days: int = 30,
        run: RunFilter | int = RunFilter.FIRST,
        max_count: int = 10_000,
    ) -> list[StepAnalysisRow]:
        """Calculate statistics of the last days of a test (POST /api/App/TestStepAnalysis).

        Args:
            part_number: Part number.
            test_operation: Name of the test operation.
            revision: Revision; None for all.
            days: Number of days back from now, 1 or more.
            run: Which of the tests of a unit count.
            max_count: Largest number of reports to look at, 1 or more.

        Returns:
            The rows in the order of the server.
        """
        asked = models.WatsFilter(
            part_number=arguments.text("part_number", part_number),
            test_operation=arguments.text("test_operation", test_operation),
            revision=arguments.optional_text("revision", revision),
            date_from=arguments.days_ago(days),
            max_count=validation.whole_number("max_count", max_count, 1),
        )
        return await self.get_test_step_analysis(asked, run=run)
