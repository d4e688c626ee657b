"""Analytics store: the reports of the sandbox as the analytics service needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pywats.sandbox.report.header import info_of
from pywats.sandbox.requests import Row
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.process.store import ProcessStore
    from pywats.sandbox.product.store import ProductStore
    from pywats.sandbox.report.store import ReportStore

__all__ = ["LEVEL", "AnalyticsStore", "SeenReport", "time_text"]

LEVEL: Row = {"levelId": 1, "levelName": "All stations"}
"""The one level of the sandbox: all stations belong to it."""

_PASSED = {"Passed", "Done"}


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report with values derived from it and from other reports of the unit.

    Attributes:
        document: The WSJF document.
        header: Its row in the report list.
        start: Time at which it began, in UTC.
        run: Number of the report among the reports of its unit in its operation, from 1.
        operation: Name of its operation.
        test_code: Code of the test operation; for a repair, of the test that failed.
        test_operation: Name of that operation.
        product_name: Name of the product.
        product_groups: Names of the product groups of the unit.
    """

    document: Row
    header: Row
    start: datetime
    run: int
    operation: str
    test_code: str
    test_operation: str
    product_name: str | None
    product_groups: tuple[str, ...]

    @property
    def unit(self) -> tuple[str, str]:
        """Serial number and part number of the unit."""
        return str(self.header["serialNumber"]), str(self.header["partNumber"])

    @property
    def passed(self) -> bool:
        """True if the result is good."""
        return self.header["result"] in _PASSED

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        time = self.header["executionTime"]
        return float(time) if isinstance(time, int | float) else 0.0


class AnalyticsStore:
    """Tests and repairs, oldest first; safe to use from any thread.

    It does not cache: a submitted report counts at once.

    Args:
        identity: Returns the time.
        reports: The reports.
        products: The products and their groups.
        processes: The test, repair and WIP operations.
    """

    def __init__(
        self,
        identity: Identity,
        reports: ReportStore,
        products: ProductStore,
        processes: ProcessStore,
    ) -> None:
        self._identity = identity
        self._reports = reports
        self._products = products
        self._processes = processes

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._identity.now()

    def groups(self, *, with_rules: bool) -> list[Row]:
        """Return the product groups."""
        return [
            {
                "productGroupId": group["id"],
                "productGroupName": group["name"],
                "details": group["details"],
            }
            for group in self._products.groups.all(with_rules=with_rules)
        ]

    def group_names(self, ids: str) -> str:
        """Return the names of product groups, given their ids with ``;`` between them."""
        wanted = ids.split(";")
        groups = self.groups(with_rules=False)
        return ";".join(
            str(group["productGroupName"])
            for group in groups
            if str(group["productGroupId"]) in wanted
        )

    def level_names(self, ids: str) -> str:
        """Return the names of levels, given their ids with ``;`` between them."""
        return str(LEVEL["levelName"]) if str(LEVEL["levelId"]) in ids.split(";") else ""

    def tests(self) -> list[SeenReport]:
        """Return the test reports."""
        return [report for report in self.reports() if report.document["type"] == "T"]

    def repairs(self) -> list[SeenReport]:
        """Return the repair reports."""
        return [report for report in self.reports() if report.document["type"] == "R"]

    def reports(self) -> list[SeenReport]:
        """Return all reports."""
        headers = {str(header["uuid"]): header for header in self._reports.headers()}
        timed = [
            (time_of(document["start"]), document)
            for document in self._reports.documents()
            if str(document["id"]) in headers
        ]
        timed.sort(key=lambda each: each[0])
        names = self._processes.names()
        products = {str(row["partNumber"]): row for row in self._products.products()}
        runs: dict[tuple[JsonValue, ...], int] = {}
        seen: list[SeenReport] = []
        for start, document in timed:
            header = headers[str(document["id"])]
            unit = tuple(
                header[name] for name in ("reportType", "serialNumber", "partNumber", "processCode")
            )
            runs[unit] = runs.get(unit, 0) + 1
            _, operation = _operation(document, names)
            test_code, test_operation = _tested(document, names)
            product = products.get(str(header["partNumber"]), {})
            seen.append(
                SeenReport(
                    document=document,
                    header=header,
                    start=start,
                    run=runs[unit],
                    operation=operation,
                    test_code=test_code,
                    test_operation=test_operation,
                    product_name=_text(product.get("name")),
                    product_groups=self._groups_of(header),
                )
            )
        return seen

    def _groups_of(self, header: Row) -> tuple[str, ...]:
        groups = self._products.groups.of_product(
            str(header["partNumber"]), _text(header["revision"])
        )
        return tuple(str(group["name"]) for group in groups)


def time_text(time: datetime) -> str:
    """Return a time as the API writes it."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _operation(document: Row, names: dict[str, str]) -> tuple[str, str]:
    """Return code and name of the operation of a report."""
    code = str(document.get("processCode"))
    return code, _text(document.get("processName")) or names.get(code, code)


def _tested(document: Row, names: dict[str, str]) -> tuple[str, str]:
    """Return code and name of the test operation; for a repair, of the test that failed."""
    info = info_of(document)
    if document["type"] == "R" and info.get("testOperationCode") is not None:
        code = str(info["testOperationCode"])
        return code, _text(info.get("testOperationName")) or names.get(code, code)
    return _operation(info if document["type"] == "R" else document, names)


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
