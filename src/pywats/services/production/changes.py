"""Queue of the changes of units, for systems that follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.port import Request
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.models import UnitChange

__all__ = ["Changes"]

_CHANGES = adapter(lambda: list[models.UnitChange])


class Changes(Calls):
    """The methods on changes of units."""

    async def get_unit_changes(self, max_count: int = 100) -> list[UnitChange]:
        """List changes that were not handled yet (GET /api/Production/Units/Changes).

        The changes stay until `acknowledge_unit_change` deletes them.

        Args:
            max_count: Largest number of changes to list, 1 or more.

        Returns:
            The changes of all units in the order of the server.
        """
        request = Request(
            method="GET",
            template="/api/Production/Units/Changes",
            query={"maxCount": validation.whole_number("max_count", max_count, 1)},
        )
        return await self._list(request, _CHANGES())

    async def acknowledge_unit_change(self, change_id: int) -> JsonValue:
        """Delete a change that was handled (DELETE /api/Production/Units/Changes/{id}).

        Args:
            change_id: Id of the change.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The change does not exist.
        """
        number = validation.whole_number("change_id", change_id, 0)
        request = Request(
            method="DELETE",
            template="/api/Production/Units/Changes/{id}",
            path={"id": str(number)},
        )
        return await self._undeclared(request)

    async def delete_unit_change(self, change_id: int) -> JsonValue:
        """Delete a change that was handled; the same as `acknowledge_unit_change`.

        Args:
            change_id: Id of the change.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The change does not exist.
        """
        return await self.acknowledge_unit_change(change_id)
