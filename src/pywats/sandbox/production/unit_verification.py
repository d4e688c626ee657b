"""Verification of a unit of the sandbox, from the reports about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pywats.sandbox.report.header import RESULTS, info_of

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["grade"]


def grade(unit: Row, documents: list[Row]) -> Row:
    """Return the grade of a unit.

    The sandbox has no verification rules: a unit is verified by the processes in which it was
    tested, in the order of their codes.

    Args:
        unit: The unit.
        documents: All reports.
    """
    own = [
        each
        for each in documents
        if (each["sn"], each["pn"]) == (unit["serialNumber"], unit["partNumber"])
    ]
    own.sort(key=_time)
    repairs = [each for each in own if each["type"] == "R"]
    runs: dict[int, list[Row]] = {}
    for each in own:
        code = each.get("processCode")
        if each["type"] == "T" and isinstance(code, int):
            runs.setdefault(code, []).append(each)
    passed = [[_passed(run) for run in runs[code]] for code in runs]
    facts = {
        # Dictionaries keep the order of the first runs.
        "allProcessesExecutedInCorrectOrder": list(runs) == sorted(runs),
        "allProcessesPassedFirstRun": all(each[0] for each in passed),
        "allProcessesPassedAnyRun": all(any(each) for each in passed),
        "allProcessesPassedLastRun": all(each[-1] for each in passed),
        "noRepairs": not repairs,
    }
    if not runs:
        status, letter = "Unknown", "Unknown"
    else:
        status = "Passed" if facts["allProcessesPassedLastRun"] else "Failed"
        letter = _letter(facts)
    results = [_result(i, code, runs[code], repairs) for i, code in enumerate(sorted(runs))]
    return {"status": status, "grade": letter, **facts, "results": [*results]}


def _letter(facts: dict[str, bool]) -> str:
    if all(facts.values()):
        return "A"
    if facts["allProcessesPassedLastRun"]:
        return "B"
    return "C" if facts["allProcessesPassedAnyRun"] else "F"


def _result(index: int, code: int, runs: list[Row], repairs: list[Row]) -> Row:
    last = runs[-1]
    return {
        "processCode": code,
        "processName": last.get("processName"),
        "processIndex": index,
        "status": RESULTS.get(str(last.get("result")), "Unknown"),
        "startUtc": last["start"],
        "stationName": last["machineName"],
        "totalCount": len(runs),
        "nonPassedCount": sum(not _passed(run) for run in runs),
        "repairCount": sum(info_of(each).get("testOperationCode") == code for each in repairs),
    }


def _passed(document: Row) -> bool:
    return document.get("result") == "P"


def _time(document: Row) -> datetime:
    time = datetime.fromisoformat(str(document["start"]))
    return time if time.tzinfo else time.replace(tzinfo=UTC)
