"""State of one sandbox server: the stores of all services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.analytics.store import AnalyticsStore
from pywats.sandbox.asset.store import AssetStore
from pywats.sandbox.ids import Identity
from pywats.sandbox.process.store import ProcessStore
from pywats.sandbox.product.store import ProductStore
from pywats.sandbox.production.store import ProductionStore
from pywats.sandbox.report.store import ReportStore
from pywats.sandbox.rootcause.store import RootCauseStore
from pywats.sandbox.scim.store import ScimStore
from pywats.sandbox.software.store import SoftwareStore

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["SandboxState"]


class SandboxState:
    """The stores of all services.

    Args:
        start: See `Identity`.

    Attributes:
        identity: Makes ids and returns the time for all stores.
        products: Products, revisions, groups, bills of materials, box builds.
        reports: Test and repair reports.
        assets: Assets, their types, log, counts, calibration, maintenance and files.
        production: Units, their phases, assembly and verification, batches and serial numbers.
        software: Software packages, their files, tags and status, and virtual folders.
        analytics: Yield, failures, measurements, repairs, unit flow and alarms.
        rootcause: Tickets, their history and attachments.
        scim: Users, as SCIM 2.0 provisions them (RFC 7644).
        processes: Test, repair and WIP operations, and the codes of repairs.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self.identity = Identity(start)
        self.products = ProductStore(self.identity)
        self.processes = ProcessStore()
        self.reports = ReportStore(self.identity, self.processes.names())
        self.assets = AssetStore(self.identity)
        self.reports.on_new_report(self.assets.count_uses)
        self.production = ProductionStore(self.identity, self.products, self.reports)
        self.software = SoftwareStore(self.identity)
        self.analytics = AnalyticsStore(self.identity, self.reports, self.products, self.processes)
        self.rootcause = RootCauseStore(self.identity)
        self.scim = ScimStore(self.identity)
