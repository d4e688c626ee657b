"""Yield, calculated from test reports.

A unit is a serial number of a part number in one operation. Its runs are all its tests in this
operation, including tests that the filter leaves out. If rows are split, a unit belongs to the row
of its first test that counts. First pass yield counts a unit if its first run passed; second pass
if one of its first two runs passed; third pass if one of its first three runs passed; last pass if
its last run that counts passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import YieldDimension, YieldKpi
from pywats.sandbox.analytics.dimensions import Column, columns_of, combinations, in_order
from pywats.sandbox.analytics.period import period_name
from pywats.sandbox.analytics.store import LEVEL, time_text
from pywats.sandbox.documents import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from pywats.models import DateGrouping
    from pywats.sandbox.analytics.filter import ReportFilter
    from pywats.sandbox.analytics.store import SeenReport
    from pywats.sandbox.requests import Row

    Reader = Callable[[SeenReport], Sequence[JsonValue]]

__all__ = ["DEFAULT_COLUMNS", "readers", "yield_columns", "yield_rows"]

DEFAULT_COLUMNS = "unitCount desc;partNumber;testOperation"

_HEADER_NAMES = {
    "partNumber": "partNumber",
    "revision": "revision",
    "stationName": "stationName",
    "location": "location",
    "purpose": "purpose",
    "processCode": "processCode",
    "batchNumber": "batchNumber",
    "operator": "userName",
    "swFilename": "swFilename",
    "swVersion": "swVersion",
    "fixtureId": "fixtureId",
    "socketIndex": "testSocketIndex",
    "errorCode": "errorCode",
    "stepCausedUutFailure": "causedUutFailure",
    "stepPathCausedUutFailure": "causedUutFailurePath",
}
_PASSES = ("fp", "sp", "tp", "lp")


def yield_columns(text: str) -> list[Column]:
    """Read dimensions and KPIs of yield.

    Raises:
        ApiError: A name is not known (400).
    """
    return columns_of(text, list(YieldDimension), list(YieldKpi))


def yield_rows(
    tests: list[SeenReport], columns: Sequence[Column], asked: ReportFilter, *, all_kpis: bool
) -> list[Row]:
    """Return a row for each combination of the dimensions, in the order of the columns.

    Args:
        tests: The tests that count, oldest first.
        columns: Dimensions and KPIs; without a KPI the rows have all of them.
        asked: The filter; it limits the rows and has the length of a period.
        all_kpis: True if rows have all KPIs although ``columns`` names one.
    """
    names = [column.name for column in columns if not column.is_kpi]
    named = [column.name for column in columns if column.is_kpi]
    kpis = list(YieldKpi) if all_kpis or not named else named
    of_report = readers(asked.grouping)
    tests_of: dict[tuple[JsonValue, ...], list[SeenReport]] = {}
    units_of: dict[tuple[JsonValue, ...], list[list[SeenReport]]] = {}
    for test in tests:
        for values in combinations(test, names, of_report):
            tests_of.setdefault(values, []).append(test)
    for unit in _units(tests):
        for values in combinations(unit[0], names, of_report):
            units_of.setdefault(values, []).append(unit)
    rows: list[Row] = []
    for values, counted in tests_of.items():
        numbers = _numbers(units_of.get(values, []), counted)
        if len(units_of.get(values, [])) >= asked.min_count:
            rows.append(dict(zip(names, values, strict=True)) | numbers)
    kept = {*names, *kpis}
    ordered = in_order(rows, columns)[: asked.top_count]
    return [{name: value for name, value in row.items() if name in kept} for row in ordered]


def readers(grouping: DateGrouping) -> dict[str, Reader]:
    """Return for each dimension the function that reads its values from a report."""
    return {name: _header_reader(key) for name, key in _HEADER_NAMES.items()} | {
        "productName": lambda report: [report.product_name],
        "productGroup": lambda report: report.product_groups,
        "level": lambda _: [LEVEL["levelName"]],
        "testOperation": lambda report: [report.test_operation],
        "period": lambda report: [period_name(report.start, grouping)],
        "miscInfoDescription": lambda report: _each(report, "miscInfos", "description"),
        "miscInfoString": lambda report: _each(report, "miscInfos", "text"),
        "assetSerialNumber": lambda report: _each(report, "assets", "sn"),
        # Reports name assets by their serial number only.
        "assetName": lambda _: [],
    }


def _header_reader(key: str) -> Reader:
    return lambda report: [report.header[key]]


def _each(report: SeenReport, name: str, key: str) -> list[JsonValue]:
    rows = rows_of(report.document, name)
    return list(dict.fromkeys(str(row[key]) for row in rows if row.get(key) is not None))


def _units(tests: list[SeenReport]) -> list[list[SeenReport]]:
    units: dict[tuple[JsonValue, ...], list[SeenReport]] = {}
    for test in tests:
        units.setdefault((*test.unit, test.header["processCode"]), []).append(test)
    return list(units.values())


def _numbers(units: list[list[SeenReport]], tests: list[SeenReport]) -> Row:
    passed = {
        name: sum(any(test.passed and test.run <= runs for test in unit) for unit in units)
        for runs, name in enumerate(_PASSES[:3], start=1)
    }
    passed["lp"] = sum(unit[-1].passed for unit in units)
    good = sum(test.passed for test in tests)
    numbers: Row = {"unitCount": len(units)}
    for name in _PASSES:
        numbers[f"{name}Count"] = passed[name]
        numbers[f"{name}FailCount"] = len(units) - passed[name]
        numbers[f"{name}y"] = _share(passed[name], len(units), 100)
        numbers[f"ppm{name.capitalize()}y"] = _share(len(units) - passed[name], len(units), 10**6)
    return numbers | {
        "testReportCount": len(tests),
        "testYieldCount": good,
        "testYield": _share(good, len(tests), 100),
        "ppmTestYield": _share(len(tests) - good, len(tests), 10**6),
        "retestCount": sum(test.run > 1 for test in tests),
        "firstUtc": time_text(min(test.start for test in tests)),
        "lastUtc": time_text(max(test.start for test in tests)),
    }


def _share(part: int, whole: int, scale: int) -> float | None:
    return scale * part / whole if whole else None
