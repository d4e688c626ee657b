"""The synchronous faces of the services; their types are in the generated stub beside this."""

from __future__ import annotations

from pywats.services import (
    AnalyticsService,
    AssetService,
    BoxBuildTemplate,
    ProcessService,
    ProductionService,
    ProductService,
    ReportService,
    RootCauseService,
    ScimService,
    SoftwareService,
)
from pywats.sync import SyncFace, sync_face

__all__ = [
    "SyncAnalyticsService",
    "SyncAssetService",
    "SyncBoxBuildTemplate",
    "SyncProcessService",
    "SyncProductService",
    "SyncProductionService",
    "SyncReportService",
    "SyncRootCauseService",
    "SyncScimService",
    "SyncSoftwareService",
]


@sync_face(BoxBuildTemplate)
class SyncBoxBuildTemplate(SyncFace[BoxBuildTemplate]):
    """The synchronous face of `pywats.services.BoxBuildTemplate`."""


@sync_face(ProductService, nested=[SyncBoxBuildTemplate])
class SyncProductService(SyncFace[ProductService]):
    """The synchronous face of `pywats.services.ProductService`."""


@sync_face(AssetService)
class SyncAssetService(SyncFace[AssetService]):
    """The synchronous face of `pywats.services.AssetService`."""


@sync_face(ProductionService)
class SyncProductionService(SyncFace[ProductionService]):
    """The synchronous face of `pywats.services.ProductionService`."""


@sync_face(ReportService)
class SyncReportService(SyncFace[ReportService]):
    """The synchronous face of `pywats.services.ReportService`."""


@sync_face(SoftwareService)
class SyncSoftwareService(SyncFace[SoftwareService]):
    """The synchronous face of `pywats.services.SoftwareService`."""


@sync_face(AnalyticsService)
class SyncAnalyticsService(SyncFace[AnalyticsService]):
    """The synchronous face of `pywats.services.AnalyticsService`."""


@sync_face(RootCauseService)
class SyncRootCauseService(SyncFace[RootCauseService]):
    """The synchronous face of `pywats.services.RootCauseService`."""


@sync_face(ScimService)
class SyncScimService(SyncFace[ScimService]):
    """The synchronous face of `pywats.services.ScimService`."""


@sync_face(ProcessService)
class SyncProcessService(SyncFace[ProcessService]):
    """The synchronous face of `pywats.services.ProcessService`."""
