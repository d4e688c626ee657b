"""Search of serial numbers: by range, by unit, and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.production.serial_number_response import SerialNumberResponses

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

    from pywats.models import SerialNumberRange, SerialNumberRecord

__all__ = ["SerialNumberSearch"]

_PUBLIC = "/api/Production/SerialNumbers"
_INTERNAL = "/api/internal/Production/SerialNumbers"
_COUNT = TypeAdapter(int)
_RANGES = adapter(lambda: list[models.SerialNumberRange])
_ANY = "*/*"


class SerialNumberSearch(SerialNumberResponses):
    """The methods that look for serial numbers."""

    async def find_serial_numbers_in_range(
        self,
        type_name: str,
        from_serial: str,
        to_serial: str,
        *,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> list[SerialNumberRecord]:
        """List the serial numbers of a range (GET /api/Production/SerialNumbers/ByRange).

        Args:
            type_name: Name of the type of serial numbers.
            from_serial: First number.
            to_serial: Last number.
            start_date: Earliest time at which a number was made, with a time zone.
            end_date: Latest time at which a number was made, with a time zone.

        Returns:
            The numbers in the order of the server.

        Raises:
            NotFoundError: The server does not know the type.
        """
        query = {
            "serialNumberType": arguments.text("type_name", type_name),
            "startAddress": arguments.text("from_serial", from_serial),
            "endAddress": arguments.text("to_serial", to_serial),
            "startDate": arguments.optional_time("start_date", start_date),
            "endDate": arguments.optional_time("end_date", end_date),
        }
        request = Request(method="GET", template=f"{_PUBLIC}/ByRange", query=query, accept=_ANY)
        return await self._numbers(request)

    async def find_serial_numbers_by_reference(
        self,
        type_name: str,
        reference_serial: str | None = None,
        reference_part: str | None = None,
        *,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> list[SerialNumberRecord]:
        """List the serial numbers taken for a unit (GET /api/Production/SerialNumbers/ByReference).

        Args:
            type_name: Name of the type of serial numbers.
            reference_serial: Serial number of the unit that they were taken for.
            reference_part: Part number of the unit that they were taken for.
            start_date: Earliest time at which a number was made, with a time zone.
            end_date: Latest time at which a number was made, with a time zone.

        Returns:
            The numbers in the order of the server.

        Raises:
            ValueError: Neither ``reference_serial`` nor ``reference_part`` is given.
            NotFoundError: The server does not know the type.
        """
        if reference_serial is None and reference_part is None:
            raise ValueError("give a reference_serial, a reference_part or both")
        query = {
            "serialNumberType": arguments.text("type_name", type_name),
            "refSN": arguments.optional_text("reference_serial", reference_serial),
            "refPN": arguments.optional_text("reference_part", reference_part),
            "startDate": arguments.optional_time("start_date", start_date),
            "endDate": arguments.optional_time("end_date", end_date),
        }
        request = Request(method="GET", template=f"{_PUBLIC}/ByReference", query=query, accept=_ANY)
        return await self._numbers(request)

    async def find_serial_numbers(
        self,
        serial_number_type: str,
        start_address: str,
        end_address: str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> list[SerialNumberRecord]:
        """List the serial numbers of a range (GET /api/internal/Production/SerialNumbers).

        Args:
            serial_number_type: Name of the type of serial numbers.
            start_address: First number.
            end_address: Last number.
            start_date: Earliest time at which a number was made, with a time zone.
            end_date: Latest time at which a number was made, with a time zone.

        Returns:
            The numbers in the order of the server.

        Raises:
            NotFoundError: The server does not know the type.
        """
        query = {
            "serialNumberType": arguments.text("serial_number_type", serial_number_type),
            "startAddress": arguments.text("start_address", start_address),
            "endAddress": arguments.text("end_address", end_address),
            "startDate": arguments.optional_time("start_date", start_date),
            "endDate": arguments.optional_time("end_date", end_date),
        }
        return await self._numbers(
            Request(method="GET", template=_INTERNAL, query=query, accept=_ANY)
        )

    async def get_serial_number_count(
        self,
        serial_number_type: str,
        start_address: str | None = None,
        end_address: str | None = None,
        from_date: datetime | None = None,
        to_date: datetime | None = None,
    ) -> int:
        """Count the serial numbers that an export would have.

        Sends GET /api/internal/Production/SerialNumbers/Count.

        Args:
            serial_number_type: Name of the type of serial numbers.
            start_address: First number.
            end_address: Last number.
            from_date: Earliest time at which a number was made, with a time zone.
            to_date: Latest time at which a number was made, with a time zone.

        Returns:
            How many there are.

        Raises:
            NotFoundError: The server does not know the type.
        """
        query = {
            "serialNumberType": arguments.text("serial_number_type", serial_number_type),
            "startAddress": arguments.optional_text("start_address", start_address),
            "endAddress": arguments.optional_text("end_address", end_address),
            "fromDate": arguments.optional_time("from_date", from_date),
            "toDate": arguments.optional_time("to_date", to_date),
        }
        return await self._one(
            Request(method="GET", template=f"{_INTERNAL}/Count", query=query), _COUNT
        )

    async def get_serial_number_ranges(
        self, serial_number_type: str | None = None
    ) -> list[SerialNumberRange]:
        """List the ranges of serial numbers (GET /api/internal/Production/SerialNumbers/Ranges).

        Args:
            serial_number_type: Name of the type of serial numbers; None for all types.

        Returns:
            The ranges, with how many numbers of each are free, reserved and taken.
        """
        query = {
            "serialNumberType": arguments.optional_text("serial_number_type", serial_number_type)
        }
        return await self._list(
            Request(method="GET", template=f"{_INTERNAL}/Ranges", query=query), _RANGES()
        )

    async def get_serial_number_statistics(
        self, serial_number_type: str | None = None
    ) -> JsonValue:
        """Get figures on a type of serial numbers.

        Sends GET /api/internal/Production/SerialNumbers/Statistics.

        Args:
            serial_number_type: Name of the type of serial numbers; None for all types.

        Returns:
            The server's response; the API file does not declare it.
        """
        query = {
            "serialNumberType": arguments.optional_text("serial_number_type", serial_number_type)
        }
        return await self._undeclared(
            Request(method="GET", template=f"{_INTERNAL}/Statistics", query=query)
        )
