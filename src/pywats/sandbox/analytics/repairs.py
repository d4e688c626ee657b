"""Repair statistics, by the repaired failure and the test that found it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.models import RepairDimension, RepairKpi
from pywats.sandbox.analytics.dimensions import Column, columns_of, combinations, in_order
from pywats.sandbox.analytics.period import period_name
from pywats.sandbox.analytics.store import LEVEL, SeenReport
from pywats.sandbox.analytics.yields import readers
from pywats.sandbox.documents import rows_of
from pywats.sandbox.report.header import info_of, steps_of
from pywats.sandbox.requests import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import JsonValue

    from pywats.models import DateGrouping
    from pywats.sandbox.analytics.filter import ReportFilter

__all__ = ["DEFAULT_REPAIR_COLUMNS", "related_repairs", "repair_columns", "repair_rows"]

DEFAULT_REPAIR_COLUMNS = "repairCount desc;repairReportCount desc;partNumber;repairOperation"

_FAILURE_NAMES = {
    "repairCode": "code",
    "repairCategory": "category",
    "componentRef": "comRef",
    "componentNumber": "artNumber",
    "componentRevision": "artRev",
    "componentVendor": "artVendor",
    "componentDescription": "artDescription",
    "functionBlock": "funcBlock",
    "referencedStep": "refStepName",
}
_OF_REPORT = (
    "partNumber",
    "revision",
    "productName",
    "productGroup",
    "period",
    "level",
    "stationName",
    "location",
    "purpose",
    "operator",
    "miscInfoDescription",
    "miscInfoString",
)
_OF_TEST = {
    "testStationName": "stationName",
    "testLocation": "location",
    "testPurpose": "purpose",
    "testOperator": "userName",
    "batchNumber": "batchNumber",
    "swFilename": "swFilename",
    "swVersion": "swVersion",
}


@dataclass(frozen=True, slots=True)
class _Repair:
    """A failure that was repaired, or a repair report without one.

    Attributes:
        report: The repair report.
        test: The test report that it refers to.
        unit: The unit of the report that failed.
        failure: The failure that was repaired.
    """

    report: SeenReport
    test: SeenReport | None
    unit: Row
    failure: Row

    @property
    def step_path(self) -> str | None:
        """Path of the test step that found the failure."""
        number, name = self.failure.get("refStepId"), self.failure.get("refStepName")
        for path, step in steps_of(self.test.document) if self.test else ():
            if number is not None and step.get("id") == number:
                return path
            if number is None and step.get("name") == name:
                return path
        return None


def repair_columns(text: str) -> list[Column]:
    """Read dimensions and KPIs of repairs.

    Raises:
        ApiError: A name is not known (400).
    """
    return columns_of(text, list(RepairDimension), list(RepairKpi))


def repair_rows(
    repairs: list[SeenReport],
    tests: list[SeenReport],
    columns: Sequence[Column],
    asked: ReportFilter,
) -> list[Row]:
    """Return a row for each combination of the dimensions, in the order of the columns.

    Args:
        repairs: The repair reports that count.
        tests: All tests, to find the tests that repairs refer to.
        columns: Dimensions and KPIs; without a KPI the rows have both.
        asked: The filter; it limits the rows and has the length of a period.
    """
    names = [column.name for column in columns if not column.is_kpi]
    kpis = [column.name for column in columns if column.is_kpi] or list(RepairKpi)
    of_repair = _readers(asked.grouping)
    groups: dict[tuple[JsonValue, ...], list[_Repair]] = {}
    for repair in _repairs(repairs, tests):
        for values in combinations(repair, names, of_repair):
            groups.setdefault(values, []).append(repair)
    rows: list[Row] = []
    for values, counted in groups.items():
        numbers: Row = {
            "repairReportCount": len({str(each.report.document["id"]) for each in counted}),
            "repairCount": sum(bool(each.failure) for each in counted),
        }
        rows.append(dict(zip(names, values, strict=True)) | numbers)
    kept = {*names, *kpis}
    ordered = in_order(rows, columns)[: asked.top_count]
    return [{name: value for name, value in row.items() if name in kept} for row in ordered]


def related_repairs(
    repairs: list[SeenReport], tests: list[SeenReport], wanted: dict[str, str | None]
) -> list[Row]:
    """Return the repaired failures of a part, the newest first.

    Args:
        repairs: The repair reports.
        tests: All tests, to find the tests that repairs refer to.
        wanted: ``partNumber``, ``revision``, ``repairOperationCode``, ``testOperationCode``;
            None means any.
    """
    return [
        {
            "serialNumber": repair.report.header["serialNumber"],
            "partNumber": repair.report.header["partNumber"],
            "revision": repair.report.header["revision"],
            "reportId": repair.report.document["id"],
            "repairDate": repair.report.document["start"],
            "failStepName": repair.failure.get("refStepName"),
            "failStepPath": repair.step_path,
            "failCode": repair.failure.get("code"),
            "symptom": repair.failure.get("category"),
            "action": repair.failure.get("comment"),
        }
        for repair in _repairs(repairs[::-1], tests)
        if repair.failure and _is_wanted(repair, wanted)
    ]


def _is_wanted(repair: _Repair, wanted: dict[str, str | None]) -> bool:
    header = repair.report.header
    values = {
        "partNumber": str(header["partNumber"]),
        "revision": str(header["revision"]),
        "repairOperationCode": str(header["processCode"]),
        "testOperationCode": repair.report.test_code,
    }
    return all(wanted[name] in {None, value} for name, value in values.items())


def _repairs(repairs: list[SeenReport], tests: list[SeenReport]) -> Iterator[_Repair]:
    by_id = {str(test.document["id"]): test for test in tests}
    for report in repairs:
        test = by_id.get(str(info_of(report.document).get("refUUT")).lower())
        found = [
            _Repair(report, test, unit, failure)
            for unit in rows_of(report.document, "subUnits")
            for failure in rows_of(unit, "failures")
        ]
        yield from found or [_Repair(report, test, {}, {})]


def _readers(grouping: DateGrouping) -> dict[str, Callable[[_Repair], Sequence[JsonValue]]]:
    of_report = readers(grouping)

    def report_reader(name: str) -> Callable[[_Repair], Sequence[JsonValue]]:
        return lambda repair: of_report[name](repair.report)

    def failure_reader(key: str) -> Callable[[_Repair], Sequence[JsonValue]]:
        return lambda repair: [repair.failure.get(key)]

    def test_reader(key: str) -> Callable[[_Repair], Sequence[JsonValue]]:
        return lambda repair: [repair.test.header[key]] if repair.test else []

    return (
        {name: report_reader(name) for name in _OF_REPORT}
        | {name: failure_reader(key) for name, key in _FAILURE_NAMES.items()}
        | {name: test_reader(key) for name, key in _OF_TEST.items()}
        | {
            "unitType": lambda repair: [repair.unit.get("partType")],
            "repairOperation": lambda repair: [repair.report.operation],
            # Reports do not have the repair type; only the list of repair codes has it.
            "repairType": lambda _: [],
            "referencedStepPath": lambda repair: [repair.step_path],
            "testOperation": lambda repair: [repair.report.test_operation],
            "testLevel": lambda repair: [LEVEL["levelName"]] if repair.test else [],
            "testPeriod": lambda repair: (
                [period_name(repair.test.start, grouping)] if repair.test else []
            ),
        }
    )
