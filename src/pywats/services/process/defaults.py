"""Default operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pywats.errors import NotFoundError
from pywats.services.process.processes import Processes

if TYPE_CHECKING:
    from pywats.models import ProcessInfo

__all__ = ["DEFAULT_REPAIR_PROCESS_CODE", "DEFAULT_TEST_PROCESS_CODE", "Defaults"]

DEFAULT_TEST_PROCESS_CODE: Final = 100
"""Code of the test operation that most servers have."""

DEFAULT_REPAIR_PROCESS_CODE: Final = 500
"""Code of the repair operation that most servers have."""


class Defaults(Processes):
    """The methods on the operations to use by default.

    The API does not define default operations: the codes 100 and 500 are a convention.
    """

    async def get_default_test_operation(self) -> ProcessInfo:
        """Get the test operation with the code 100, or another one (GET /api/App/Processes).

        Returns:
            The active test operation with the code 100; without it, the first test operation that
            the server lists.

        Raises:
            NotFoundError: The server lists no test operation.
        """
        return _default(
            DEFAULT_TEST_PROCESS_CODE, await self.get_test_operations(), "test operation"
        )

    async def get_default_repair_operation(self) -> ProcessInfo:
        """Get the repair operation with the code 500, or another one (GET /api/App/Processes).

        Returns:
            The active repair operation with the code 500; without it, the first repair operation
            that the server lists.

        Raises:
            NotFoundError: The server lists no repair operation.
        """
        return _default(
            DEFAULT_REPAIR_PROCESS_CODE, await self.get_repair_operations(), "repair operation"
        )

    async def get_default_test_code(self) -> int:
        """Get the code of the default test operation (GET /api/App/Processes).

        Returns:
            The code, see `get_default_test_operation`.

        Raises:
            NotFoundError: The server lists no test operation.
        """
        return (await self.get_default_test_operation()).code

    async def get_default_repair_code(self) -> int:
        """Get the code of the default repair operation (GET /api/App/Processes).

        Returns:
            The code, see `get_default_repair_operation`.

        Raises:
            NotFoundError: The server lists no repair operation.
        """
        return (await self.get_default_repair_operation()).code


def _default(code: int, processes: list[ProcessInfo], kind: str) -> ProcessInfo:
    for process in processes:
        if process.code == code:
            return process
    if not processes:
        raise NotFoundError(f"the server lists no active {kind}")
    return processes[0]
