"""Phases and processes of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.errors import NotFoundError
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.http.port import QueryValue
    from pywats.models import UnitPhase, UnitPhaseFlag

__all__ = ["Phases"]

_PHASES = adapter(lambda: list[models.UnitPhase])


class Phases(Calls):
    """The methods on phases and processes of units."""

    async def get_phases(self) -> list[UnitPhase]:
        """List the phases that units can be in (GET /api/internal/Mes/GetUnitPhases).

        Returns:
            The phases in the order of the server.
        """
        request = Request(method="GET", template="/api/internal/Mes/GetUnitPhases")
        return await self._list(request, _PHASES())

    async def get_all_unit_phases(self) -> list[UnitPhase]:
        """List the phases that units can be in; the same as `get_phases`.

        Returns:
            The phases in the order of the server.
        """
        return await self.get_phases()

    async def get_phase(
        self,
        phase_id: UnitPhaseFlag | int | None = None,
        code: str | None = None,
        name: str | None = None,
    ) -> UnitPhase:
        """Find a phase by its number, code or name (GET /api/internal/Mes/GetUnitPhases).

        Args:
            phase_id: Number of the phase.
            code: Code of the phase, in upper or lower case.
            name: Name of the phase, in upper or lower case.

        Returns:
            The phase.

        Raises:
            ValueError: None of the arguments is given, or more than one.
            NotFoundError: The server has no such phase.
        """
        given = {"phase_id": phase_id, "code": code, "name": name}
        if sum(value is not None for value in given.values()) != 1:
            raise ValueError("give one of phase_id, code and name")
        if phase_id is not None:
            return await self._find(_number("phase_id", phase_id), ("phase_id",))
        if code is not None:
            return await self._find(arguments.text("code", code), ("code",))
        return await self.get_phase_by_name(arguments.text("name", name))

    async def get_phase_by_name(self, name: str) -> UnitPhase:
        """Find a phase by its name (GET /api/internal/Mes/GetUnitPhases).

        Args:
            name: Name of the phase, in upper or lower case.

        Returns:
            The phase.

        Raises:
            NotFoundError: The server has no such phase.
        """
        return await self._find(arguments.text("name", name), ("name",))

    async def get_phase_id(self, phase: UnitPhaseFlag | int | str) -> int:
        """Find the number of a phase (GET /api/internal/Mes/GetUnitPhases).

        Args:
            phase: Number of the phase, or its code or name in upper or lower case.

        Returns:
            The number, as ``unit_phase_id`` of a unit has it.

        Raises:
            NotFoundError: The server has no such phase.
        """
        if isinstance(phase, str):
            return (await self._find(arguments.text("phase", phase), ("code", "name"))).phase_id
        return (await self._find(_number("phase", phase), ("phase_id",))).phase_id

    async def set_unit_phase(
        self, serial_number: str, part_number: str, phase: UnitPhaseFlag | int | str
    ) -> JsonValue:
        """Put a unit into a phase (PUT /api/Production/SetUnitPhase).

        A code or a name is looked up first (GET /api/internal/Mes/GetUnitPhases).

        Args:
            serial_number: Serial number.
            part_number: Part number.
            phase: Number of the phase, or its code or name in upper or lower case.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit, or has no such phase.
        """
        query: dict[str, QueryValue | None] = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.text("part_number", part_number),
            "phase": await self.get_phase_id(phase)
            if isinstance(phase, str)
            else _number("phase", phase),
        }
        request = Request(method="PUT", template="/api/Production/SetUnitPhase", query=query)
        return await self._undeclared(request)

    async def set_unit_process(
        self, serial_number: str, part_number: str, process_name: str
    ) -> JsonValue:
        """Put a unit into a process (PUT /api/Production/SetUnitProcess).

        Args:
            serial_number: Serial number.
            part_number: Part number.
            process_name: Name of the process.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.text("part_number", part_number),
            "processName": arguments.text("process_name", process_name),
        }
        request = Request(method="PUT", template="/api/Production/SetUnitProcess", query=query)
        return await self._undeclared(request)

    async def _find(self, wanted: int | str, fields: tuple[str, ...]) -> UnitPhase:
        phases = await self.get_phases()
        for field in fields:
            for phase in phases:
                if _same(getattr(phase, field), wanted):
                    return phase
        known = ", ".join(f"{phase.phase_id:d} {phase.name!r}" for phase in phases)
        raise NotFoundError(
            f"no phase has the {' or '.join(fields)} {wanted!r}; the server has {known}"
        )


def _number(name: str, phase: UnitPhaseFlag | int) -> int:
    return int(validation.whole_number(name, phase, 1))


def _same(found: object, wanted: int | str) -> bool:
    if isinstance(found, str) and isinstance(wanted, str):
        return found.casefold() == wanted.casefold()
    return found == wanted
