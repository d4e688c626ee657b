"""The filter of the analytics API, applied to reports.

Only the field ``yield`` is ignored: the API file does not say what it means.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import DateGrouping
from pywats.sandbox.analytics.period import begin_of_periods, period_start
from pywats.sandbox.analytics.store import LEVEL
from pywats.sandbox.documents import rows_of
from pywats.sandbox.responses import ApiError
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pywats.sandbox.analytics.store import SeenReport
    from pywats.sandbox.requests import Row

__all__ = ["ReportFilter"]

_HEADER_NAMES = {
    "serialNumber": "serialNumber",
    "partNumber": "partNumber",
    "revision": "revision",
    "batchNumber": "batchNumber",
    "stationName": "stationName",
    "status": "result",
    "swFilename": "swFilename",
    "swVersion": "swVersion",
    "socket": "testSocketIndex",
}


class ReportFilter:
    """Selects the reports that count, and limits the number of rows.

    Args:
        sent: The fields by their wire names; null means absent, unknown fields are ignored.
        now: Returns the time, for periods.

    Attributes:
        is_empty: True if nothing is restricted.
        dimensions: Dimensions that split and order the rows.
        grouping: Length of a period; days if none was sent.
        top_count: Largest number of rows to return.
        min_count: Leave out rows of fewer units.

    Raises:
        ApiError: A field has a value that it cannot have (400).
    """

    def __init__(self, sent: Row, now: Callable[[], datetime]) -> None:
        self._sent = {name: value for name, value in sent.items() if value is not None}
        self.is_empty = not self._sent
        self.dimensions = self.text("dimensions")
        self.grouping = self._grouping()
        self.top_count = self.number("topCount", 1)
        self.min_count = self.number("minCount", 0) or 0
        self._max_count = self.number("maxCount", 1)
        self._texts = {
            header: value
            for name, header in _HEADER_NAMES.items()
            if (value := self.text(name)) is not None
        }
        self._misc = {
            name: value
            for name, key in (("description", "miscDescription"), ("text", "miscValue"))
            if (value := self.text(key)) is not None
        }
        self._operation = self.text("testOperation")
        self._groups = self._names("productGroup")
        self._levels = self._names("level")
        self._first, self._last = self._time("dateFrom"), self._time("dateTo")
        self._end: datetime | None = None
        count = self.number("periodCount", 1)
        if count is not None and self._first is None and self._last is None:
            self._first, self._end = self._periods(now(), count)

    def select(self, reports: list[SeenReport]) -> list[SeenReport]:
        """Return the reports that count, in their order; if there are too many, the newest."""
        found = [report for report in reports if self._counts(report)]
        return found if self._max_count is None else found[-self._max_count :]

    def text(self, name: str) -> str | None:
        """Return a field that is a text."""
        value = self._sent.get(name)
        if value is not None and not isinstance(value, str):
            raise ApiError(400, f"The value '{value}' is not valid for {name}.")
        return value

    def number(self, name: str, least: int) -> int | None:
        """Return a field that is a whole number of at least ``least``."""
        value = self._sent.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ApiError(400, f"The value '{value}' is not valid for {name}.")
        return value

    def require(self, *names: str) -> None:
        """Refuse the request if a field is missing (400)."""
        for name in names:
            if name not in self._sent:
                raise ApiError(400, f"The {name} filter is required.")

    def _grouping(self) -> DateGrouping:
        number = self.number("dateGrouping", min(DateGrouping))
        if number is None:
            return DateGrouping.DAY
        if number > max(DateGrouping):
            raise ApiError(400, f"The value '{number}' is not valid for dateGrouping.")
        return DateGrouping(number)

    def _names(self, name: str) -> set[str] | None:
        text = self.text(name)
        return None if text is None else set(text.split(";"))

    def _time(self, name: str) -> datetime | None:
        return time_of(self._sent[name]) if name in self._sent else None

    def _periods(self, now: datetime, count: int) -> tuple[datetime, datetime | None]:
        if self._sent.get("includeCurrentPeriod"):
            return begin_of_periods(now, self.grouping, count), None
        end = period_start(now, self.grouping)
        return begin_of_periods(end - timedelta(microseconds=1), self.grouping, count), end

    def _counts(self, report: SeenReport) -> bool:
        header = report.header
        return (
            all(_same(header[name], value) for name, value in self._texts.items())
            and self._operation in {None, report.test_operation, report.test_code}
            and (self._groups is None or not self._groups.isdisjoint(report.product_groups))
            and (self._levels is None or LEVEL["levelName"] in self._levels)
            and (self._first is None or report.start >= self._first)
            and (self._last is None or report.start <= self._last)
            and (self._end is None or report.start < self._end)
            and (not self._misc or self._has_misc(report))
        )

    def _has_misc(self, report: SeenReport) -> bool:
        return any(
            all(info.get(name) == value for name, value in self._misc.items())
            for info in rows_of(report.document, "miscInfos")
        )


def _same(value: object, text: str) -> bool:
    return value is not None and str(value) == text
