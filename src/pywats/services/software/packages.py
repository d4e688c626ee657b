"""Packages: read, add, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, TypeAdapter

from pywats import models, validation
from pywats.http.port import Request
from pywats.models import Package
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.models import InternalPackage, Tag

__all__ = ["PACKAGE", "PACKAGES", "Packages"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


PACKAGE = TypeAdapter(Package)
# The API file declares one package as the response of the operations that list packages.
PACKAGES: TypeAdapter[list[Package]] = TypeAdapter(
    Annotated[list[Package], BeforeValidator(_as_list)]
)
_INTERNAL_PACKAGE = adapter(lambda: models.InternalPackage)
_PATH = "/api/Software/Package"


class Packages(Calls):
    """The methods on whole packages."""

    async def get_packages(self) -> list[Package]:
        """List all packages, in all versions (GET /api/Software/Packages).

        Returns:
            The packages in the order of the server.
        """
        return await self._list(Request(method="GET", template="/api/Software/Packages"), PACKAGES)

    async def get_package(self, package_id: UUID | str) -> Package:
        """Get one version of a package (GET /api/Software/Package/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The package.

        Raises:
            NotFoundError: The server does not know the package.
        """
        request = Request(
            method="GET",
            template=f"{_PATH}/{{id}}",
            path={"id": arguments.uuid_text("package_id", package_id)},
        )
        return await self._one(request, PACKAGE)

    async def get_package_full(self, package_id: UUID | str) -> InternalPackage:
        """Get a package with its folders and files (GET /api/internal/Software/GetPackage).

        It has the ids that the methods on folders and `download_package_file` take.

        Args:
            package_id: Id of the package.

        Returns:
            The package in the form of the internal API.

        Raises:
            NotFoundError: The server does not know the package.
        """
        request = Request(
            method="GET",
            template="/api/internal/Software/GetPackage",
            query={"packageId": arguments.uuid_text("package_id", package_id)},
        )
        return await self._one(request, _INTERNAL_PACKAGE())

    async def create_package(  # noqa: PLR0917 - its place in the catalogue
        self,
        name: str,
        description: str | None = None,
        install_on_root: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        root_directory: str | None = None,
        priority: int | None = None,
        tags: Iterable[Tag] | None = None,
        *,
        virtual_folder_id: UUID | str | None = None,
    ) -> Package:
        """Add a draft of a package (POST /api/Software/Package).

        If there is a package of that name, the draft is its next version.

        Args:
            name: Name of the package.
            description: Description.
            install_on_root: True to install its folders in the root folder itself, False in a
                folder there with the name of the package.
            root_directory: Root folder on the station; None for the one set there.
            priority: Priority among packages, 0 or more; None leaves it to the server.
            tags: Names and values to find it by. Each name must be a valid XML element name.
            virtual_folder_id: Id of the virtual folder to keep it in.

        Returns:
            The package as the server saved it, with its id and version.

        Raises:
            BadRequestError: The server does not accept a value.
        """
        fields = {
            "name": arguments.text("name", name),
            "description": arguments.optional_text("description", description),
            "install_on_root": validation.boolean("install_on_root", install_on_root),
            "root_directory": arguments.optional_text("root_directory", root_directory),
            "priority": None
            if priority is None
            else validation.whole_number("priority", priority, 0),
            "tags": None if tags is None else _checked(tags),
            "virtual_folder_id": arguments.optional_uuid_text(
                "virtual_folder_id", virtual_folder_id
            ),
        }
        given = {field: value for field, value in fields.items() if value is not None}
        request = Request(
            method="POST",
            template=_PATH,
            content=Package.model_validate(given).to_wire_json(),
        )
        return await self._one(request, PACKAGE)

    async def update_package(self, package: Package) -> Package:
        """Save a package (PUT /api/Software/Package/{id}).

        All details of a draft can be changed; of a pending or released package only the status
        and the tags. All fields that were received or set are sent.

        Args:
            package: A package that was read and changed; ``package_id`` names it.

        Returns:
            The package in the response. The API file does not declare the response:
            if it has no package, the package as it was sent.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The status of the package does not allow the change.
        """
        arguments.instance("package", package, Package)
        package_id = arguments.uuid_text("package.package_id", package.package_id)
        request = Request(
            method="PUT",
            template=f"{_PATH}/{{id}}",
            path={"id": package_id},
            content=package.to_wire_json(),
        )
        return await self._saved(request, PACKAGE, package)

    async def delete_package(self, package_id: UUID | str) -> JsonValue:
        """Delete a draft or a revoked package (DELETE /api/Software/Package/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is pending or released.
        """
        request = Request(
            method="DELETE",
            template=f"{_PATH}/{{id}}",
            path={"id": arguments.uuid_text("package_id", package_id)},
        )
        return await self._undeclared(request)

    async def delete_package_by_name(self, name: str, version: int) -> JsonValue:
        """Delete a draft or a revoked package (DELETE /api/Software/PackageByName).

        Args:
            name: Name of the package.
            version: The version to delete, 1 or more; the others stay.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is pending or released.
        """
        request = Request(
            method="DELETE",
            template="/api/Software/PackageByName",
            query={
                "name": arguments.text("name", name),
                "version": validation.whole_number("version", version, 1),
            },
        )
        return await self._undeclared(request)


def _checked(tags: Iterable[Tag]) -> list[Tag]:
    items = [
        arguments.instance("tags", tag, models.Tag) for tag in arguments.iterable("tags", tags)
    ]
    for tag in items:
        models.xml_data.check_tags({tag.key: tag.value or ""})
    return items
