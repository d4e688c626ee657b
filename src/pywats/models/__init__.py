"""Models of the requests and responses of the WATS REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.models import xml_data as xml_data
    from pywats.models.analytics.alarms import (
        AlarmLog,
    )
    from pywats.models.analytics.dimensions import (
        RepairDimension,
        RepairKpi,
        YieldDimension,
        YieldKpi,
    )
    from pywats.models.analytics.enums import (
        AlarmType,
        DateGrouping,
        RunFilter,
        StatusFilter,
    )
    from pywats.models.analytics.filter import (
        WatsFilter,
    )
    from pywats.models.analytics.flow import (
        UnitFlowLink,
        UnitFlowNode,
        UnitFlowResult,
        UnitFlowUnit,
    )
    from pywats.models.analytics.measurements import (
        AggregatedMeasurement,
        MeasurementData,
        MeasurementListItem,
        measurement_path,
    )
    from pywats.models.analytics.oee import (
        OeeAnalysisResult,
    )
    from pywats.models.analytics.repairs import (
        RepairHistoryRecord,
        RepairStatistics,
    )
    from pywats.models.analytics.settings import (
        CommonUserSettings,
        LevelInfo,
    )
    from pywats.models.analytics.steps import (
        StepAnalysisRow,
        StepStatusItem,
        TopFailedStep,
    )
    from pywats.models.analytics.yields import (
        YieldData,
    )
    from pywats.models.asset.asset import (
        Asset,
        AssetLog,
        AssetMessage,
        AssetStatus,
        AssetType,
        AssetView,
    )
    from pywats.models.asset.enums import (
        AssetAlarmState,
        AssetLogType,
        AssetState,
    )
    from pywats.models.base import (
        InternalModel,
        WATSModel,
    )
    from pywats.models.process.enums import (
        RepairBinding,
        RepairType,
    )
    from pywats.models.process.process import (
        ProcessInfo,
        RepairOperationDetails,
    )
    from pywats.models.process.repair_codes import (
        FailCode,
        RepairCategory,
        RepairOperationConfig,
    )
    from pywats.models.product.bom import (
        Bom,
        BomComponent,
    )
    from pywats.models.product.box_build import (
        ProductInfo,
        ProductRevisionRelation,
    )
    from pywats.models.product.category import (
        ProductCategory,
    )
    from pywats.models.product.enums import (
        ProductState,
        TagChange,
    )
    from pywats.models.product.group import (
        ProductGroup,
        ProductGroupFilter,
    )
    from pywats.models.product.internal import (
        InternalProduct,
        InternalProductRevision,
    )
    from pywats.models.product.product import (
        Product,
        ProductRevision,
        ProductView,
        Tag,
    )
    from pywats.models.product.vendor import (
        Vendor,
    )
    from pywats.models.production.enums import (
        SerialNumberFormat,
        SerialNumberIdentifier,
        UnitPhaseFlag,
    )
    from pywats.models.production.serial_number import (
        SerialNumberRange,
        SerialNumberRecord,
        SerialNumberType,
    )
    from pywats.models.production.unit import (
        ProductionBatch,
        SaveUnitsResult,
        Unit,
        UnitChange,
        UnitPhase,
        UnitVerification,
        UnitVerificationGrade,
    )
    from pywats.models.report import (
        Attachment,
        BooleanMeasurement,
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
        SequenceCallInfo,
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
    from pywats.models.report.header import (
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
    from pywats.models.rootcause.enums import (
        TicketPriority,
        TicketStatus,
        TicketUpdateType,
        TicketView,
    )
    from pywats.models.rootcause.ticket import (
        Ticket,
        TicketAttachment,
        TicketUpdate,
    )
    from pywats.models.scim.patch import (
        ScimPatchOperation,
        ScimPatchPath,
        ScimPatchRequest,
    )
    from pywats.models.scim.token import (
        ScimToken,
    )
    from pywats.models.scim.user import (
        ScimListResponse,
        ScimMeta,
        ScimUser,
        ScimUserEmail,
        ScimUserName,
    )
    from pywats.models.software.enums import (
        FileAttribute,
        PackageStatus,
        VirtualFolderType,
    )
    from pywats.models.software.internal_package import (
        InternalPackage,
        PackageFolder,
        PackageFolderFile,
        RepositoryFolderFile,
        SoftwareEntity,
    )
    from pywats.models.software.package import (
        DistributedVirtualFolder,
        Package,
        PackageFile,
        VirtualFolder,
    )
    from pywats.models.unknown_fields import UnknownFieldError

__all__ = [
    "AggregatedMeasurement",
    "AlarmLog",
    "AlarmType",
    "Asset",
    "AssetAlarmState",
    "AssetLog",
    "AssetLogType",
    "AssetMessage",
    "AssetState",
    "AssetStatus",
    "AssetType",
    "AssetView",
    "Attachment",
    "Bom",
    "BomComponent",
    "BooleanMeasurement",
    "Chart",
    "ChartSeries",
    "ChartType",
    "CommonUserSettings",
    "CompOp",
    "DateGrouping",
    "DistributedVirtualFolder",
    "FailCode",
    "FileAttribute",
    "HeaderAsset",
    "HeaderAttachment",
    "HeaderMiscInfo",
    "HeaderSubUnit",
    "HeaderUURAttachment",
    "InsertReportResult",
    "InternalModel",
    "InternalPackage",
    "InternalProduct",
    "InternalProductRevision",
    "LevelInfo",
    "MeasurementData",
    "MeasurementListItem",
    "MiscInfoHit",
    "MiscInfoRow",
    "NumericMeasurement",
    "OeeAnalysisResult",
    "Package",
    "PackageFile",
    "PackageFolder",
    "PackageFolderFile",
    "PackageStatus",
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
    "ProductionBatch",
    "RepairBinding",
    "RepairCategory",
    "RepairDimension",
    "RepairHistoryRecord",
    "RepairKpi",
    "RepairOperationConfig",
    "RepairOperationDetails",
    "RepairStatistics",
    "RepairType",
    "ReportHeader",
    "ReportMiscInfo",
    "ReportStatus",
    "ReportSubUnit",
    "ReportType",
    "RepositoryFolderFile",
    "RunFilter",
    "SaveUnitsResult",
    "ScimListResponse",
    "ScimMeta",
    "ScimPatchOperation",
    "ScimPatchPath",
    "ScimPatchRequest",
    "ScimToken",
    "ScimUser",
    "ScimUserEmail",
    "ScimUserName",
    "SequenceCall",
    "SequenceCallInfo",
    "SerialNumberFormat",
    "SerialNumberIdentifier",
    "SerialNumberRange",
    "SerialNumberRecord",
    "SerialNumberType",
    "SoftwareEntity",
    "StatusFilter",
    "Step",
    "StepAnalysisRow",
    "StepGroup",
    "StepStatus",
    "StepStatusItem",
    "StringMeasurement",
    "Tag",
    "TagChange",
    "Ticket",
    "TicketAttachment",
    "TicketPriority",
    "TicketStatus",
    "TicketUpdate",
    "TicketUpdateType",
    "TicketView",
    "TopFailedStep",
    "UURFailure",
    "UURInfo",
    "UURReport",
    "UURSubUnit",
    "UUTInfo",
    "UUTReport",
    "Unit",
    "UnitChange",
    "UnitFlowLink",
    "UnitFlowNode",
    "UnitFlowResult",
    "UnitFlowUnit",
    "UnitPhase",
    "UnitPhaseFlag",
    "UnitVerification",
    "UnitVerificationGrade",
    "UnknownFieldError",
    "UsedAsset",
    "Vendor",
    "VirtualFolder",
    "VirtualFolderType",
    "WATSModel",
    "WatsFilter",
    "YieldData",
    "YieldDimension",
    "YieldKpi",
    "measurement_path",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.models.xml_data": "xml_data",
            "pywats.models.analytics.alarms": "AlarmLog",
            "pywats.models.analytics.dimensions": (
                "RepairDimension RepairKpi YieldDimension YieldKpi "
            ),
            "pywats.models.analytics.enums": "AlarmType DateGrouping RunFilter StatusFilter",
            "pywats.models.analytics.filter": "WatsFilter",
            "pywats.models.analytics.flow": "UnitFlowLink UnitFlowNode UnitFlowResult UnitFlowUnit",
            "pywats.models.analytics.measurements": (
                "AggregatedMeasurement MeasurementData MeasurementListItem measurement_path "
            ),
            "pywats.models.analytics.oee": "OeeAnalysisResult",
            "pywats.models.analytics.repairs": "RepairHistoryRecord RepairStatistics",
            "pywats.models.analytics.settings": "CommonUserSettings LevelInfo",
            "pywats.models.analytics.steps": "StepAnalysisRow StepStatusItem TopFailedStep",
            "pywats.models.analytics.yields": "YieldData",
            "pywats.models.asset.asset": (
                "Asset AssetLog AssetMessage AssetStatus AssetType AssetView"
            ),
            "pywats.models.asset.enums": "AssetAlarmState AssetLogType AssetState",
            "pywats.models.base": "InternalModel WATSModel",
            "pywats.models.unknown_fields": "UnknownFieldError",
            "pywats.models.product.bom": "Bom BomComponent",
            "pywats.models.product.box_build": "ProductInfo ProductRevisionRelation",
            "pywats.models.software.internal_package": (
                "InternalPackage PackageFolder PackageFolderFile RepositoryFolderFile "
                "SoftwareEntity "
            ),
            "pywats.models.process.process": "ProcessInfo RepairOperationDetails",
            "pywats.models.process.enums": "RepairBinding RepairType",
            "pywats.models.product.category": "ProductCategory",
            "pywats.models.product.internal": "InternalProduct InternalProductRevision",
            "pywats.models.product.product": "Product ProductRevision ProductView Tag",
            "pywats.models.product.vendor": "Vendor",
            "pywats.models.product.enums": "ProductState TagChange",
            "pywats.models.product.group": "ProductGroup ProductGroupFilter",
            "pywats.models.production.unit": (
                "ProductionBatch SaveUnitsResult Unit UnitChange UnitPhase UnitVerification "
                "UnitVerificationGrade "
            ),
            "pywats.models.production.enums": (
                "SerialNumberFormat SerialNumberIdentifier UnitPhaseFlag "
            ),
            "pywats.models.process.repair_codes": "FailCode RepairCategory RepairOperationConfig",
            "pywats.models.report": (
                "Attachment BooleanMeasurement Chart ChartSeries ChartType CompOp "
                "InsertReportResult "
                "NumericMeasurement ReportMiscInfo ReportStatus ReportSubUnit SequenceCall "
                "SequenceCallInfo "
                "Step StepGroup StepStatus StringMeasurement UsedAsset UURFailure UURInfo "
                "UURReport UURSubUnit UUTInfo UUTReport "
            ),
            "pywats.models.report.header": (
                "HeaderAsset HeaderAttachment HeaderMiscInfo HeaderSubUnit "
                "HeaderUURAttachment MiscInfoHit MiscInfoRow ReportHeader ReportType "
            ),
            "pywats.models.rootcause.ticket": "Ticket TicketAttachment TicketUpdate",
            "pywats.models.rootcause.enums": (
                "TicketPriority TicketStatus TicketUpdateType TicketView "
            ),
            "pywats.models.scim.user": (
                "ScimListResponse ScimMeta ScimUser ScimUserEmail ScimUserName"
            ),
            "pywats.models.scim.patch": "ScimPatchOperation ScimPatchPath ScimPatchRequest",
            "pywats.models.scim.token": "ScimToken",
            "pywats.models.production.serial_number": (
                "SerialNumberRange SerialNumberRecord SerialNumberType"
            ),
            "pywats.models.software.package": (
                "DistributedVirtualFolder Package PackageFile VirtualFolder"
            ),
            "pywats.models.software.enums": "FileAttribute PackageStatus VirtualFolderType",
        },
    )
