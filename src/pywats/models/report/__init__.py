"""Models of WSJF reports: tests (UUT), repairs (UUR), and their parts."""

from pywats.models.report.attachment import Attachment, Chart, ChartSeries
from pywats.models.report.enums import ChartType, CompOp, ReportStatus, StepGroup, StepStatus
from pywats.models.report.measurement import (
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
)
from pywats.models.report.parts import AssetStats, ReportMiscInfo, ReportSubUnit, UsedAsset
from pywats.models.report.report import Report
from pywats.models.report.sequence import SequenceCall, SequenceCallInfo
from pywats.models.report.step import LoopInfo, Step
from pywats.models.report.submission import InsertReportResult
from pywats.models.report.uur import UURFailure, UURInfo, UURReport, UURSubUnit
from pywats.models.report.uut import ReferencingUUR, UUTInfo, UUTReport

__all__ = [
    "AssetStats",
    "Attachment",
    "BooleanMeasurement",
    "Chart",
    "ChartSeries",
    "ChartType",
    "CompOp",
    "InsertReportResult",
    "LoopInfo",
    "NumericMeasurement",
    "ReferencingUUR",
    "Report",
    "ReportMiscInfo",
    "ReportStatus",
    "ReportSubUnit",
    "SequenceCall",
    "SequenceCallInfo",
    "Step",
    "StepGroup",
    "StepStatus",
    "StringMeasurement",
    "UURFailure",
    "UURInfo",
    "UURReport",
    "UURSubUnit",
    "UUTInfo",
    "UUTReport",
    "UsedAsset",
]
