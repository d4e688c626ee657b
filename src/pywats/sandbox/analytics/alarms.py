"""Alarms of the sandbox: one trigger, which logs each test that did not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import AlarmType

if TYPE_CHECKING:
    from pywats.sandbox.analytics.store import SeenReport
    from pywats.sandbox.requests import Row

__all__ = ["alarm_logs"]


def alarm_logs(
    tests: list[SeenReport], types: str | None, top_count: int | None, *, with_calculation: bool
) -> list[Row]:
    """Return the alarms, the newest first.

    Args:
        tests: The tests that count, oldest first.
        types: Numbers of the wanted types, with ``;`` between them; None for all.
        top_count: Largest number of rows.
        with_calculation: True adds the calculation to each row.
    """
    if types is not None and str(AlarmType.REPORT.value) not in types.split(";"):
        return []
    failed = [test for test in tests[::-1] if not test.passed]
    return [_alarm(test, with_calculation=with_calculation) for test in failed[:top_count]]


def _alarm(test: SeenReport, *, with_calculation: bool) -> Row:
    header = test.header
    calculation = f"result = {header['result']}" if with_calculation else None
    return {
        "logId": header["timeStamp"],
        "name": "Test not passed",
        "logDate": header["start"],
        "triggerId": 1,
        "type": AlarmType.REPORT.value,
        "calculationsString": calculation,
        "partNumber": header["partNumber"],
        "productName": test.product_name,
        "processCode": test.test_code,
        "processName": test.operation,
        "reportGuid": test.document["id"],
        "serialNumber": header["serialNumber"],
        "revision": header["revision"],
        "stationName": header["stationName"],
        "operator": header["userName"],
        "result": header["result"],
        "startUtc": header["start"],
    }
