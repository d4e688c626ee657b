"""Models of what the WATS REST API sends and takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.models.analytics_alarms import (
        AlarmLog,
    )
    from pywats.models.analytics_dimensions import (
        RepairDimension,
        RepairKpi,
        YieldDimension,
        YieldKpi,
    )
    from pywats.models.analytics_enums import (
        AlarmType,
        DateGrouping,
        RunFilter,
        StatusFilter,
    )
    from pywats.models.analytics_filter import (
        WatsFilter,
    )
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
    from pywats.models.analytics_oee import (
        OeeAnalysisResult,
    )
    from pywats.models.analytics_repairs import (
        RepairHistoryRecord,
        RepairStatistics,
    )
    from pywats.models.analytics_settings import (
        CommonUserSettings,
        LevelInfo,
    )
    from pywats.models.analytics_steps import (
        StepAnalysisRow,
        StepStatusItem,
        TopFailedStep,
    )
    from pywats.models.analytics_yield import (
        YieldData,
    )
    from pywats.models.asset import (
        Asset,
        AssetLog,
        AssetMessage,
        AssetStatus,
        AssetType,
        AssetView,
    )
    from pywats.models.asset_enums import (
        AssetAlarmState,
        AssetLogType,
        AssetState,
    )
    from pywats.models.base import (
        InternalModel,
        WATSModel,
    )
    from pywats.models.bom import (
        Bom,
        BomComponent,
    )
    from pywats.models.box_build import (
        ProductInfo,
        ProductRevisionRelation,
    )
    from pywats.models.internal_package import (
        InternalPackage,
        PackageFolder,
        PackageFolderFile,
        RepositoryFolderFile,
        SoftwareEntity,
    )
    from pywats.models.process import (
        ProcessInfo,
        RepairOperationDetails,
    )
    from pywats.models.process_enums import (
        RepairBinding,
        RepairType,
    )
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
    from pywats.models.product_enums import (
        ProductState,
        TagChange,
    )
    from pywats.models.product_group import (
        ProductGroup,
        ProductGroupFilter,
    )
    from pywats.models.production import (
        ProductionBatch,
        SaveUnitsResult,
        Unit,
        UnitChange,
        UnitPhase,
        UnitVerification,
        UnitVerificationGrade,
    )
    from pywats.models.production_enums import (
        SerialNumberFormat,
        SerialNumberIdentifier,
        UnitPhaseFlag,
    )
    from pywats.models.repair_codes import (
        FailCode,
        RepairCategory,
        RepairOperationConfig,
    )
    from pywats.models.report import (
        Attachment,
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
    from pywats.models.rootcause import (
        Ticket,
        TicketAttachment,
        TicketUpdate,
    )
    from pywats.models.rootcause_enums import (
        TicketPriority,
        TicketStatus,
        TicketUpdateType,
        TicketView,
    )
    from pywats.models.scim import (
        ScimListResponse,
        ScimMeta,
        ScimUser,
        ScimUserEmail,
        ScimUserName,
    )
    from pywats.models.scim_patch import (
        ScimPatchOperation,
        ScimPatchPath,
        ScimPatchRequest,
    )
    from pywats.models.scim_token import (
        ScimToken,
    )
    from pywats.models.serial_number import (
        SerialNumberRange,
        SerialNumberRecord,
        SerialNumberType,
    )
    from pywats.models.software import (
        DistributedVirtualFolder,
        Package,
        PackageFile,
        VirtualFolder,
    )
    from pywats.models.software_enums import (
        FileAttribute,
        PackageStatus,
        VirtualFolderType,
    )

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
            "pywats.models.analytics_alarms": "AlarmLog",
            "pywats.models.analytics_dimensions": (
                "RepairDimension RepairKpi YieldDimension YieldKpi "
            ),
            "pywats.models.analytics_enums": "AlarmType DateGrouping RunFilter StatusFilter",
            "pywats.models.analytics_filter": "WatsFilter",
            "pywats.models.analytics_flow": "UnitFlowLink UnitFlowNode UnitFlowResult UnitFlowUnit",
            "pywats.models.analytics_measurements": (
                "AggregatedMeasurement MeasurementData MeasurementListItem measurement_path "
            ),
            "pywats.models.analytics_oee": "OeeAnalysisResult",
            "pywats.models.analytics_repairs": "RepairHistoryRecord RepairStatistics",
            "pywats.models.analytics_settings": "CommonUserSettings LevelInfo",
            "pywats.models.analytics_steps": "StepAnalysisRow StepStatusItem TopFailedStep",
            "pywats.models.analytics_yield": "YieldData",
            "pywats.models.asset": "Asset AssetLog AssetMessage AssetStatus AssetType AssetView",
            "pywats.models.asset_enums": "AssetAlarmState AssetLogType AssetState",
            "pywats.models.base": "InternalModel WATSModel",
            "pywats.models.bom": "Bom BomComponent",
            "pywats.models.box_build": "ProductInfo ProductRevisionRelation",
            "pywats.models.internal_package": (
                "InternalPackage PackageFolder PackageFolderFile RepositoryFolderFile "
                "SoftwareEntity "
            ),
            "pywats.models.process": "ProcessInfo RepairOperationDetails",
            "pywats.models.process_enums": "RepairBinding RepairType",
            "pywats.models.product": (
                "InternalProduct InternalProductRevision Product ProductCategory "
                "ProductRevision ProductView Tag Vendor "
            ),
            "pywats.models.product_enums": "ProductState TagChange",
            "pywats.models.product_group": "ProductGroup ProductGroupFilter",
            "pywats.models.production": (
                "ProductionBatch SaveUnitsResult Unit UnitChange UnitPhase UnitVerification "
                "UnitVerificationGrade "
            ),
            "pywats.models.production_enums": (
                "SerialNumberFormat SerialNumberIdentifier UnitPhaseFlag "
            ),
            "pywats.models.repair_codes": "FailCode RepairCategory RepairOperationConfig",
            "pywats.models.report": (
                "Attachment Chart ChartSeries ChartType CompOp InsertReportResult "
                "NumericMeasurement ReportMiscInfo ReportStatus ReportSubUnit SequenceCall "
                "Step StepGroup StepStatus StringMeasurement UsedAsset UURFailure UURInfo "
                "UURReport UURSubUnit UUTInfo UUTReport "
            ),
            "pywats.models.report_header": (
                "HeaderAsset HeaderAttachment HeaderMiscInfo HeaderSubUnit "
                "HeaderUURAttachment MiscInfoHit MiscInfoRow ReportHeader ReportType "
            ),
            "pywats.models.rootcause": "Ticket TicketAttachment TicketUpdate",
            "pywats.models.rootcause_enums": (
                "TicketPriority TicketStatus TicketUpdateType TicketView "
            ),
            "pywats.models.scim": "ScimListResponse ScimMeta ScimUser ScimUserEmail ScimUserName",
            "pywats.models.scim_patch": "ScimPatchOperation ScimPatchPath ScimPatchRequest",
            "pywats.models.scim_token": "ScimToken",
            "pywats.models.serial_number": "SerialNumberRange SerialNumberRecord SerialNumberType",
            "pywats.models.software": "DistributedVirtualFolder Package PackageFile VirtualFolder",
            "pywats.models.software_enums": "FileAttribute PackageStatus VirtualFolderType",
        },
    )
