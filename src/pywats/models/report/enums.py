"""Enumerations of WSJF reports; values that the server adds later stay plain text."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

__all__ = [
    "AnyChartType",
    "AnyCompOp",
    "AnyReportStatus",
    "AnyStepGroup",
    "AnyStepStatus",
    "ChartType",
    "CompOp",
    "ReportStatus",
    "StepGroup",
    "StepStatus",
    "known_comp_op",
]


class ReportStatus(StrEnum):
    """Result of a report."""

    PASSED = "P"
    FAILED = "F"
    DONE = "D"
    ERROR = "E"
    TERMINATED = "T"


class StepStatus(StrEnum):
    """Result of a step or a measurement."""

    PASSED = "P"
    FAILED = "F"
    SKIPPED = "S"
    DONE = "D"
    ERROR = "E"
    TERMINATED = "T"


class StepGroup(StrEnum):
    """Part of a sequence that a step belongs to."""

    SETUP = "S"
    MAIN = "M"
    CLEANUP = "C"


class ChartType(StrEnum):
    """Scales of a chart."""

    LINE = "Line"
    LINE_LOG_XY = "LineLogXY"
    LINE_LOG_X = "LineLogX"
    LINE_LOG_Y = "LineLogY"


class CompOp(StrEnum):
    """How a measured value is compared with its limits.

    The first half of a two-sided comparison is for the low limit, the second half for the high
    limit: ``GELE`` is low limit <= value <= high limit.
    """

    LOG = "LOG"
    EQ = "EQ"
    EQT = "EQT"
    NE = "NE"
    LT = "LT"
    LE = "LE"
    GT = "GT"
    GE = "GE"
    CASESENSIT = "CASESENSIT"
    IGNORECASE = "IGNORECASE"
    GTLT = "GTLT"
    GTLE = "GTLE"
    GELT = "GELT"
    GELE = "GELE"
    LTGT = "LTGT"
    LTGE = "LTGE"
    LEGT = "LEGT"
    LEGE = "LEGE"


# Exports of WATS servers use these names in addition to the names in CompOp.
_EXPORTED = {"Equal": CompOp.EQ, "IgnoreCase": CompOp.IGNORECASE}


def known_comp_op(value: str | None) -> CompOp | None:
    """Return the comparison that a text names; None if the name is unknown."""
    return value if value is None or isinstance(value, CompOp) else _EXPORTED.get(value)


# Left to right: pydantic's smart mode would prefer the plain text to the enum.
AnyReportStatus = Annotated[ReportStatus | str, Field(union_mode="left_to_right")]
AnyStepStatus = Annotated[StepStatus | str, Field(union_mode="left_to_right")]
AnyStepGroup = Annotated[StepGroup | str, Field(union_mode="left_to_right")]
AnyChartType = Annotated[ChartType | str, Field(union_mode="left_to_right")]
AnyCompOp = Annotated[CompOp | str, Field(union_mode="left_to_right")]
