"""Assets and what happens to them: `AssetService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["AssetService"]


class AssetService(Calls):
    """Assets, their types, log, counts, calibration, maintenance and files.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
