"""Operations and repair codes: `ProcessService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["ProcessService"]


class ProcessService(Calls):
    """Test, repair and WIP operations, and the codes of repairs.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
