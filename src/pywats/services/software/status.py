"""Status of packages: draft, pending, released, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.models import PackageStatus
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.software.packages import PACKAGE

if TYPE_CHECKING:
    from uuid import UUID

    from pywats.models import Package

__all__ = ["Statuses", "status_of"]


class Statuses(Calls):
    """The methods that change the status of a package.

    The server refuses all changes except the ones named here.
    """

    async def submit_for_review(self, package_id: UUID | str) -> Package:
        """Move a package from draft to pending (POST /api/Software/PackageStatus/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The package as the server saved it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is not a draft.
        """
        return await self.set_package_status(package_id, PackageStatus.PENDING)

    async def return_to_draft(self, package_id: UUID | str) -> Package:
        """Move a package from pending back to draft (POST /api/Software/PackageStatus/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The package as the server saved it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is not pending.
        """
        return await self.set_package_status(package_id, PackageStatus.DRAFT)

    async def release_package(self, package_id: UUID | str) -> Package:
        """Move a package from pending to released (POST /api/Software/PackageStatus/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The package as the server saved it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is not pending.
        """
        return await self.set_package_status(package_id, PackageStatus.RELEASED)

    async def revoke_package(self, package_id: UUID | str) -> Package:
        """Move a package from released to revoked (POST /api/Software/PackageStatus/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The package as the server saved it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is not released.
        """
        return await self.set_package_status(package_id, PackageStatus.REVOKED)

    async def set_package_status(
        self, package_id: UUID | str, status: PackageStatus | str
    ) -> Package:
        """Give a package another status (POST /api/Software/PackageStatus/{id}).

        Args:
            package_id: Id of the package.
            status: The new status.

        Returns:
            The package as the server saved it.

        Raises:
            NotFoundError: The server does not know the package.
            WATSStatusError: The status of the package cannot change to this one.
        """
        request = Request(
            method="POST",
            template="/api/Software/PackageStatus/{id}",
            path={"id": arguments.uuid_text("package_id", package_id)},
            query={"status": status_of(status)},
        )
        return await self._one(request, PACKAGE)


def status_of(status: PackageStatus | str | int) -> PackageStatus:
    """Return the status for its name, or for its number in the internal API.

    Raises:
        ValueError: The status does not exist.
    """
    number = status if isinstance(status, int) and not isinstance(status, bool) else None
    for each in PackageStatus:
        if each == status or each.number == number:
            return each
    names = ", ".join(repr(str(each)) for each in PackageStatus)
    raise ValueError(f"status={status!r}: must be one of {names}")
