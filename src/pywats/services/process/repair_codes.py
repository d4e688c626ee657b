"""Categories and fail codes of repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.errors import NotFoundError
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls
from pywats.services.process.defaults import DEFAULT_REPAIR_PROCESS_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from pywats.models import FailCode, RepairCategory, RepairOperationConfig

__all__ = ["RepairCodes"]

_CONFIG = adapter(lambda: models.RepairOperationConfig)
_CONFIGS = adapter(lambda: dict[int, models.RepairOperationConfig])


class RepairCodes(Calls):
    """The methods on repair operations, their categories and fail codes.

    The API file does not declare the responses. An entry that cannot be read raises an error; it
    is not skipped.
    """

    async def get_repair_operation_configs(self) -> dict[int, RepairOperationConfig]:
        """Get the requirements of the repair operations.

        Sends GET /api/internal/Process/GetRepairOperations.

        Returns:
            The categories, fail codes and rules, by the code of the repair operation.
        """
        request = Request(method="GET", template="/api/internal/Process/GetRepairOperations")
        return await self._one(request, _CONFIGS())

    async def get_repair_operation_config(
        self, process_id: UUID | str, process_code: int | None = None
    ) -> RepairOperationConfig:
        """Get the requirements of one repair operation.

        Sends GET /api/internal/Process/GetRepairOperation/{id}.

        Args:
            process_id: Id of the repair operation.
            process_code: Code of a process, passed on to the server; the API file does not say
                what for.

        Returns:
            The categories, fail codes and rules.

        Raises:
            NotFoundError: The server does not know the repair operation.
        """
        if process_code is not None:
            validation.whole_number("process_code", process_code, 0)
        request = Request(
            method="GET",
            template="/api/internal/Process/GetRepairOperation/{id}",
            path={"id": arguments.uuid_text("process_id", process_id)},
            query={"processCode": process_code},
        )
        return await self._one(request, _CONFIG())

    async def get_repair_categories(self, process_code: int | None = None) -> list[RepairCategory]:
        """List the categories of failures, with their fail codes.

        Sends GET /api/internal/Process/GetRepairOperations.

        Args:
            process_code: Code of the repair operation; None takes all repair operations.

        Returns:
            The categories in the order of the server.

        Raises:
            NotFoundError: The server lists no such repair operation.
        """
        configs = await self._configs("process_code", process_code)
        return [category for config in configs for category in config.categories or []]

    async def get_repair_codes(
        self, process_code: int | None = None, category: str | None = None
    ) -> list[str]:
        """List the names of fail codes, each name once.

        Sends GET /api/internal/Process/GetRepairOperations.

        Args:
            process_code: Code of the repair operation; None takes all repair operations.
            category: Name of the category, in the server's spelling; None takes all categories.

        Returns:
            The names in the order of the server. The list also has codes that cannot be used for a
            failure; `get_fail_codes` tells them apart.

        Raises:
            NotFoundError: The server lists no such repair operation or category.
        """
        arguments.optional_text("category", category)
        configs = await self._configs("process_code", process_code)
        if category is not None and category not in _names_of_categories(configs):
            raise NotFoundError(f"category={category!r}: the server lists no such category")
        codes = (code for config in configs for code in config.all_fail_codes())
        wanted = (code.code for code in codes if category in {None, code.category})
        return list(dict.fromkeys(wanted))

    async def get_fail_codes(
        self, repair_code: int = DEFAULT_REPAIR_PROCESS_CODE
    ) -> list[FailCode]:
        """List the fail codes of a repair operation with their categories.

        Sends GET /api/internal/Process/GetRepairOperations.

        Args:
            repair_code: Code of the repair operation.

        Returns:
            The fail codes, category by category.

        Raises:
            NotFoundError: The server lists no such repair operation.
        """
        (config,) = await self._configs(
            "repair_code", validation.whole_number("repair_code", repair_code, 0)
        )
        return config.all_fail_codes()

    async def _configs(self, name: str, code: int | None) -> list[RepairOperationConfig]:
        if code is not None:
            validation.whole_number(name, code, 0)
        configs = await self.get_repair_operation_configs()
        if code is None:
            return list(configs.values())
        if code not in configs:
            raise NotFoundError(f"{name}={code}: the server lists no such repair operation")
        return [configs[code]]


def _names_of_categories(configs: Iterable[RepairOperationConfig]) -> set[str]:
    return {category.description for config in configs for category in config.categories or []}
