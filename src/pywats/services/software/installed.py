"""Packages of a station: available, updates, revoked, downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import validation
from pywats.http.port import Request
from pywats.models.base import WireUUID
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.software.searches import INTERNAL_PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.models import InternalPackage

__all__ = ["Installed"]

_IDS = TypeAdapter(list[WireUUID])
_INTERNAL = "/api/internal/Software"


class Installed(Calls):
    """The methods for stations. None of them installs anything on this machine."""

    async def get_available_packages(
        self, installed_packages: Iterable[UUID | str]
    ) -> list[InternalPackage]:
        """List new versions of packages (GET /api/internal/Software/GetAvailablePackages).

        Args:
            installed_packages: Ids of the packages that the station has, one or more.

        Returns:
            The packages in the form of the internal API, in the order of the server.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/GetAvailablePackages",
            query=_installed(installed_packages),
        )
        return await self._list(request, INTERNAL_PACKAGES)

    async def check_for_updates(
        self, installed_packages: Iterable[UUID | str]
    ) -> list[InternalPackage]:
        """List new versions of packages; the same as `get_available_packages`.

        Args:
            installed_packages: Ids of the packages that the station has, one or more.

        Returns:
            The packages in the form of the internal API, in the order of the server.
        """
        return await self.get_available_packages(installed_packages)

    async def get_revoked_packages(
        self,
        installed_packages: Iterable[UUID | str],
        include_revoked_only: bool | None = None,  # noqa: FBT001 - a query parameter of the API
    ) -> list[UUID]:
        """List installed packages that are revoked.

        Sends GET /api/internal/Software/GetRevokedPackages.

        Args:
            installed_packages: Ids of the packages that the station has, one or more.
            include_revoked_only: True to leave out packages of which another version is released;
                None leaves it to the server.

        Returns:
            The ids of the revoked packages in the order of the server.
        """
        query = {
            **_installed(installed_packages),
            "includeRevokedOnly": arguments.optional_boolean(
                "include_revoked_only", include_revoked_only
            ),
        }
        request = Request(method="GET", template=f"{_INTERNAL}/GetRevokedPackages", query=query)
        return await self._list(request, _IDS)

    async def log_download(self, package_id: UUID | str, download_size: int) -> JsonValue:
        """Tell the server that a package was downloaded (GET /api/internal/Software/Log).

        It is a GET that writes to the download history, so it is not sent again when it fails.

        Args:
            package_id: Id of the package.
            download_size: How much was downloaded, in bytes.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the package.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/Log",
            query={
                "packageId": arguments.uuid_text("package_id", package_id),
                "downloadSize": validation.whole_number("download_size", download_size, 0),
            },
            idempotent=False,
        )
        return await self._undeclared(request)

    async def get_package_download_history(self, client_id: int) -> JsonValue:
        """List the downloads of a client.

        Sends GET /api/internal/Software/GetPackageDownloadHistory.

        Args:
            client_id: Number of the client, 0 or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/GetPackageDownloadHistory",
            query={"clientId": validation.whole_number("client_id", client_id, 0)},
        )
        return await self._undeclared(request)

    async def is_connected(self) -> bool:
        """Ask whether the software API is there (GET /api/internal/Software/isConnected).

        Returns:
            False if the server sends ``false``, True for any other response; the API file does
            not declare it.

        Raises:
            WATSConnectionError: The server cannot be reached.
        """
        request = Request(method="GET", template=f"{_INTERNAL}/isConnected")
        return await self._undeclared(request) is not False


def _installed(packages: Iterable[UUID | str]) -> dict[str, str]:
    return {"installedPackages": arguments.uuid_texts("installed_packages", packages)}
