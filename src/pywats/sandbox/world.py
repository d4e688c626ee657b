"""The state of one sandbox server: what its services keep, and how they see each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.identity import Identity
from pywats.sandbox.product_store import ProductStore
from pywats.sandbox.report_store import ReportStore

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["World"]


class World:
    """The stores of all services.

    Args:
        start: See `Identity`.

    Attributes:
        identity: Makes ids and tells the time for all of them.
        products: Products, revisions, groups, bills of materials, box builds.
        reports: Test and repair reports.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self.identity = Identity(start)
        self.products = ProductStore(self.identity)
        self.reports = ReportStore(self.identity)
