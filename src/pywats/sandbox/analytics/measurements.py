"""Measured numbers of test reports, named by the path of their step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.sandbox.analytics.statistics import limits_of, number_of, statistics_of
from pywats.sandbox.analytics.steps import leaves_of, top_failed
from pywats.sandbox.analytics.store import SeenReport
from pywats.sandbox.documents import rows_of
from pywats.sandbox.report.header import RESULTS
from pywats.sandbox.requests import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = ["aggregated_rows", "measurement_list", "measurement_rows", "step_status_list"]

_MAX_ROWS = 10_000
_TOP_STEPS = 10
_STEP_RESULTS = RESULTS | {"S": "Skipped"}


@dataclass(frozen=True, slots=True)
class _Measured:
    """A number and the place where it was measured."""

    test: SeenReport
    path: str
    step: Row
    measurement: Row
    value: float


def measurement_rows(tests: list[SeenReport], paths: str | None) -> list[Row]:
    """Return the values at some paths, the newest test first."""
    rows: list[Row] = []
    for found in _measured(tests[::-1], paths):
        low, high = limits_of(found.measurement)
        rows.append(
            _place(found.test, found.path, found.step)
            | {
                "id": found.test.document["id"],
                "value": found.value,
                "limit1": low,
                "limit2": high,
                "unit": found.measurement.get("unit"),
                "status": _result(found.measurement),
            }
        )
    return rows[:_MAX_ROWS]


def aggregated_rows(tests: list[SeenReport], paths: str | None) -> list[Row]:
    """Return the statistics of the values at each path, with the limits of the newest test."""
    by_path: dict[str, list[_Measured]] = {}
    for found in _measured(tests, paths):
        by_path.setdefault(found.path, []).append(found)
    rows: list[Row] = []
    for path, values in by_path.items():
        last = values[-1]
        low, high = limits_of(last.measurement)
        numbers = statistics_of([each.value for each in values], low, high)
        revisions = {str(each.test.header["revision"]) for each in values}
        rows.append(
            {
                "stepName": last.step.get("name"),
                "stepPath": path,
                "partNumber": last.test.header["partNumber"],
                "revision": revisions.pop() if len(revisions) == 1 else None,
                "count": len(values),
                **numbers,
                "limit1": low,
                "limit2": high,
                "unit": last.measurement.get("unit"),
            }
        )
    return rows[:_MAX_ROWS]


def step_status_list(tests: list[SeenReport], path: str) -> list[Row]:
    """Return the result of a step in each test, the newest first."""
    return [
        _place(test, path, step)
        | {
            "stepType": step.get("stepType"),
            "stepGroup": step.get("group"),
            "status": _result(step),
            "reportId": test.document["id"],
        }
        for test in tests[::-1]
        for at, step in leaves_of(test.document)
        if at == path
    ]


def measurement_list(tests: list[SeenReport], path: str) -> list[Row]:
    """Return the numbers and texts of a step in each test, the newest first."""
    rows: list[Row] = []
    for test in tests[::-1]:
        for at, step in leaves_of(test.document):
            if at != path:
                continue
            for measurement in rows_of(step, "numericMeas") + rows_of(step, "stringMeas"):
                low, high = limits_of(measurement)
                value = measurement.get("value")
                rows.append(
                    _place(test, path, step)
                    | {
                        "reportId": test.document["id"],
                        "value": number_of(value),
                        "stringValue": value if isinstance(value, str) else None,
                        "limitLow": low,
                        "limitHigh": high,
                        "unit": measurement.get("unit"),
                        "status": _result(measurement),
                        "stationName": test.header["stationName"],
                    }
                )
    return rows


def _measured(tests: list[SeenReport], paths: str | None) -> Iterator[_Measured]:
    wanted = None if paths is None else set(paths.split(";"))
    most_failed = {str(row["stepPath"]) for row in top_failed(tests, _TOP_STEPS)}
    for test in tests:
        for step_path, step in leaves_of(test.document):
            measurements = rows_of(step, "numericMeas")
            for measurement in measurements:
                # A single measurement has the path of its step.
                name = measurement.get("name") if len(measurements) > 1 else None
                path = step_path if name is None else f"{step_path}¶¶{name}"
                value = number_of(measurement.get("value"))
                asked = step_path in most_failed if wanted is None else path in wanted
                if asked and value is not None:
                    yield _Measured(test, path, step, measurement, value)


def _place(test: SeenReport, path: str, step: Row) -> Row:
    return {
        "serialNumber": test.header["serialNumber"],
        "partNumber": test.header["partNumber"],
        "revision": test.header["revision"],
        "startUtc": test.document["start"],
        "stepName": step.get("name"),
        "stepPath": path,
    }


def _result(judged: Row) -> str | None:
    return _STEP_RESULTS.get(str(judged.get("status")))
