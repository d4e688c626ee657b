"""Assets and what happens to them: `AssetService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.asset.asset_types import AssetTypes
from pywats.services.asset.counts import Counts
from pywats.services.asset.files import Files
from pywats.services.asset.hierarchy import Hierarchy
from pywats.services.asset.log import Logs
from pywats.services.asset.state import States
from pywats.services.asset.status import Statuses
from pywats.services.asset.upkeep import Upkeep

__all__ = ["AssetService"]


class AssetService(Hierarchy, States, Statuses, Counts, Upkeep, Logs, AssetTypes, Files):
    """Assets, their types, log, counts, calibration, maintenance and files.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises: an error status,
    no response, or a body of another shape (`pywats.errors.WATSDecodeError`). A response that the
    API file does not declare is returned as the JSON value received, None for an empty body.

    Args:
        port: Sends the requests.
    """
