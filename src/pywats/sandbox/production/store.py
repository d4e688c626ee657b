"""Production store of the sandbox: units, batches and serial numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.production.serial_number_store import SerialNumberStore
from pywats.sandbox.production.unit_assembly import UnitAssembly
from pywats.sandbox.production.unit_store import UnitStore
from pywats.sandbox.production.unit_verification import grade
from pywats.sandbox.production.unit_view import UnitView

if TYPE_CHECKING:
    from pywats.sandbox.ids import Identity
    from pywats.sandbox.product.store import ProductStore
    from pywats.sandbox.report.store import ReportStore
    from pywats.sandbox.requests import Row

__all__ = ["ProductionStore"]


class ProductionStore:
    """The state of the production service; safe to use from any thread.

    Args:
        identity: Makes ids and returns the time.
        products: The products that units are of, with their box builds.
        reports: The reports on units.

    Attributes:
        units: Units, their states and changes, and batches.
        assembly: The rules by which units are built into units.
        view: Units in the forms of the API.
        serial_numbers: Serial numbers to hand out.
    """

    def __init__(self, identity: Identity, products: ProductStore, reports: ReportStore) -> None:
        self._reports = reports
        self.units = UnitStore(identity, products, reports)
        self.assembly = UnitAssembly(self.units, products)
        self.view = UnitView(self.units, products)
        self.serial_numbers = SerialNumberStore(identity)

    def grade(self, unit: Row) -> Row:
        """Return the verification of a unit, from the reports on it."""
        return grade(unit, self._reports.documents())
