"""Models of what the WATS REST API sends and takes."""

from __future__ import annotations

from pywats.models.analytics_alarms import AlarmLog
from pywats.models.analytics_dimensions import (
    RepairDimension,
    RepairKpi,
    YieldDimension,
    YieldKpi,
)
from pywats.models.analytics_enums import AlarmType, DateGrouping, RunFilter, StatusFilter
from pywats.models.analytics_filter import WatsFilter
from pywats.models.analytics_flow import (
    UnitFlowLink,
    UnitFlowNode,
    UnitFlowResult,
    UnitFlowUnit,
)
from pywats.models.analytics_measurements import (
    AggregatedMeasurement,
    MeasurementData,
    MeasurementListItem,
    measurement_path,
)
from pywats.models.analytics_oee import OeeAnalysisResult
from pywats.models.analytics_repairs import RepairHistoryRecord, RepairStatistics
from pywats.models.analytics_settings import CommonUserSettings, LevelInfo
from pywats.models.analytics_steps import StepAnalysisRow, StepStatusItem, TopFailedStep
from pywats.models.analytics_yield import YieldData
from pywats.models.base import InternalModel, WATSModel
from pywats.models.bom import Bom, BomComponent
from pywats.models.box_build import ProductInfo, ProductRevisionRelation
from pywats.models.process import ProcessInfo
from pywats.models.product import (
    InternalProduct,
    InternalProductRevision,
    Product,
    ProductCategory,
    ProductRevision,
    ProductView,
    Tag,
    Vendor,
)
from pywats.models.product_enums import ProductState, TagChange
from pywats.models.product_group import ProductGroup, ProductGroupFilter
from pywats.models.report import (
    Attachment,
    BinaryData,
    Chart,
    ChartSeries,
    ChartType,
    CompOp,
    InsertReportResult,
    NumericMeasurement,
    ReportMiscInfo,
    ReportStatus,
    ReportSubUnit,
    SequenceCall,
    Step,
    StepGroup,
    StepStatus,
    StringMeasurement,
    UsedAsset,
    UURFailure,
    UURInfo,
    UURReport,
    UURSubUnit,
    UUTInfo,
    UUTReport,
)
from pywats.models.report_header import (
    HeaderAsset,
    HeaderAttachment,
    HeaderMiscInfo,
    HeaderSubUnit,
    HeaderUURAttachment,
    MiscInfoHit,
    MiscInfoRow,
    ReportHeader,
    ReportType,
)

__all__ = [
    "AggregatedMeasurement",
    "AlarmLog",
    "AlarmType",
    "Attachment",
    "BinaryData",
    "Bom",
    "BomComponent",
    "Chart",
    "ChartSeries",
    "ChartType",
    "CommonUserSettings",
    "CompOp",
    "DateGrouping",
    "HeaderAsset",
    "HeaderAttachment",
    "HeaderMiscInfo",
    "HeaderSubUnit",
    "HeaderUURAttachment",
    "InsertReportResult",
    "InternalModel",
    "InternalProduct",
    "InternalProductRevision",
    "LevelInfo",
    "MeasurementData",
    "MeasurementListItem",
    "MiscInfoHit",
    "MiscInfoRow",
    "NumericMeasurement",
    "OeeAnalysisResult",
    "ProcessInfo",
    "Product",
    "ProductCategory",
    "ProductGroup",
    "ProductGroupFilter",
    "ProductInfo",
    "ProductRevision",
    "ProductRevisionRelation",
    "ProductState",
    "ProductView",
    "RepairDimension",
    "RepairHistoryRecord",
    "RepairKpi",
    "RepairStatistics",
    "ReportHeader",
    "ReportMiscInfo",
    "ReportStatus",
    "ReportSubUnit",
    "ReportType",
    "RunFilter",
    "SequenceCall",
    "StatusFilter",
    "Step",
    "StepAnalysisRow",
    "StepGroup",
    "StepStatus",
    "StepStatusItem",
    "StringMeasurement",
    "Tag",
    "TagChange",
    "TopFailedStep",
    "UURFailure",
    "UURInfo",
    "UURReport",
    "UURSubUnit",
    "UUTInfo",
    "UUTReport",
    "UnitFlowLink",
    "UnitFlowNode",
    "UnitFlowResult",
    "UnitFlowUnit",
    "UsedAsset",
    "Vendor",
    "WATSModel",
    "WatsFilter",
    "YieldData",
    "YieldDimension",
    "YieldKpi",
    "measurement_path",
]
