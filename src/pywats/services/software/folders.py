"""Folders of packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.models import SoftwareEntity

__all__ = ["Folders"]

_ENTITY = adapter(lambda: models.SoftwareEntity)
_INTERNAL = "/api/internal/Software"


class Folders(Calls):
    """The methods on folders of packages."""

    async def create_package_folder(
        self, package_id: UUID | str, folder_data: SoftwareEntity
    ) -> SoftwareEntity:
        """Add a folder to a draft (POST /api/internal/Software/PostPackageFolder).

        Args:
            package_id: Id of the package.
            folder_data: The folder: its ``name``, and ``parent_id`` if another folder holds it.

        Returns:
            The folder in the response. The API file does not declare the response:
            if it has no folder, the folder as it was sent.

        Raises:
            NotFoundError: The server does not know the package or folder.
            WATSStatusError: The package is not a draft.
        """
        query = {"packageId": arguments.uuid_text("package_id", package_id)}
        arguments.instance("folder_data", folder_data, models.SoftwareEntity)
        arguments.text("folder_data.name", folder_data.name)
        request = Request(
            method="POST",
            template=f"{_INTERNAL}/PostPackageFolder",
            query=query,
            content=folder_data.to_wire_json(),
        )
        return await self._saved(request, _ENTITY(), folder_data)

    async def update_package_folder(self, folder_data: SoftwareEntity) -> SoftwareEntity:
        """Save a folder of a draft (POST /api/internal/Software/UpdatePackageFolder).

        Args:
            folder_data: The folder; ``id`` names it.

        Returns:
            The folder in the response. The API file does not declare the response:
            if it has no folder, the folder as it was sent.

        Raises:
            NotFoundError: The server does not know the folder.
            WATSStatusError: The package is not a draft.
        """
        arguments.instance("folder_data", folder_data, models.SoftwareEntity)
        arguments.uuid_text("folder_data.id", folder_data.id)
        request = Request(
            method="POST",
            template=f"{_INTERNAL}/UpdatePackageFolder",
            content=folder_data.to_wire_json(),
        )
        return await self._saved(request, _ENTITY(), folder_data)

    async def delete_package_folder(self, package_folder_id: UUID | str) -> JsonValue:
        """Delete a folder from a draft (POST /api/internal/Software/DeletePackageFolder).

        Args:
            package_folder_id: Id of the folder.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the folder.
            WATSStatusError: The package is not a draft.
        """
        request = Request(
            method="POST",
            template=f"{_INTERNAL}/DeletePackageFolder",
            query={"packageFolderId": arguments.uuid_text("package_folder_id", package_folder_id)},
        )
        return await self._undeclared(request)

    async def get_software_entity_details(self, package_id: UUID | str) -> JsonValue:
        """Get the content of a package (GET /api/internal/Software/GetSoftwareEntityDetails).

        Args:
            package_id: Id of the package.

        Returns:
            The server's response; the API file does not declare it. `get_package_full` is
            declared in full.

        Raises:
            NotFoundError: The server does not know the package.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/GetSoftwareEntityDetails",
            query={"packageId": arguments.uuid_text("package_id", package_id)},
        )
        return await self._undeclared(request)
