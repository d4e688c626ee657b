"""Virtual folders, which order packages for their administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import TypeAdapter

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.models import DistributedVirtualFolder, VirtualFolder, VirtualFolderType

__all__ = ["VirtualFolders"]

_FOLDER = adapter(lambda: models.VirtualFolder)
_FOLDERS = adapter(lambda: list[models.VirtualFolder])
_DISTRIBUTED = adapter(lambda: models.DistributedVirtualFolder)
_IDS = TypeAdapter(list[str])
_DISTRIBUTION = "/api/internal/Distribution"


class VirtualFolders(Calls):
    """The methods on virtual folders.

    The public API only lists them.
    """

    async def get_virtual_folders(self) -> list[VirtualFolder]:
        """List all virtual folders (GET /api/Software/VirtualFolders).

        Returns:
            The folders in the order of the server; ``parent_id`` is the folder that contains it.
        """
        request = Request(method="GET", template="/api/Software/VirtualFolders")
        return await self._list(request, _FOLDERS())

    async def create_virtual_folder(
        self,
        name: str,
        parent_id: UUID | str | None = None,
        description: str = "",
        is_restricted: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
    ) -> VirtualFolder:
        """Add a virtual folder for packages (POST /api/internal/Mes/PostVirtualFolder).

        Args:
            name: Name of the folder.
            parent_id: Id of the folder that contains it; None for a folder at the top.
            description: Description.
            is_restricted: True if only some users may see it.

        Returns:
            The folder in the response. The API file does not declare the response:
            if it has no folder, the folder as it was sent.

        Raises:
            NotFoundError: The server does not know the parent.
        """
        fields = {
            "name": arguments.text("name", name),
            "parent_id": arguments.optional_uuid_text("parent_id", parent_id),
            "description": arguments.instance("description", description, str),
            "type": _type(is_restricted),
        }
        folder = models.VirtualFolder.model_validate(
            {field: value for field, value in fields.items() if value is not None}
        )
        request = Request(
            method="POST",
            template="/api/internal/Mes/PostVirtualFolder",
            content=folder.to_wire_json(),
        )
        return await self._saved(request, _FOLDER(), folder)

    async def update_virtual_folder(
        self,
        folder_id: UUID | str,
        name: str | None = None,
        parent_id: UUID | str | None = None,
        description: str | None = None,
        is_restricted: bool | None = None,  # noqa: FBT001 - its place in the catalogue
    ) -> DistributedVirtualFolder:
        """Change a virtual folder.

        Reads the folder (GET /api/internal/Distribution/VirtualFolders/{id}), then saves it (PUT
        /api/internal/Distribution/VirtualFolder), so that its other fields stay.

        Args:
            folder_id: Id of the folder.
            name: New name; None keeps it.
            parent_id: Id of the folder that holds it from now on; None keeps it.
            description: New description; None keeps it.
            is_restricted: True if only some users may see it; None keeps it.

        Returns:
            The folder in the response. The API file does not declare the response:
            if it has no folder, the folder as it was sent.

        Raises:
            NotFoundError: The server does not know the folder or parent.
        """
        path = {"id": arguments.uuid_text("folder_id", folder_id)}
        parent = arguments.optional_uuid_text("parent_id", parent_id)
        changes = {
            "name": arguments.optional_text("name", name),
            "parent_id": None if parent is None else UUID(parent),
            "description": None
            if description is None
            else arguments.instance("description", description, str),
            "type": None if is_restricted is None else _type(is_restricted),
        }
        template = f"{_DISTRIBUTION}/VirtualFolders/{{id}}"
        folder = await self._one(
            Request(method="GET", template=template, path=path), _DISTRIBUTED()
        )
        for field, value in changes.items():
            if value is not None:
                setattr(folder, field, value)
        request = Request(
            method="PUT",
            template=f"{_DISTRIBUTION}/VirtualFolder",
            content=folder.to_wire_json(),
        )
        return await self._saved(request, _DISTRIBUTED(), folder)

    async def delete_virtual_folder(self, folder_id: UUID | str) -> JsonValue:
        """Delete a virtual folder (DELETE /api/internal/Distribution/Multi/VirtualFolders).

        Args:
            folder_id: Id of the folder.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the folder.
        """
        request = Request(
            method="DELETE",
            template=f"{_DISTRIBUTION}/Multi/VirtualFolders",
            content=_IDS.dump_json([arguments.uuid_text("folder_id", folder_id)]),
        )
        return await self._undeclared(request)


def _type(is_restricted: bool) -> VirtualFolderType:  # noqa: FBT001 - one argument says it all
    if validation.boolean("is_restricted", is_restricted):
        return models.VirtualFolderType.RESTRICTED_PACKAGE
    return models.VirtualFolderType.PACKAGE
