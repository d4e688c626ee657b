"""Units: read, add, update."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.errors import WATSError
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls, json_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from pywats.models import SaveUnitsResult, Unit, UnitPhaseFlag

__all__ = ["Units", "UnitsNotSavedError"]

_INTERNAL = "/api/internal/Production"
_UNIT = adapter(lambda: models.Unit)
_RESULT = adapter(lambda: models.SaveUnitsResult)
_SHOWN = 200


class UnitsNotSavedError(WATSError, ValueError):
    """The server did not save all units of a request; it may have saved some of them.

    What to do: correct the units that ``result.errors`` names, and save all of them again.

    Attributes:
        result: The response of the server.
    """

    def __init__(self, result: SaveUnitsResult) -> None:
        errors = json.dumps(result.errors or [], ensure_ascii=False)
        shown = errors if len(errors) <= _SHOWN else errors[:_SHOWN] + "…"
        super().__init__(
            f"PUT /api/Production/Units: the server did not save {result.error_count} of the "
            f"units; it says {shown}"
        )
        # Pickle makes the copy from these arguments.
        self.args = (result,)
        self.result = result


class Units(Calls):
    """The methods on whole units."""

    async def get_unit(self, serial_number: str, part_number: str) -> Unit:
        """Get a unit and its subunits (GET /api/Production/Unit/{serialNumber}/{partNumber}).

        Args:
            serial_number: Serial number.
            part_number: Part number.

        Returns:
            The unit.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        request = Request(
            method="GET",
            template="/api/Production/Unit/{serialNumber}/{partNumber}",
            path={
                "serialNumber": arguments.text("serial_number", serial_number),
                "partNumber": arguments.text("part_number", part_number),
            },
        )
        return await self._one(request, _UNIT())

    async def create_units(self, units: Iterable[Unit]) -> SaveUnitsResult:
        """Add or update units by serial number (PUT /api/Production/Units).

        All fields that were received or set are sent; the server ignores ``tags`` and
        ``unit_phase``.

        Args:
            units: One unit or more, each with a serial number and a part number.

        Returns:
            How many units the server added and updated.

        Raises:
            UnitsNotSavedError: The server did not save all of them; see its ``result``.
        """
        items = arguments.instances("units", units, models.Unit)
        for index, unit in enumerate(items):
            arguments.text(f"units[{index}].serial_number", unit.serial_number)
            arguments.text(f"units[{index}].part_number", unit.part_number)
        request = Request(method="PUT", template="/api/Production/Units", content=json_array(items))
        result = await self._one(request, _RESULT())
        if result.error_count:
            raise UnitsNotSavedError(result)
        return result

    async def update_unit(self, unit: Unit) -> SaveUnitsResult:
        """Save a unit (PUT /api/Production/Units).

        Args:
            unit: A unit that was read and changed.

        Returns:
            How many units the server added and updated; the API does not send the unit back.

        Raises:
            UnitsNotSavedError: The server did not save it; see its ``result``.
        """
        return await self.create_units([arguments.instance("unit", unit, models.Unit)])

    async def create_unit(
        self,
        serial_number: str,
        part_number: str,
        revision: str,
        batch_number: str | None = None,
        unit_phase: UnitPhaseFlag | int | None = None,
    ) -> JsonValue:
        """Add a unit (POST /api/internal/Production/CreateUnit).

        Args:
            serial_number: Serial number.
            part_number: Part number.
            revision: Revision of the product.
            batch_number: Number of the batch it belongs to.
            unit_phase: Its phase; None leaves it to the server.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ConflictError: There is such a unit already.
        """
        query = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.text("revision", revision),
            "batchNumber": arguments.optional_text("batch_number", batch_number),
            "unitPhase": None
            if unit_phase is None
            else validation.whole_number("unit_phase", unit_phase, 1),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/CreateUnit", query=query)
        return await self._undeclared(request)

    async def change_unit_part_number(
        self, serial_number: str, part_number: str, new_part_number: str, new_revision: str
    ) -> JsonValue:
        """Give a unit another part number and revision (POST /api/internal/Production/UpdateUnit).

        Args:
            serial_number: Serial number.
            part_number: Part number that it has.
            new_part_number: Part number that it gets.
            new_revision: Revision that it gets.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.text("part_number", part_number),
            "newPartNumber": arguments.text("new_part_number", new_part_number),
            "newRevision": arguments.text("new_revision", new_revision),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/UpdateUnit", query=query)
        return await self._undeclared(request)

    async def set_unit_tag(
        self, serial_number: str, part_number: str, key: str, value: str
    ) -> JsonValue:
        """Add a tag to a unit, or give a tag another value.

        Sends POST /api/internal/Production/UpdateUnitAttribute.

        Args:
            serial_number: Serial number.
            part_number: Part number.
            key: Name of the tag.
            value: Value of the tag; may be empty.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.text("part_number", part_number),
            "attributeName": arguments.text("key", key),
            "attributeValue": validation.encodable(
                "value", arguments.instance("value", value, str)
            ),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/UpdateUnitAttribute", query=query)
        return await self._undeclared(request)
