"""Look-up of one operation by its code or its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.errors import NotFoundError
from pywats.services import arguments
from pywats.services.process.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import ProcessInfo

__all__ = ["Lookups"]


class Lookups(Processes):
    """The methods that look up one operation in the list of `get_processes`."""

    async def get_process(self, identifier: int | str) -> ProcessInfo:
        """Find an active operation (GET /api/App/Processes).

        Args:
            identifier: The code (an integer) or the name (a text, in the server's spelling).

        Returns:
            The operation; the first one if several have this name.

        Raises:
            NotFoundError: The server lists no such operation.
        """
        _check(identifier)
        return _find(identifier, await self.get_processes(), "operation")

    async def get_process_by_code(self, code: int) -> ProcessInfo:
        """Find an active operation by its code (GET /api/App/Processes).

        Args:
            code: Code of the operation.

        Returns:
            The operation.

        Raises:
            NotFoundError: The server lists no such operation.
        """
        return await self.get_process(validation.whole_number("code", code, 0))

    async def get_process_by_name(self, name: str) -> ProcessInfo:
        """Find an active operation by its name (GET /api/App/Processes).

        Args:
            name: Name of the operation, in the server's spelling.

        Returns:
            The operation; the first one if several have this name.

        Raises:
            NotFoundError: The server lists no such operation.
        """
        return await self.get_process(arguments.text("name", name))

    async def get_test_operation(self, identifier: int | str) -> ProcessInfo:
        """Find an active test operation (GET /api/App/Processes).

        Args:
            identifier: The code (an integer) or the name (a text, in the server's spelling).

        Returns:
            The operation; the first one if several have this name.

        Raises:
            NotFoundError: The server lists no such operation, or it is not for tests.
        """
        _check(identifier)
        return _find(identifier, await self.get_test_operations(), "test operation")

    async def get_repair_operation(self, identifier: int | str) -> ProcessInfo:
        """Find an active repair operation (GET /api/App/Processes).

        Args:
            identifier: The code (an integer) or the name (a text, in the server's spelling).

        Returns:
            The operation; the first one if several have this name.

        Raises:
            NotFoundError: The server lists no such operation, or it is not for repairs.
        """
        _check(identifier)
        return _find(identifier, await self.get_repair_operations(), "repair operation")

    async def get_wip_operation(self, identifier: int | str) -> ProcessInfo:
        """Find an active operation for work in progress (GET /api/App/Processes).

        Args:
            identifier: The code (an integer) or the name (a text, in the server's spelling).

        Returns:
            The operation; the first one if several have this name.

        Raises:
            NotFoundError: The server lists no such operation, or it is not for work in progress.
        """
        _check(identifier)
        return _find(identifier, await self.get_wip_operations(), "WIP operation")

    async def process_exists(self, code: int) -> bool:
        """Tell whether there is an active operation with a code (GET /api/App/Processes).

        Args:
            code: Code of the operation.

        Returns:
            True if the server lists it.
        """
        validation.whole_number("code", code, 0)
        return code in await self.list_process_codes()

    async def is_valid_test_operation(self, code: int) -> bool:
        """Tell whether a code belongs to an active test operation (GET /api/App/Processes).

        Args:
            code: Code of the operation.

        Returns:
            True if the server lists it and it is for tests.
        """
        validation.whole_number("code", code, 0)
        return any(each.code == code for each in await self.get_test_operations())

    async def is_valid_repair_operation(self, code: int) -> bool:
        """Tell whether a code belongs to an active repair operation (GET /api/App/Processes).

        Args:
            code: Code of the operation.

        Returns:
            True if the server lists it and it is for repairs.
        """
        validation.whole_number("code", code, 0)
        return any(each.code == code for each in await self.get_repair_operations())

    async def is_valid_wip_operation(self, code: int) -> bool:
        """Tell whether a code belongs to an active WIP operation (GET /api/App/Processes).

        Args:
            code: Code of the operation.

        Returns:
            True if the server lists it and it is for work in progress.
        """
        validation.whole_number("code", code, 0)
        return any(each.code == code for each in await self.get_wip_operations())


def _check(identifier: object) -> None:
    if isinstance(identifier, str):
        arguments.text("identifier", identifier)
    else:
        validation.whole_number("identifier", identifier, 0)


def _find(identifier: int | str, processes: Iterable[ProcessInfo], kind: str) -> ProcessInfo:
    for process in processes:
        if identifier == (process.name if isinstance(identifier, str) else process.code):
            return process
    what = "name" if isinstance(identifier, str) else "code"
    raise NotFoundError(
        f"{what}={identifier!r}: no such {kind} is among the active ones that the server lists"
    )
