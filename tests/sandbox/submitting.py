"""Reports of one part that differ in what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pywats.models import CompOp

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.models import UUTReport

NOW = datetime(2026, 5, 20, 12, 30, tzinfo=UTC)


def submit(
    api: pyWATS,
    unit: str,
    start: datetime = NOW,
    *,
    good: bool = True,
    code: int = 100,
    volts: float | None = None,
    **fields: Any,
) -> UUTReport:
    report = api.report.create_uut_report(
        "op", "P", "A", unit, code, station_name="ST", start_time=start
    )
    volts = volts if volts is not None else 5.0 if good else 9.0
    report.sequence().add_numeric(
        "Voltage", volts, "V", comp_op=CompOp.GELE, low_limit=4, high_limit=6
    )
    report.conclude(10)
    for name, value in fields.items():
        setattr(report, name, value)
    api.report.submit(report)
    return report


def minutes(count: int) -> datetime:
    return NOW + timedelta(minutes=count)
