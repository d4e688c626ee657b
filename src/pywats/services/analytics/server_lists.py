"""Version, operations, levels, product groups and user settings of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pywats.models import CommonUserSettings, LevelInfo, ProcessInfo, ProductGroup

__all__ = ["ServerLists"]

_VERSION = TypeAdapter(str)
_PROCESSES = adapter(lambda: list[models.ProcessInfo])
_LEVELS = adapter(lambda: list[models.LevelInfo])
_GROUPS = adapter(lambda: list[models.ProductGroup])
_SETTINGS = adapter(lambda: models.CommonUserSettings)


class ServerLists(Calls):
    """The methods on version, operations, levels, groups and settings of the server."""

    async def get_version(self) -> str:
        """Get the version of the server (GET /api/App/Version).

        Returns:
            The version, for example ``25.1.0``.
        """
        return await self._one(Request(method="GET", template="/api/App/Version"), _VERSION)

    async def get_processes(
        self,
        include_test_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_repair_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_wip_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_inactive_processes: bool | None = None,  # noqa: FBT001 - its place in the catalogue
    ) -> list[ProcessInfo]:
        """List operations (GET /api/App/Processes).

        Without arguments the server lists the active operations that are for tests, repairs or
        work in progress.

        Args:
            include_test_operations: Whether to list operations for tests.
            include_repair_operations: Whether to list operations for repairs.
            include_wip_operations: Whether to list operations for work in progress.
            include_inactive_processes: Whether to list operations that are not in use.

        Returns:
            The operations in the order of the server.
        """
        flags = {
            "includeTestOperations": ("include_test_operations", include_test_operations),
            "includeRepairOperations": ("include_repair_operations", include_repair_operations),
            "includeWipOperations": ("include_wip_operations", include_wip_operations),
            "includeInactiveProcesses": ("include_inactive_processes", include_inactive_processes),
        }
        request = Request(
            method="GET",
            template="/api/App/Processes",
            query={key: arguments.optional_boolean(*flag) for key, flag in flags.items()},
        )
        return await self._list(request, _PROCESSES())

    async def get_levels(self) -> list[LevelInfo]:
        """List all levels (GET /api/App/Levels).

        Returns:
            The levels in the order of the server.
        """
        return await self._list(Request(method="GET", template="/api/App/Levels"), _LEVELS())

    async def get_product_groups(
        self,
        include_filters: bool | None = None,  # noqa: FBT001 - its place in the catalogue
    ) -> list[ProductGroup]:
        """List all product groups (GET /api/App/ProductGroups).

        Args:
            include_filters: Whether to list the rules of each group.

        Returns:
            The product groups in the order of the server.
        """
        request = Request(
            method="GET",
            template="/api/App/ProductGroups",
            query={
                "includeFilters": arguments.optional_boolean("include_filters", include_filters)
            },
        )
        return await self._list(request, _GROUPS())

    async def get_common_user_settings(self, user_name: str) -> CommonUserSettings:
        """Get a user and its permissions (GET /api/App/CommonUserSettings).

        Args:
            user_name: Name that the user signs in with.

        Returns:
            The settings.
        """
        request = Request(
            method="GET",
            template="/api/App/CommonUserSettings",
            query={"UserName": arguments.text("user_name", user_name)},
        )
        return await self._one(request, _SETTINGS())
