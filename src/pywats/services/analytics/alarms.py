"""Alarms and notifications that were logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from datetime import datetime

    from pywats.models import AlarmLog, AlarmType

__all__ = ["Alarms"]

_LOGS = adapter(lambda: list[models.AlarmLog])


class Alarms(Calls):
    """The method on alarms."""

    async def get_alarm_logs(  # noqa: PLR0917 - its place in the catalogue
        self,
        alarm_type: AlarmType | int | None = None,
        top_count: int | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        product_group: str | None = None,
        level: str | None = None,
        *,
        include_calculation_string: bool | None = None,
    ) -> list[AlarmLog]:
        """List alarms and notifications (POST /api/internal/Trigger/GetAlarmAndNotificationLogs).

        Args:
            alarm_type: Subject of the alarms; None for all.
            top_count: Largest number of rows, 1 or more; None leaves it to the server.
            date_from: Begin of the period, with a time zone.
            date_to: End of the period, with a time zone.
            product_group: Name of the product group.
            level: Name of the level.
            include_calculation_string: Whether rows contain the calculation; None means no.

        Returns:
            The rows in the order of the server.
        """
        if alarm_type is not None:
            arguments.member("alarm_type", alarm_type, models.AlarmType)
        if top_count is not None:
            validation.whole_number("top_count", top_count, 1)
        for name, time in (("date_from", date_from), ("date_to", date_to)):
            if time is not None:
                arguments.aware_time(name, time)
        asked = models.WatsFilter(
            top_count=top_count,
            date_from=date_from,
            date_to=date_to,
            product_group=arguments.optional_text("product_group", product_group),
            level=arguments.optional_text("level", level),
        )
        request = question(
            "/api/internal/Trigger/GetAlarmAndNotificationLogs",
            asked,
            query={
                "includeTypes": None if alarm_type is None else f"{alarm_type:d}",
                "includeCalculationString": arguments.optional_boolean(
                    "include_calculation_string", include_calculation_string
                ),
            },
        )
        return await self._list(request, _LOGS())
