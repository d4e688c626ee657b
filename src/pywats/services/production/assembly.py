"""Assembly: units that are built into units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["Assembly"]

_PUBLIC = "/api/Production"
_INTERNAL = "/api/internal/Production"


class Assembly(Calls):
    """The methods on parent and child units."""

    async def add_child_to_assembly(
        self,
        parent_serial: str,
        parent_part: str,
        child_serial: str,
        child_part: str,
        *,
        check_part_number: str | None = None,
        check_revision: str | None = None,
    ) -> JsonValue:
        """Build a unit into another unit (POST /api/Production/AddChildUnit).

        The server refuses it if the child has a parent, if the two would form a loop, if the
        child is not finalized (or in the phase that the tag ``PhaseFinalized`` of its revision
        names), or if the box build of the parent does not have the child.

        Args:
            parent_serial: Serial number of the parent.
            parent_part: Part number of the parent.
            child_serial: Serial number of the child.
            child_part: Part number of the child.
            check_part_number: Compare the child with this part number, not with the box build.
            check_revision: Compare it with this revision as well.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: A ``check_revision`` is given without a ``check_part_number``.
            NotFoundError: The server does not know the unit.
            BadRequestError: The server refuses the child.
        """
        query = {
            **_pair(parent_serial, parent_part, child_serial, child_part),
            **_check(check_part_number, check_revision),
        }
        request = Request(method="POST", template=f"{_PUBLIC}/AddChildUnit", query=query)
        return await self._undeclared(request)

    async def add_child_unit_validated(  # noqa: PLR0917 - the places of the catalogue
        self,
        serial_number: str,
        part_number: str,
        child_serial_number: str,
        child_part_number: str,
        check_part_number: str | None,
        check_revision: str | None,
        culture_code: str = "en-US",
        check_phase: bool | None = None,  # noqa: FBT001 - its place in the catalogue
    ) -> JsonValue:
        """Build a unit into another unit (POST /api/internal/Production/AddChildUnit).

        `add_child_to_assembly` has the rules.

        Args:
            serial_number: Serial number of the parent.
            part_number: Part number of the parent.
            child_serial_number: Serial number of the child.
            child_part_number: Part number of the child.
            check_part_number: Compare the child with this part number; None takes the box
                build.
            check_revision: Compare it with this revision; None takes the box build.
            culture_code: Language of the server's messages.
            check_phase: False does not look at the phase of the child; None leaves it to the
                server.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: A ``check_revision`` is given without a ``check_part_number``.
            NotFoundError: The server does not know the unit.
            BadRequestError: The server refuses the child.
        """
        query = {
            **_unit(serial_number, part_number),
            **_child(child_serial_number, child_part_number),
            **_check(check_part_number, check_revision),
            "cultureCode": arguments.text("culture_code", culture_code),
            "checkPhase": arguments.optional_boolean("check_phase", check_phase),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/AddChildUnit", query=query)
        return await self._undeclared(request)

    async def remove_child_from_assembly(
        self, parent_serial: str, parent_part: str, child_serial: str, child_part: str
    ) -> JsonValue:
        """Take a unit out of another unit (POST /api/Production/RemoveChildUnit).

        Args:
            parent_serial: Serial number of the parent.
            parent_part: Part number of the parent.
            child_serial: Serial number of the child.
            child_part: Part number of the child.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit, or they are not parent and child.
        """
        request = Request(
            method="POST",
            template=f"{_PUBLIC}/RemoveChildUnit",
            query=_pair(parent_serial, parent_part, child_serial, child_part),
        )
        return await self._undeclared(request)

    async def remove_child_unit_localized(
        self,
        serial_number: str,
        part_number: str,
        child_serial_number: str,
        child_part_number: str,
        culture_code: str | None = None,
    ) -> JsonValue:
        """Take a unit out of another unit (POST /api/internal/Production/RemoveChildUnit).

        Args:
            serial_number: Serial number of the parent.
            part_number: Part number of the parent.
            child_serial_number: Serial number of the child.
            child_part_number: Part number of the child.
            culture_code: Language of the server's messages, such as ``en-US``.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit, or they are not parent and child.
        """
        query = {
            **_unit(serial_number, part_number),
            **_child(child_serial_number, child_part_number),
            "cultureCode": arguments.optional_text("culture_code", culture_code),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/RemoveChildUnit", query=query)
        return await self._undeclared(request)

    async def remove_all_child_units(
        self, serial_number: str, part_number: str, culture_code: str | None = None
    ) -> JsonValue:
        """Take all units out of a unit (POST /api/internal/Production/RemoveAllChildUnits).

        Args:
            serial_number: Serial number of the parent.
            part_number: Part number of the parent.
            culture_code: Language of the server's messages, such as ``en-US``.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            **_unit(serial_number, part_number),
            "cultureCode": arguments.optional_text("culture_code", culture_code),
        }
        request = Request(method="POST", template=f"{_INTERNAL}/RemoveAllChildUnits", query=query)
        return await self._undeclared(request)

    async def remove_all_children_from_assembly(
        self, parent_serial: str, parent_part: str
    ) -> JsonValue:
        """Take all units out of a unit; the same as `remove_all_child_units`.

        Args:
            parent_serial: Serial number of the parent.
            parent_part: Part number of the parent.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        return await self.remove_all_child_units(
            arguments.text("parent_serial", parent_serial),
            arguments.text("parent_part", parent_part),
        )

    async def verify_assembly(self, serial_number: str, part_number: str) -> JsonValue:
        """Compare the children of a unit with its box build (GET /api/Production/CheckChildUnits).

        The server looks at their phases, part numbers, revisions and quantities.

        Args:
            serial_number: Serial number of the parent.
            part_number: Part number of the parent.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "parentSerialNumber": arguments.text("serial_number", serial_number),
            "parentPartNumber": arguments.text("part_number", part_number),
        }
        request = Request(method="GET", template=f"{_PUBLIC}/CheckChildUnits", query=query)
        return await self._undeclared(request)

    async def validate_child_units(
        self, parent_serial_number: str, parent_part_number: str, culture_code: str = "en-US"
    ) -> JsonValue:
        """Compare the children of a unit with its box build, with messages in a chosen language.

        Sends GET /api/internal/Production/CheckChildUnits.

        Args:
            parent_serial_number: Serial number of the parent.
            parent_part_number: Part number of the parent.
            culture_code: Language of the server's messages.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "ParentSerialNumber": arguments.text("parent_serial_number", parent_serial_number),
            "ParentPartNumber": arguments.text("parent_part_number", parent_part_number),
            "CultureCode": arguments.text("culture_code", culture_code),
        }
        request = Request(method="GET", template=f"{_INTERNAL}/CheckChildUnits", query=query)
        return await self._undeclared(request)


def _unit(serial_number: str, part_number: str) -> dict[str, str]:
    return {
        "serialNumber": arguments.text("serial_number", serial_number),
        "partNumber": arguments.text("part_number", part_number),
    }


def _child(serial_number: str, part_number: str) -> dict[str, str]:
    return {
        "childSerialNumber": arguments.text("child_serial_number", serial_number),
        "childPartNumber": arguments.text("child_part_number", part_number),
    }


def _pair(
    parent_serial: str, parent_part: str, child_serial: str, child_part: str
) -> dict[str, str]:
    return {
        "parentSerialNumber": arguments.text("parent_serial", parent_serial),
        "parentPartNumber": arguments.text("parent_part", parent_part),
        "childSerialNumber": arguments.text("child_serial", child_serial),
        "childPartNumber": arguments.text("child_part", child_part),
    }


def _check(part_number: str | None, revision: str | None) -> dict[str, str]:
    if revision is not None and part_number is None:
        raise ValueError(f"check_revision={revision!r}: give a check_part_number with it")
    # The server requires both keys; a blank value means the part of the box build.
    return {
        "checkPartNumber": arguments.optional_text("check_part_number", part_number) or "",
        "checkRevision": arguments.optional_text("check_revision", revision) or "",
    }
