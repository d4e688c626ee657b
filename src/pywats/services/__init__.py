"""Services: the operations of the WATS REST API, one class for each area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.services.analytics import (
        AnalyticsService,
        UnitFlowSummary,
    )
    from pywats.services.asset import (
        AssetService,
    )
    from pywats.services.odata import odata_literal
    from pywats.services.process import (
        ProcessService,
    )
    from pywats.services.product import (
        BoxBuildTemplate,
        ProductService,
        RequiredPart,
    )
    from pywats.services.production import (
        ProductionService,
        UnitsNotSavedError,
    )
    from pywats.services.raw import RawResponse, RawService
    from pywats.services.report import (
        ReportProblemsError,
        ReportService,
    )
    from pywats.services.rootcause import (
        RootCauseService,
    )
    from pywats.services.scim import (
        ScimService,
    )
    from pywats.services.software import (
        SoftwareService,
    )

__all__ = [
    "AnalyticsService",
    "AssetService",
    "BoxBuildTemplate",
    "ProcessService",
    "ProductService",
    "ProductionService",
    "RawResponse",
    "RawService",
    "ReportProblemsError",
    "ReportService",
    "RequiredPart",
    "RootCauseService",
    "ScimService",
    "SoftwareService",
    "UnitFlowSummary",
    "UnitsNotSavedError",
    "odata_literal",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.services.analytics": "AnalyticsService UnitFlowSummary",
            "pywats.services.asset": "AssetService",
            "pywats.services.odata": "odata_literal",
            "pywats.services.process": "ProcessService",
            "pywats.services.product": "BoxBuildTemplate ProductService RequiredPart",
            "pywats.services.production": "ProductionService UnitsNotSavedError",
            "pywats.services.raw": "RawResponse RawService",
            "pywats.services.report": "ReportProblemsError ReportService",
            "pywats.services.rootcause": "RootCauseService",
            "pywats.services.scim": "ScimService",
            "pywats.services.software": "SoftwareService",
        },
    )
