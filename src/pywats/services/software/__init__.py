"""Software packages: `SoftwareService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.calls import Calls

__all__ = ["SoftwareService"]


class SoftwareService(Calls):
    """Software packages, their files, tags and status, and virtual folders.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the server does not answer as the API promises.

    Args:
        port: Sends the requests.
    """
