"""Overall equipment effectiveness (OEE)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import OeeAnalysisResult, WatsFilter

__all__ = ["EquipmentEffectiveness"]

_RESULT = adapter(lambda: models.OeeAnalysisResult)
_DAYS, _HOURS = 7, 24


class EquipmentEffectiveness(Calls):
    """The method on overall equipment effectiveness."""

    async def get_oee_analysis(
        self,
        filter: WatsFilter,
        available_time: Iterable[float],
        *,
        min_connection_time: int | None = None,
        max_connection_time: int | None = None,
        min_execution_time: int | None = None,
        max_execution_time: int | None = None,
        target_output: int | None = None,
    ) -> OeeAnalysisResult:
        """Calculate overall equipment effectiveness (POST /api/App/OeeAnalysis).

        Args:
            filter: Which reports count; the server looks at ``product_group``, ``level``,
                ``part_number``, ``revision``, ``station_name``, ``test_operation``, ``status``,
                ``sw_filename``, ``sw_version``, ``socket``, ``date_from`` and ``date_to``.
            available_time: Hours in which the equipment is available on each of the seven
                weekdays, 0 to 24; the API file does not say which day is the first.
            min_connection_time: Leave out reports of a shorter connection time, 0 or more; the
                API file names no unit of this time or the next three.
            max_connection_time: Leave out reports of a longer connection time.
            min_execution_time: Leave out reports of a shorter execution time.
            max_execution_time: Leave out reports of a longer execution time.
            target_output: Planned output per day, 1 or more.

        Returns:
            The analysis.
        """
        limits = {
            "minConnectionTime": ("min_connection_time", min_connection_time, 0),
            "maxConnectionTime": ("max_connection_time", max_connection_time, 0),
            "minExecutionTime": ("min_execution_time", min_execution_time, 0),
            "maxExecutionTime": ("max_execution_time", max_execution_time, 0),
            "targetOutput": ("target_output", target_output, 1),
        }
        request = question(
            "/api/App/OeeAnalysis",
            filter,
            query={
                "availableTime": _hours_text(available_time),
                **{
                    key: None if value is None else validation.whole_number(name, value, least)
                    for key, (name, value, least) in limits.items()
                },
            },
        )
        return await self._one(request, _RESULT())


def _hours_text(available_time: Iterable[float]) -> str:
    hours = [
        validation.number_at_least(f"available_time[{index}]", each, 0)
        for index, each in enumerate(arguments.iterable("available_time", available_time))
    ]
    if len(hours) != _DAYS or max(hours) > _HOURS:
        raise ValueError(
            f"available_time={hours}: must be {_DAYS} numbers of hours, each {_HOURS} at most"
        )
    return ",".join(f"{each:.10g}" for each in hours)
