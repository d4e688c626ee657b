"""Ready-made queries of the report list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pywats.models import ReportType
from pywats.services import arguments
from pywats.services.odata import all_of, string_literal, time_literal
from pywats.services.report.headers import Headers, report_type_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from pywats.models import ReportHeader
    from pywats.progress import Progress

__all__ = ["Searches"]

_ANY_SUB_UNIT = {
    ReportType.UUT: "subUnits/any(s: s/{field} eq {value})",
    ReportType.UUR: "uurSubUnits/any(s: s/{field} eq {value})",
}


class Searches(Headers):
    """The methods that write the filter for `query_headers`.

    Without ``top`` they return 10 rows, the newest first, like `query_headers`.
    """

    async def query_uut_headers(
        self,
        expand: Sequence[str] | None = None,
        filter: str | None = None,
        top: int | None = None,
        orderby: str | None = None,
    ) -> list[ReportHeader]:
        """List tests (GET /api/Report/Query/Header).

        Args:
            expand: Fields to add to each row; see `query_headers`.
            filter: Sent as ``$filter``, with the kind of report added.
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.
            orderby: Sent as ``$orderby``.

        Returns:
            The rows in the order of the server.
        """
        return await self.query_headers(ReportType.UUT, expand, filter, top, orderby)

    async def query_uur_headers(
        self,
        expand: Sequence[str] | None = None,
        filter: str | None = None,
        top: int | None = None,
        orderby: str | None = None,
    ) -> list[ReportHeader]:
        """List repairs (GET /api/Report/Query/Header).

        Args:
            expand: Fields to add to each row; see `query_headers`.
            filter: Sent as ``$filter``, with the kind of report added.
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.
            orderby: Sent as ``$orderby``.

        Returns:
            The rows in the order of the server.
        """
        return await self.query_headers(ReportType.UUR, expand, filter, top, orderby)

    async def query_headers_with_subunits(
        self,
        report_type: ReportType | str = ReportType.UUT,
        filter: str | None = None,
        top: int | None = None,
        orderby: str | None = None,
    ) -> list[ReportHeader]:
        """List reports with their sub units (GET /api/Report/Query/Header).

        Args:
            report_type: Tests (``U``) or repairs (``R``).
            filter: Sent as ``$filter``, with the kind of report added.
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.
            orderby: Sent as ``$orderby``.

        Returns:
            The rows in the order of the server.
        """
        kind = report_type_of(report_type)
        expand = ["subUnits" if kind is ReportType.UUT else "uurSubUnits"]
        return await self.query_headers(kind, expand, filter, top, orderby)

    async def query_headers_by_subunit_part_number(
        self,
        subunit_part_number: str,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List reports of units that hold a part (GET /api/Report/Query/Header).

        Args:
            subunit_part_number: Part number of the sub unit.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows with their sub units, in the order of the server.
        """
        value = string_literal(arguments.text("subunit_part_number", subunit_part_number))
        found = _ANY_SUB_UNIT[report_type_of(report_type)].format(field="partNumber", value=value)
        return await self.query_headers_with_subunits(report_type, found, top)

    async def query_headers_by_subunit_serial(
        self,
        subunit_serial_number: str,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List reports of units that hold a unit (GET /api/Report/Query/Header).

        Args:
            subunit_serial_number: Serial number of the sub unit.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows with their sub units, in the order of the server.
        """
        value = string_literal(arguments.text("subunit_serial_number", subunit_serial_number))
        found = _ANY_SUB_UNIT[report_type_of(report_type)].format(field="serialNumber", value=value)
        return await self.query_headers_with_subunits(report_type, found, top)

    async def get_headers_by_serial(
        self,
        serial_number: str,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List the reports of a serial number (GET /api/Report/Query/Header).

        Args:
            serial_number: Serial number of the unit.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows in the order of the server.
        """
        literal = string_literal(arguments.text("serial_number", serial_number))
        return await self.query_headers(report_type, filter=f"serialNumber eq {literal}", top=top)

    async def get_headers_by_part_number(
        self,
        part_number: str,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List the reports of a part number (GET /api/Report/Query/Header).

        Args:
            part_number: Part number of the unit.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows in the order of the server.
        """
        literal = string_literal(arguments.text("part_number", part_number))
        return await self.query_headers(report_type, filter=f"partNumber eq {literal}", top=top)

    async def get_headers_by_date_range(
        self,
        start_date: datetime,
        end_date: datetime,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List the reports that began in a period (GET /api/Report/Query/Header).

        Args:
            start_date: Beginning of the period, with a time zone; it is part of it.
            end_date: End of the period, with a time zone; it is part of it.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows in the order of the server.

        Raises:
            ValueError: A time has no time zone, or the period ends before it begins.
        """
        first = arguments.aware_time("start_date", start_date)
        last = arguments.aware_time("end_date", end_date)
        if last < first:
            raise ValueError(f"end_date={end_date} is before start_date={start_date}")
        period = f"start ge {time_literal(first)} and start le {time_literal(last)}"
        return await self.query_headers(report_type, filter=period, top=top)

    async def get_recent_headers(
        self,
        days: int = 7,
        report_type: ReportType | str = ReportType.UUT,
        top: int | None = None,
    ) -> list[ReportHeader]:
        """List the reports of the last days (GET /api/Report/Query/Header).

        Args:
            days: Number of days back from now, 1 or more.
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows in the order of the server.

        Raises:
            TypeError: ``days`` is not a whole number.
            ValueError: ``days`` is below 1, or more than there are since the year 1.
        """
        return await self._since(arguments.days_ago(days), report_type, top)

    def iter_recent_headers(
        self,
        days: int = 7,
        report_type: ReportType | str | None = ReportType.UUT,
        *,
        expand: Sequence[str] | None = None,
        filter: str | None = None,
        page_size: int = 500,
        progress: Progress = False,
    ) -> AsyncIterator[ReportHeader]:
        """Iterate over all reports of the last days, page by page (GET /api/Report/Query/Header).

        Args:
            days: Number of days back from now, 1 or more.
            report_type: Tests (``U``) or repairs (``R``); None for both.
            expand: Fields to add to each row; see `query_headers`.
            filter: Sent as ``$filter``, together with the period.
            page_size: Number of rows per request, 1 to 10,000.
            progress: True shows the number of rows; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the rows, in the order in which the server received the reports.
            Each page is requested when its first row is needed.

        Raises:
            TypeError: ``days`` is not a whole number.
            ValueError: ``days`` is below 1, or more than there are since the year 1.
        """
        since = f"start ge {time_literal(arguments.days_ago(days))}"
        found = all_of(since, arguments.optional_text("filter", filter))
        return self.iter_headers(report_type, expand, found, page_size=page_size, progress=progress)

    async def get_todays_headers(
        self, report_type: ReportType | str = ReportType.UUT, top: int | None = None
    ) -> list[ReportHeader]:
        """List the reports since midnight, local time (GET /api/Report/Query/Header).

        Args:
            report_type: Tests (``U``) or repairs (``R``).
            top: Largest number of rows, 1 to 10,000; with None the server returns only 10.

        Returns:
            The rows in the order of the server.
        """
        # On a day on which the clocks change, midnight has another UTC offset than now, so the
        # offset of midnight is looked up. If midnight occurs twice, fold=0 is the first one.
        now = datetime.now()  # noqa: DTZ005 - local time, whose offset comes last
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone()
        return await self._since(midnight, report_type, top)

    async def _since(
        self, start: datetime, report_type: ReportType | str, top: int | None
    ) -> list[ReportHeader]:
        since = f"start ge {time_literal(start)}"
        return await self.query_headers(report_type, filter=since, top=top)
