"""The report list, with the OData options of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls
from pywats.services.odata import all_of, query_options
from pywats.services.paging import MAX_PAGE_SIZE, Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from pywats.models import MiscInfoHit, ReportHeader, ReportType
    from pywats.progress import Progress

__all__ = ["Headers", "report_type_of"]

_HEADERS = adapter(lambda: list[models.ReportHeader])
_HITS = adapter(lambda: list[models.MiscInfoHit])


class Headers(Calls):
    """The methods on the report list."""

    async def query_headers(
        self,
        report_type: ReportType | str | None = None,
        expand: Sequence[str] | None = None,
        filter: str | None = None,
        top: int | None = None,
        orderby: str | None = None,
        *,
        skip: int | None = None,
    ) -> list[ReportHeader]:
        """List reports (GET /api/Report/Query/Header).

        Without ``top`` the server returns 10 reports, the newest first.

        Args:
            report_type: Tests (``U``) or repairs (``R``) only; None for both.
            expand: Fields to add to each row: ``subUnits``, ``miscInfo``, ``assets``,
                ``attachments``, ``uurSubUnits``, ``uurMiscInfo``, ``uurAttachments``.
            filter: Sent as ``$filter``, for example ``partNumber eq 'XYZ123'``.
            top: Sent as ``$top``: 1 to 10,000; with None the server returns only 10.
            orderby: Sent as ``$orderby``: by ``start``, ``uuid``, ``serialNumber`` or
                ``timestamp`` only.
            skip: Sent as ``$skip``: the number of rows to skip, 0 or more.

        Returns:
            The rows in the order of the server.

        Raises:
            BadRequestError: The server does not accept an option.
        """
        if top is not None and validation.whole_number("top", top, 1) > MAX_PAGE_SIZE:
            raise ValueError(f"top={top}: must be {MAX_PAGE_SIZE} or less; see iter_headers")
        arguments.optional_text("filter", filter)
        options = query_options(
            filter=all_of(_type_filter(report_type), filter),
            top=top,
            skip=skip,
            orderby=orderby,
        )
        request = Request(
            method="GET",
            template="/api/Report/Query/Header",
            query={**options, "$expand": _expansion(expand)},
        )
        return await self._list(request, _HEADERS())

    def iter_headers(
        self,
        report_type: ReportType | str | None = None,
        expand: Sequence[str] | None = None,
        filter: str | None = None,
        *,
        page_size: int = 500,
        progress: Progress = False,
    ) -> AsyncIterator[ReportHeader]:
        """Iterate over all reports that match, page by page (GET /api/Report/Query/Header).

        Reports come in the order in which the server received them, so that reports that are
        submitted meanwhile do not shift the pages.

        Args:
            report_type: Tests (``U``) or repairs (``R``) only; None for both.
            expand: Fields to add to each row; see `query_headers`.
            filter: Sent as ``$filter``.
            page_size: Number of rows per request, 1 to 10,000.
            progress: True shows the number of rows; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the rows.
            Each page is requested when its first row is needed.
        """
        _type_filter(report_type)
        _expansion(expand)
        arguments.optional_text("filter", filter)

        async def fetch(top: int, skip: int) -> list[ReportHeader]:
            return await self.query_headers(
                report_type, expand, filter, top, orderby="timestamp", skip=skip
            )

        return Pages(fetch, page_size, progress=progress, what="rows")

    async def query_headers_by_misc_info(
        self,
        description: str | None = None,
        data: str | None = None,
        *,
        serial_number: str | None = None,
        process_code: int | None = None,
    ) -> list[MiscInfoHit]:
        """Find tests by miscellaneous information (GET /api/Report/Query/HeaderByMiscInfo).

        Args:
            description: What the information is.
            data: Its value.
            serial_number: Serial number of the unit.
            process_code: Code of the test operation.

        Returns:
            The tests with the information that matched.

        Raises:
            ValueError: No argument is given.
        """
        if process_code is not None:
            validation.whole_number("process_code", process_code, 0)
        query = {
            "processCode": process_code,
            "serialNumber": arguments.optional_text("serial_number", serial_number),
            "description": arguments.optional_text("description", description),
            "data": arguments.optional_text("data", data),
        }
        if all(value is None for value in query.values()):
            raise ValueError("give a description, data, serial_number or process_code to look for")
        request = Request(method="GET", template="/api/Report/Query/HeaderByMiscInfo", query=query)
        return await self._list(request, _HITS())


def report_type_of(report_type: ReportType | str) -> ReportType:
    """Return the kind of report.

    Raises:
        ValueError: The kind does not exist.
    """
    try:
        return models.ReportType(report_type)
    except ValueError:
        raise ValueError(
            f"report_type={report_type!r}: must be ReportType.UUT ('U') or ReportType.UUR ('R')"
        ) from None


def _type_filter(report_type: ReportType | str | None) -> str | None:
    return None if report_type is None else f"reportType eq '{report_type_of(report_type)}'"


def _expansion(names: Sequence[str] | None) -> str | None:
    if names is None:
        return None
    texts = arguments.instances("expand", names, str)
    return ",".join(arguments.text("expand", name) for name in texts)
