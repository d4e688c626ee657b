"""Enumerations of the analytics API; values that the server adds later stay plain."""

from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import Field

__all__ = [
    "AlarmType",
    "AnyAlarmType",
    "DateGrouping",
    "RunFilter",
    "StatusFilter",
]


class DateGrouping(IntEnum):
    """Length of a period.

    The API file lists these numbers without their names. Its only example has the number 1 with 30
    periods and a text about 30 days, which contradicts these names. If the length matters, give
    ``date_from`` and ``date_to`` instead of a count of periods.
    """

    NONE = -1
    YEAR = 0
    QUARTER = 1
    MONTH = 2
    WEEK = 3
    DAY = 4
    HOUR = 5


class RunFilter(IntEnum):
    """Which of the tests of a unit in one operation count."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    LAST = -1
    ALL = -2


class StatusFilter(StrEnum):
    """Result of a report or a step, as filters spell it."""

    PASSED = "Passed"
    FAILED = "Failed"
    ERROR = "Error"
    TERMINATED = "Terminated"
    DONE = "Done"
    SKIPPED = "Skipped"


class AlarmType(IntEnum):
    """Subject of an alarm."""

    REPORT = 1
    YIELD_VOLUME = 2
    SERIAL_NUMBER = 3
    MEASUREMENT = 4
    ASSET = 5


# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnyAlarmType = Annotated[AlarmType | int, Field(union_mode="left_to_right")]
