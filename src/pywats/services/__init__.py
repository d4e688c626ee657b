"""The services: what the WATS REST API can do, as methods of one class for each area."""

from __future__ import annotations

from pywats.services.product import BoxBuildTemplate, ProductService, RequiredPart
from pywats.services.report import ReportProblemsError, ReportService

__all__ = [
    "BoxBuildTemplate",
    "ProductService",
    "ReportProblemsError",
    "ReportService",
    "RequiredPart",
]
