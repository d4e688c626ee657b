"""Operations and repair codes: `ProcessService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.process.defaults import (
    DEFAULT_REPAIR_PROCESS_CODE,
    DEFAULT_TEST_PROCESS_CODE,
    Defaults,
)
from pywats.services.process.lookups import Lookups
from pywats.services.process.repair_codes import RepairCodes

__all__ = ["DEFAULT_REPAIR_PROCESS_CODE", "DEFAULT_TEST_PROCESS_CODE", "ProcessService"]


class ProcessService(Defaults, Lookups, RepairCodes):
    """Test, repair and WIP operations, and the codes of repairs.

    Each call sends a request; nothing is cached. To look up many operations, call `get_processes`
    once and keep the list.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises.

    Args:
        port: Sends the requests.
    """
