"""Asset status: counts and dates of an asset against the limits of its type."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pywats.models import AssetAlarmState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["status_of", "whole"]

_DAY = timedelta(days=1)


def status_of(asset: Row, kind: Row, now: datetime) -> Row:
    """Return the status of an asset.

    The asset is in alarm if it has used up ``alarmThreshold`` percent of one of its limits (100 if
    the type has no threshold), and in warning from ``warningThreshold`` percent on. A count or
    date without a limit, or without a first calibration or maintenance, does not count.

    Args:
        asset: The asset.
        kind: Its type.
        now: The time.
    """
    used = dict(_used(asset, kind, now))
    worst = max(used, key=lambda name: used[name], default=None)
    percent = used[worst] if worst is not None else 0.0
    status = AssetAlarmState.OK
    if percent >= _number(kind["alarmThreshold"], 100.0):
        status = AssetAlarmState.ALARM
    elif percent >= _number(kind["warningThreshold"], float("inf")):
        status = AssetAlarmState.WARNING
    return {
        "status": int(status),
        "message": f"{worst}: {percent:.0f} % of the limit" if status else "OK",
        "runningCount": asset["runningCount"],
        "runningCountExceeded": _exceeded(asset["runningCount"], kind["runningCountLimit"]),
        "totalCount": asset["totalCount"],
        "totalCountExceeded": _exceeded(asset["totalCount"], kind["totalCountLimit"]),
        "calibrationDaysOverdue": _overdue(asset["nextCalibrationDate"], now),
        "maintenanceDaysOverdue": _overdue(asset["nextMaintenanceDate"], now),
    }


def whole(value: JsonValue) -> int:
    """Return a count of an asset."""
    return int(str(value))


def _used(asset: Row, kind: Row, now: datetime) -> Iterator[tuple[str, float]]:
    for name, count in (("Running count", "runningCount"), ("Total count", "totalCount")):
        if limit := kind[f"{count}Limit"]:
            yield name, 100.0 * whole(asset[count]) / whole(limit)
    for event in ("Calibration", "Maintenance"):
        last, due = asset[f"last{event}Date"], asset[f"next{event}Date"]
        if isinstance(last, str) and isinstance(due, str):
            start, end = datetime.fromisoformat(last), datetime.fromisoformat(due)
            yield event, 100.0 * ((now - start) / (end - start))


def _exceeded(count: JsonValue, limit: JsonValue) -> int | None:
    return whole(count) - whole(limit) if limit else None


def _overdue(due: JsonValue, now: datetime) -> float | None:
    return (now - datetime.fromisoformat(due)) / _DAY if isinstance(due, str) else None


def _number(value: JsonValue, default: float) -> float:
    return default if value is None else float(str(value))
