"""Models of WSJF reports: tests (UUT), repairs (UUR), and their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.models.report.attachment": "Attachment Chart ChartSeries",
            "pywats.models.report.enums": "ChartType CompOp ReportStatus StepGroup StepStatus",
            "pywats.models.report.measurement": (
                "BooleanMeasurement NumericMeasurement StringMeasurement"
            ),
            "pywats.models.report.parts": "AssetStats ReportMiscInfo ReportSubUnit UsedAsset",
            "pywats.models.report.report": "Report",
            "pywats.models.report.sequence": "SequenceCall SequenceCallInfo",
            "pywats.models.report.step": "LoopInfo Step",
            "pywats.models.report.submission": "InsertReportResult",
            "pywats.models.report.uur": "UURFailure UURInfo UURReport UURSubUnit",
            "pywats.models.report.uut": "ReferencingUUR UUTInfo UUTReport",
        },
    )
