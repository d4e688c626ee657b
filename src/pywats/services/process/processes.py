"""Lists of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from uuid import UUID

    from pywats.models import ProcessInfo

__all__ = ["Processes"]

_PROCESS = adapter(lambda: models.ProcessInfo)
_PROCESSES = adapter(lambda: list[models.ProcessInfo])


class Processes(Calls):
    """The methods on lists of operations."""

    async def get_processes(self) -> list[ProcessInfo]:
        """List the active test, repair and WIP operations (GET /api/App/Processes).

        Returns:
            The operations in the order of the server.
        """
        return await self.get_processes_filtered()

    async def get_processes_filtered(
        self,
        include_test_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_repair_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_wip_operations: bool | None = None,  # noqa: FBT001 - its place in the catalogue
        include_inactive_processes: bool | None = None,  # noqa: FBT001 - its place in the catalogue
    ) -> list[ProcessInfo]:
        """List operations of some kinds (GET /api/App/Processes).

        Without arguments the server lists the active operations of all three kinds.

        Args:
            include_test_operations: Whether to list test operations; None leaves it to the server.
            include_repair_operations: Whether to list repair operations; None leaves it to the
                server.
            include_wip_operations: Whether to list operations for work in progress; None
                leaves it to the server.
            include_inactive_processes: Whether to list operations that are no longer in use;
                None leaves it to the server.

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

    async def get_test_operations(self) -> list[ProcessInfo]:
        """List the active test operations (GET /api/App/Processes).

        Returns:
            The operations in the order of the server.
        """
        return [each for each in await self.get_processes() if each.is_test_operation]

    async def get_repair_operations(self) -> list[ProcessInfo]:
        """List the active repair operations (GET /api/App/Processes).

        Returns:
            The operations in the order of the server.
        """
        return [each for each in await self.get_processes() if each.is_repair_operation]

    async def get_wip_operations(self) -> list[ProcessInfo]:
        """List the active operations for work in progress (GET /api/App/Processes).

        Returns:
            The operations in the order of the server.
        """
        return [each for each in await self.get_processes() if each.is_wip_operation]

    async def list_process_codes(self) -> list[int]:
        """List the codes of the active operations (GET /api/App/Processes).

        Returns:
            The codes in the order of the server.
        """
        return [each.code for each in await self.get_processes()]

    async def list_process_names(self) -> list[str]:
        """List the names of the active operations (GET /api/App/Processes).

        Returns:
            The names in the order of the server, without operations that have no name.
        """
        return [each.name for each in await self.get_processes() if each.name is not None]

    async def get_processes_detailed(self) -> list[ProcessInfo]:
        """List all processes with their details (GET /api/internal/Process/GetProcesses).

        Returns:
            The processes in the order of the server.
        """
        request = Request(method="GET", template="/api/internal/Process/GetProcesses")
        return await self._list(request, _PROCESSES())

    async def get_process_detailed(self, process_id: UUID | str) -> ProcessInfo:
        """Get a process with its details (GET /api/internal/Process/GetProcess/{id}).

        Args:
            process_id: Id of the process, not its code.

        Returns:
            The process.

        Raises:
            NotFoundError: The server does not know the process.
        """
        request = Request(
            method="GET",
            template="/api/internal/Process/GetProcess/{id}",
            path={"id": arguments.uuid_text("process_id", process_id)},
        )
        return await self._one(request, _PROCESS())
