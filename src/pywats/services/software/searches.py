"""Search of packages by name or tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import validation
from pywats.http.port import Request
from pywats.models import InternalPackage, PackageStatus
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.software.packages import PACKAGE, PACKAGES
from pywats.services.software.status import status_of
from pywats.services.software.tag_xpath import tag_xpath

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.models import Package

__all__ = ["INTERNAL_PACKAGES", "Searches"]

INTERNAL_PACKAGES = TypeAdapter(list[InternalPackage])


class Searches(Calls):
    """The methods that find packages."""

    async def get_package_by_name(
        self,
        name: str,
        status: PackageStatus | str = PackageStatus.RELEASED,
        version: int | None = None,
    ) -> Package:
        """Get a package by its name (GET /api/Software/PackageByName).

        Args:
            name: Name of the package.
            status: Status of the package; the server requires one.
            version: Version, 1 or more; None for the highest with that status.

        Returns:
            The package.

        Raises:
            NotFoundError: The server does not know the package with that status.
        """
        query = {
            "name": arguments.text("name", name),
            "status": status_of(status),
            "version": None if version is None else validation.whole_number("version", version, 1),
        }
        request = Request(method="GET", template="/api/Software/PackageByName", query=query)
        return await self._one(request, PACKAGE)

    async def get_released_package(self, name: str) -> Package:
        """Get the highest released version of a package (GET /api/Software/PackageByName).

        Args:
            name: Name of the package.

        Returns:
            The package.

        Raises:
            NotFoundError: The server knows no released package of that name.
        """
        return await self.get_package_by_name(name, PackageStatus.RELEASED)

    async def get_packages_by_tag(
        self, tag: str, value: str, status: PackageStatus | str = PackageStatus.RELEASED
    ) -> list[Package]:
        """List the packages that have a tag (GET /api/Software/PackagesByTag).

        Args:
            tag: Name of the tag, upper and lower case as it is. It cannot hold ``=``.
            value: Value of the tag; the server ignores upper and lower case.
            status: Status of the packages; the server requires one.

        Returns:
            The packages in the order of the server.
        """
        arguments.text("tag", tag)
        if "=" in tag:
            raise ValueError(f"tag={tag!r}: must not hold '=', which ends the name of the tag")
        query = {"tag": f"{tag}={arguments.text('value', value)}", "status": status_of(status)}
        request = Request(method="GET", template="/api/Software/PackagesByTag", query=query)
        return await self._list(request, PACKAGES)

    async def get_packages_by_tags(
        self, tags: Mapping[str, str], status: PackageStatus | str = PackageStatus.RELEASED
    ) -> list[InternalPackage]:
        """List packages that have all of several tags.

        Sends GET /api/internal/Software/GetPackagesByTag.

        Args:
            tags: Value by name of tag, one at least. Each name must be a valid XML element name.
            status: Status of the packages; the server requires one.

        Returns:
            The packages in the form of the internal API, in the order of the server.

        Raises:
            ValueError: No tag is given, or XPath cannot write a name or a value.
        """
        return await self.get_packages_by_tag_internal(tag_xpath(tags), status)

    async def get_packages_by_tag_internal(
        self, xpath: str, status: PackageStatus | str = PackageStatus.RELEASED
    ) -> list[InternalPackage]:
        """List packages by an expression on their tags.

        Sends GET /api/internal/Software/GetPackagesByTag.

        Args:
            xpath: XPath expression on the tag document (see `InternalPackage`), for example
                ``//*[PartNumber[.="123"]]``.
            status: Status of the packages; the server requires one.

        Returns:
            The packages in the form of the internal API, in the order of the server.
        """
        request = Request(
            method="GET",
            template="/api/internal/Software/GetPackagesByTag",
            query={"tags": arguments.text("xpath", xpath), "status": status_of(status).number},
        )
        return await self._list(request, INTERNAL_PACKAGES)

    async def get_package_history(
        self,
        tags: str,
        status: PackageStatus | str | int | None = None,
        all_versions: bool | None = None,  # noqa: FBT001 - a query parameter of the API
    ) -> list[InternalPackage]:
        """List packages, old versions too (GET /api/internal/Software/GetPackageHistory).

        Args:
            tags: XPath expression on the tag document; see `get_packages_by_tag_internal`.
            status: Status of the packages, or its number; None for any.
            all_versions: True to ask for all versions of each package; None leaves it to the
                server.

        Returns:
            The packages in the form of the internal API, in the order of the server.
        """
        query = {
            "tags": arguments.text("tags", tags),
            "status": None if status is None else status_of(status).number,
            "allVersions": arguments.optional_boolean("all_versions", all_versions),
        }
        request = Request(
            method="GET", template="/api/internal/Software/GetPackageHistory", query=query
        )
        return await self._list(request, INTERNAL_PACKAGES)
