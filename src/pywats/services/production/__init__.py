"""Units and serial numbers: `ProductionService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["ProductionService"]


class ProductionService(Calls):
    """Units, their phases, assembly and verification, batches and serial numbers.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
