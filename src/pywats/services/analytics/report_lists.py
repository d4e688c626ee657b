"""Reports of tests and repairs that meet a filter, and the history of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.question import ids_text, question
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from datetime import datetime

    from pywats.models import ReportHeader, StatusFilter, WatsFilter

__all__ = ["ReportLists"]

_ROWS = adapter(lambda: list[models.ReportHeader])
_UUT = "/api/App/UutReport"


class ReportLists(Calls):
    """The methods on lists of reports; the report service has one with OData options."""

    async def get_uut_reports(
        self,
        filter: WatsFilter | None = None,
        *,
        product_group_id: int | str | None = None,
        level_id: int | str | None = None,
        part_number: str | None = None,
        revision: str | None = None,
        serial_number: str | None = None,
        status: StatusFilter | str | None = None,
        batch_number: str | None = None,
        station_name: str | None = None,
        test_operation: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
    ) -> list[ReportHeader]:
        """List test reports, the newest first (POST or GET /api/App/UutReport).

        With a filter it is sent by POST, otherwise the other arguments are sent by GET. The
        server returns the newest 1000; ``filter.top_count`` changes that.

        Args:
            filter: Which reports; the server looks at ``product_group``, ``level``,
                ``serial_number``, ``part_number``, ``revision``, ``batch_number``,
                ``station_name``, ``test_operation``, ``status``, ``misc_value``, ``date_from``,
                ``date_to`` and ``top_count``.
            product_group_id: Id of the product group.
            level_id: Id of the level; several with ``;`` between them.
            part_number: Part number of the unit.
            revision: Revision of the unit.
            serial_number: Serial number of the unit.
            status: Result.
            batch_number: Batch of the unit.
            station_name: Name of the station.
            test_operation: Name of the test operation.
            date_from: Begin of the period, with a time zone.
            date_to: End of the period, with a time zone.

        Returns:
            The rows in the order of the server.

        Raises:
            ValueError: Both a filter and another argument are given, or the time ends before it
                begins.
        """
        texts = {
            "serialNumber": ("serial_number", serial_number),
            "partNumber": ("part_number", part_number),
            "revision": ("revision", revision),
            "batchNumber": ("batch_number", batch_number),
            "stationName": ("station_name", station_name),
            "testOperation": ("test_operation", test_operation),
            "status": ("status", status),
        }
        times = {"dateFrom": ("date_from", date_from), "dateTo": ("date_to", date_to)}
        ids = {
            "productGroupId": ("product_group_id", product_group_id),
            "levelId": ("level_id", level_id),
        }
        if filter is not None:
            for name, value in (texts | times | ids).values():
                if value is not None:
                    raise ValueError(f"{name}={value!r}: cannot stand beside filter")
            return await self._list(question(_UUT, filter), _ROWS())
        query = {key: arguments.optional_text(*each) for key, each in texts.items()}
        for key, (name, time) in times.items():
            query[key] = None if time is None else arguments.aware_time(name, time).isoformat()
        if date_from is not None and date_to is not None and date_to < date_from:
            raise ValueError(f"date_to={date_to} is before date_from={date_from}")
        for key, (name, given) in ids.items():
            query[key] = None if given is None else ids_text(name, given)
        return await self._list(Request(method="GET", template=_UUT, query=query), _ROWS())

    async def get_uur_reports(self, filter: WatsFilter) -> list[ReportHeader]:
        """List repair reports, the newest first (POST /api/App/UurReport).

        The server returns the newest 1000; ``filter.top_count`` changes that.

        Args:
            filter: Which reports; the server looks at the same fields as in
                `get_uut_reports`.

        Returns:
            The rows in the order of the server.
        """
        return await self._list(question("/api/App/UurReport", filter), _ROWS())

    async def get_serial_number_history(self, filter: WatsFilter) -> list[ReportHeader]:
        """List the tests and repairs of units (POST /api/App/SerialNumberHistory).

        Args:
            filter: Which units; the server looks at ``product_group``, ``level``,
                ``serial_number``, ``part_number``, ``batch_number`` and ``misc_value``.

        Returns:
            The rows in the order of the server.
        """
        return await self._list(question("/api/App/SerialNumberHistory", filter), _ROWS())
