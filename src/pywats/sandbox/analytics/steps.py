"""Steps of test reports: which fail most, and their statistics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pywats.sandbox.analytics.statistics import limits_of, number_of, statistics_of
from pywats.sandbox.analytics.step_name import filters_of
from pywats.sandbox.analytics.store import SeenReport, time_text
from pywats.sandbox.documents import rows_of
from pywats.sandbox.report.header import steps_of
from pywats.sandbox.requests import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = ["FAILED", "leaves_of", "step_analysis", "top_failed"]

FAILED = frozenset({"F", "E", "T"})
"""Statuses that make a test fail."""

_COUNTS = {
    "P": "stepPassedCount",
    "D": "stepDoneCount",
    "S": "stepSkippedCount",
    "F": "stepFailedCount",
    "E": "stepErrorCount",
    "T": "stepTerminatedCount",
}
_CAUSES = {
    "Failed": "stepCausedUutFailed",
    "Error": "stepCausedUutError",
    "Terminated": "stepCausedUutTerminated",
}


def leaves_of(document: Row) -> Iterator[tuple[str, Row]]:
    """Yield path and step of a test report, without the sequences that hold them."""
    for path, step in steps_of(document):
        if not rows_of(step, "steps"):
            yield path, step


def top_failed(tests: list[SeenReport], count: int | None) -> list[Row]:
    """Return the steps that failed most, at most ``count``, without sequences."""
    ran: dict[tuple[str, str, str], int] = {}
    failed: dict[tuple[str, str, str], list[tuple[SeenReport, Row]]] = {}
    for test in tests:
        for path, step in leaves_of(test.document):
            key = (str(test.header["partNumber"]), str(test.header["revision"]), path)
            if step.get("status") != "S":
                ran[key] = ran.get(key, 0) + 1
            if step.get("status") in FAILED:
                failed.setdefault(key, []).append((test, step))
    most_first = sorted(failed.items(), key=lambda each: (-len(each[1]), each[0]))
    return [_failed_row(*key, found, ran[key]) for key, found in most_first[:count]]


def _failed_row(
    part_number: str,
    revision: str,
    path: str,
    found: list[tuple[SeenReport, Row]],
    ran: int,
) -> Row:
    (first, _), (last, step) = found[0], found[-1]
    return (
        _identity(path, step)
        | {
            "partNumber": part_number,
            "revision": revision,
            "productGroup": next(iter(last.product_groups), None),
            "failCount": len(found),
            "totalCount": ran,
            "failRate": 100 * len(found) / ran,
            "firstFailDate": time_text(first.start),
            "lastFailDate": time_text(last.start),
        }
        | filters_of(path)
    )


@dataclass
class _Step:
    """Results of one step, in the order of the tests."""

    runs: list[tuple[SeenReport, Row]] = field(default_factory=list)
    measurements: dict[str | None, list[Row]] = field(default_factory=dict)


def step_analysis(tests: list[SeenReport]) -> list[Row]:
    """Return a row for each step, or for each measurement of a step that measures numbers."""
    seen: dict[str, _Step] = {}
    for test in tests:
        for path, step in steps_of(test.document):
            found = seen.setdefault(path, _Step())
            found.runs.append((test, step))
            for measurement in rows_of(step, "numericMeas"):
                name = measurement.get("name")
                key = name if isinstance(name, str) else None
                found.measurements.setdefault(key, []).append(measurement)
    rows: list[Row] = []
    for path, found in seen.items():
        counts = _counts(path, found)
        rows += [
            counts | _measured(name, measurements)
            for name, measurements in found.measurements.items()
        ] or [counts]
    return rows


def _identity(path: str, step: Row) -> Row:
    return {
        "stepName": step.get("name"),
        "stepPath": path,
        "stepType": step.get("stepType"),
        "stepGroup": step.get("group"),
    }


def _counts(path: str, step: _Step) -> Row:
    statuses = [str(each.get("status")) for _, each in step.runs]
    row = _identity(path, step.runs[-1][1]) | {"stepCount": len(statuses)}
    row |= {name: statuses.count(letter) for letter, name in _COUNTS.items()}
    row["stepOtherCount"] = sum(status not in _COUNTS for status in statuses)
    row["stepFailedErrorTerminatedCount"] = sum(status in FAILED for status in statuses)
    results = [
        test.header["result"]
        for test, _ in step.runs
        if test.header["causedUutFailurePath"] == path
    ]
    row |= {name: results.count(result) for result, name in _CAUSES.items()}
    row["stepCausedUutFailedErrorTerminated"] = sum(result in _CAUSES for result in results)
    times = [time for _, each in step.runs if (time := number_of(each.get("totTime"))) is not None]
    return row | {
        "stepTimeAvg": sum(times) / len(times) if times else None,
        "stepTimeMax": max(times, default=None),
        "stepTimeMin": min(times, default=None),
    }


def _measured(name: str | None, measurements: list[Row]) -> Row:
    passed = [each for each in measurements if each.get("status") not in FAILED]
    row: Row = {"measureName": name, "compOperator": measurements[-1].get("compOp")}
    for suffix, counted in (("", measurements), ("Wof", passed)):
        values = [value for each in counted if (value := number_of(each.get("value"))) is not None]
        last = counted[-1] if counted else {}
        numbers = statistics_of(values, *limits_of(last))
        numbers |= {
            "measureCount": len(values),
            "limit1": number_of(last.get("lowLimit")),
            "limit2": number_of(last.get("highLimit")),
        }
        row |= {f"{key}{suffix}": value for key, value in numbers.items()}
    return row
