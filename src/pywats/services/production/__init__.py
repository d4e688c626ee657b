"""Units and serial numbers: `ProductionService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.production.assembly import Assembly
from pywats.services.production.batches import ProductionBatches
from pywats.services.production.changes import Changes
from pywats.services.production.phases import Phases
from pywats.services.production.serial_number_search import SerialNumberSearch
from pywats.services.production.serial_numbers import SerialNumbers
from pywats.services.production.sites import Sites
from pywats.services.production.unit_details import UnitDetails
from pywats.services.production.units import Units, UnitsNotSavedError
from pywats.services.production.verification import Verification

__all__ = ["ProductionService", "UnitsNotSavedError"]


class ProductionService(
    Units,
    UnitDetails,
    Phases,
    Assembly,
    Verification,
    Changes,
    ProductionBatches,
    SerialNumbers,
    SerialNumberSearch,
    Sites,
):
    """Units, their phases, assembly and verification, batches and serial numbers.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises. A response that
    the API file does not declare is returned as the JSON value received, None for an empty body.

    Args:
        port: Sends the requests.
    """
