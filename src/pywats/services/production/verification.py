"""Verification of units by their tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pywats.models import UnitVerificationGrade

__all__ = ["Verification"]

_GRADE = adapter(lambda: models.UnitVerificationGrade)


class Verification(Calls):
    """The methods on the verification of units."""

    async def verify_unit(
        self, serial_number: str, part_number: str | None = None
    ) -> UnitVerificationGrade:
        """Verify a unit by the rule of its product (GET /api/Production/UnitVerification).

        Args:
            serial_number: Serial number.
            part_number: Part number; None if no other product has a unit with that number.

        Returns:
            The grade, with the result of each test operation in the rule.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        query = {
            "serialNumber": arguments.text("serial_number", serial_number),
            "partNumber": arguments.optional_text("part_number", part_number),
        }
        request = Request(method="GET", template="/api/Production/UnitVerification", query=query)
        return await self._one(request, _GRADE())

    async def get_unit_grade(
        self, serial_number: str, part_number: str | None = None
    ) -> UnitVerificationGrade:
        """Verify a unit by the rule of its product; the same as `verify_unit`.

        Args:
            serial_number: Serial number.
            part_number: Part number; None if no other product has a unit with that number.

        Returns:
            The grade, see `verify_unit`.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        return await self.verify_unit(serial_number, part_number)

    async def is_unit_passing(self, serial_number: str, part_number: str | None = None) -> bool:
        """Tell whether a unit passed all its tests (GET /api/Production/UnitVerification).

        Args:
            serial_number: Serial number.
            part_number: Part number; None if no other product has a unit with that number.

        Returns:
            True if the grade has at least one test operation, and the unit passed the last run of
            each. A unit that was never tested is not passing.

        Raises:
            NotFoundError: The server does not know the unit.
        """
        grade = await self.verify_unit(serial_number, part_number)
        return bool(grade.results) and grade.all_processes_passed_last_run is True
