"""Overall equipment effectiveness (OEE): times in seconds, shares in percent, Monday first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.sandbox.analytics.store import SeenReport
    from pywats.sandbox.requests import Row

__all__ = ["oee_analysis"]

_DAYS, _HOUR = 7, 3600


def oee_analysis(tests: list[SeenReport], query: Mapping[str, str]) -> Row:
    """Return the analysis of the tests, over the days from the first to the last.

    Args:
        tests: The tests that count, oldest first.
        query: The query parameters of the operation.

    Raises:
        ApiError: A parameter is missing or not as described (400).
    """
    hours = _hours(query.get("availableTime", ""))
    least, most = _whole(query, "minExecutionTime"), _whole(query, "maxExecutionTime")
    tests = [
        test
        for test in tests
        if (least is None or test.seconds >= least) and (most is None or test.seconds <= most)
    ]
    # Reports do not have a connection time, so it counts as 0.
    _whole(query, "maxConnectionTime")
    if (_whole(query, "minConnectionTime") or 0) > 0:
        tests = []
    target = _whole(query, "targetOutput")
    days = _days(tests)
    planned = sum(hours[day] for day in days) * _HOUR
    run = sum(test.seconds for test in tests)
    good = sum(test.passed for test in tests)
    availability = _percent(run, planned)
    performance = 100.0 if target is None else _percent(len(tests), target * len(days))
    quality = _percent(good, len(tests))
    oee = None
    if availability is not None and performance is not None and quality is not None:
        oee = availability * performance * quality / 100**2
    return {
        "oee": oee,
        "availability": availability,
        "performance": performance,
        "quality": quality,
        "totalTime": len(days) * 24 * _HOUR,
        "runTime": run,
        "downTime": max(planned - run, 0),
        "plannedProductionTime": planned,
        "totalCount": len(tests),
        "goodCount": good,
        "rejectCount": len(tests) - good,
        "actualCycleTime": run / len(tests) if tests else None,
    }


def _hours(text: str) -> list[float]:
    try:
        hours = [float(part) for part in text.split(",")]
    except ValueError:
        hours = []
    if len(hours) != _DAYS:
        raise ApiError(400, "The availableTime parameter must be hours by weekday.")
    return hours


def _whole(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is not None and not text.isdecimal():
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return None if text is None else int(text)


def _days(tests: list[SeenReport]) -> list[int]:
    """Return the weekday of each day from the first test to the last."""
    if not tests:
        return []
    first, last = tests[0].start.date(), tests[-1].start.date()
    return [(first + timedelta(days=day)).weekday() for day in range((last - first).days + 1)]


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None
