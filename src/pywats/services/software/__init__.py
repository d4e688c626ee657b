"""Software packages: `SoftwareService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.software.files import Files
from pywats.services.software.folders import Folders
from pywats.services.software.installed import Installed
from pywats.services.software.packages import Packages
from pywats.services.software.searches import Searches
from pywats.services.software.status import Statuses
from pywats.services.software.virtual_folders import VirtualFolders

__all__ = ["SoftwareService"]


class SoftwareService(Packages, Searches, Statuses, Files, Folders, VirtualFolders, Installed):
    """Software packages, their files, tags and status, and virtual folders.

    A package has one version or more; each version has an id, a status and files of its own.
    ``package_id`` always names one version.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises: an error status,
    no response, or a body of another shape (`pywats.errors.WATSDecodeError`). A response that the
    API file does not declare is returned as the JSON value received, None for an empty body.

    Args:
        port: Sends the requests.
    """
