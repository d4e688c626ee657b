"""Unit details of the internal API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["UnitDetails"]

_INTERNAL = "/api/internal/Production"


class UnitDetails(Calls):
    """The methods that read one unit through the internal API."""

    async def get_unit_info(self, serial_number: str, part_number: str) -> JsonValue:
        """Get a unit and its related units.

        Sends GET /api/internal/Production/GetUnitInfo.

        Args:
            serial_number: Serial number.
            part_number: Part number.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        return await self._detail("GetUnitInfo", serial_number, part_number)

    async def get_unit_hierarchy(self, serial_number: str, part_number: str) -> JsonValue:
        """Get the tree of units that a unit is part of.

        Sends GET /api/internal/Production/GetUnitHierarchy.

        Args:
            serial_number: Serial number.
            part_number: Part number.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        return await self._detail("GetUnitHierarchy", serial_number, part_number)

    async def get_unit_state_history(self, serial_number: str, part_number: str) -> JsonValue:
        """Get the processes and phases that a unit was in.

        Sends GET /api/internal/Production/GetUnitStateHistory.

        Args:
            serial_number: Serial number.
            part_number: Part number.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        return await self._detail("GetUnitStateHistory", serial_number, part_number)

    async def get_unit_contents(
        self, serial_number: str, part_number: str, revision: str
    ) -> JsonValue:
        """Get the box build of a unit with the units built into it.

        Sends GET /api/internal/Production/GetUnitContents.

        Args:
            serial_number: Serial number.
            part_number: Part number.
            revision: Revision of the product.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        arguments.text("revision", revision)
        return await self._detail("GetUnitContents", serial_number, part_number, revision)

    async def _detail(
        self, operation: str, serial_number: str, part_number: str, revision: str | None = None
    ) -> JsonValue:
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/{operation}",
            query={
                "serialNumber": arguments.text("serial_number", serial_number),
                "partNumber": arguments.text("part_number", part_number),
                "revision": revision,
            },
        )
        return await self._undeclared(request)
