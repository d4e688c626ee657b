"""Serial numbers of the server: types, take, reserve, free, import and export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.http.multipart import multipart_file
from pywats.http.port import Request
from pywats.models import SerialNumberFormat
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import json_array
from pywats.services.production.serial_number_response import SerialNumberResponses
from pywats.services.uploads import telling

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pydantic import JsonValue

    from pywats.http.port import QueryValue
    from pywats.models import SerialNumberRange, SerialNumberType
    from pywats.progress import Progress

__all__ = ["SerialNumbers"]

_PUBLIC = "/api/Production/SerialNumbers"
_INTERNAL = "/api/internal/Production"
_TYPES = adapter(lambda: list[models.SerialNumberType])
_ANY = "*/*"


class SerialNumbers(SerialNumberResponses):
    """The methods that take, reserve and free serial numbers."""

    async def get_serial_number_types(self) -> list[SerialNumberType]:
        """List the types of serial numbers (GET /api/Production/SerialNumbers/Types).

        Returns:
            The types in the order of the server.
        """
        return await self._list(Request(method="GET", template=f"{_PUBLIC}/Types"), _TYPES())

    async def take_serial_numbers(
        self,
        type_name: str,
        count: int = 1,
        reference_sn: str | None = None,
        reference_pn: str | None = None,
        station_name: str | None = None,
        *,
        only_in_sequence: bool | None = None,
    ) -> list[str]:
        """Take free serial numbers (POST /api/Production/SerialNumbers/Take).

        If an error says ``may_have_been_executed``, the numbers may be taken: look for them with
        `find_serial_numbers_by_reference` before you take others.

        Args:
            type_name: Name of the type of serial numbers.
            count: Number to take, 1 or more.
            reference_sn: Serial number of the unit that uses them.
            reference_pn: Part number of the unit that uses them.
            station_name: Station that takes them.
            only_in_sequence: True takes numbers without a gap, or none; None leaves it to the
                server.

        Returns:
            The numbers. If fewer are free, the server takes the free ones, so the list may be
            shorter than ``count``, even empty.

        Raises:
            BadRequestError: Too few numbers without a gap are free.
            NotFoundError: The server does not know the type.
        """
        query: dict[str, QueryValue | None] = {
            "serialNumberType": arguments.text("type_name", type_name),
            "quantity": validation.whole_number("count", count, 1),
            "refSN": arguments.optional_text("reference_sn", reference_sn),
            "refPN": arguments.optional_text("reference_pn", reference_pn),
            "stationName": arguments.optional_text("station_name", station_name),
            "onlyInSequence": arguments.optional_boolean("only_in_sequence", only_in_sequence),
            "format": SerialNumberFormat.XML,
        }
        request = Request(method="POST", template=f"{_PUBLIC}/Take", query=query, accept=_ANY)
        return [number.serial_number for number in await self._numbers(request)]

    async def allocate_serial_numbers(
        self,
        type_name: str,
        count: int = 1,
        reference_sn: str | None = None,
        reference_pn: str | None = None,
        station_name: str | None = None,
        *,
        only_in_sequence: bool | None = None,
    ) -> list[str]:
        """Take free serial numbers; the same as `take_serial_numbers`.

        Args:
            type_name: Name of the type of serial numbers.
            count: Number to take, 1 or more.
            reference_sn: Serial number of the unit that uses them.
            reference_pn: Part number of the unit that uses them.
            station_name: Station that takes them.
            only_in_sequence: True takes numbers without a gap, or none; None leaves it to the
                server.

        Returns:
            The numbers; fewer than ``count`` if fewer are free.

        Raises:
            BadRequestError: Too few numbers without a gap are free.
            NotFoundError: The server does not know the type.
        """
        return await self.take_serial_numbers(
            type_name,
            count,
            reference_sn,
            reference_pn,
            station_name,
            only_in_sequence=only_in_sequence,
        )

    async def reserve_serial_numbers(
        self,
        type_name: str,
        count: int = 1,
        only_in_sequence: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        *,
        reference_sn: str | None = None,
        reference_pn: str | None = None,
        site_name: str | None = None,
        station_name: str | None = None,
    ) -> list[str]:
        """Reserve free serial numbers, so that no other client takes them.

        Sends GET /api/internal/Production/GetAndReserveNewSerialNumbers. Unlike other GET requests
        it is not retried, because each request reserves other numbers. `free_serial_numbers` ends
        a reservation.

        Args:
            type_name: Name of the type of serial numbers.
            count: Number to reserve, 1 or more.
            only_in_sequence: True reserves numbers without a gap, or none.
            reference_sn: Serial number of the unit that uses them.
            reference_pn: Part number of the unit that uses them.
            site_name: Site that reserves them.
            station_name: Station that reserves them.

        Returns:
            The numbers.

        Raises:
            BadRequestError: Too few numbers without a gap are free.
            NotFoundError: The server does not know the type.
        """
        # The server requires all keys; a blank value means that none is given.
        query: dict[str, QueryValue | None] = {
            "serialNumberType": arguments.text("type_name", type_name),
            "requestType": "Reserve",
            "batchSize": validation.whole_number("count", count, 1),
            "onlyInSequence": validation.boolean("only_in_sequence", only_in_sequence),
            "refSN": arguments.optional_text("reference_sn", reference_sn) or "",
            "refPN": arguments.optional_text("reference_pn", reference_pn) or "",
            "siteName": arguments.optional_text("site_name", site_name) or "",
            "stationName": arguments.optional_text("station_name", station_name) or "",
            "format": SerialNumberFormat.XML,
        }
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/GetAndReserveNewSerialNumbers",
            query=query,
            accept=_ANY,
            idempotent=False,
        )
        return [number.serial_number for number in await self._numbers(request)]

    async def free_serial_numbers(self, ranges: Iterable[SerialNumberRange]) -> JsonValue:
        """Free reserved serial numbers (PUT /api/internal/Production/SerialNumbers/Free).

        Numbers that are taken stay taken.

        Args:
            ranges: One range or more, each with a type, a start address and an end address.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("ranges", ranges, models.SerialNumberRange)
        for index, item in enumerate(items):
            for field in ("type", "start_address", "end_address"):
                arguments.text(f"ranges[{index}].{field}", getattr(item, field))
        request = Request(
            method="PUT",
            template=f"{_INTERNAL}/SerialNumbers/Free",
            content=json_array(items),
        )
        return await self._undeclared(request)

    async def import_serial_numbers(
        self,
        type_name: str,
        file_content: bytes,
        format: SerialNumberFormat | str = SerialNumberFormat.CSV,
        *,
        progress: Progress = False,
    ) -> JsonValue:
        """Add the serial numbers of a file to a type (PUT /api/Production/SerialNumbers).

        Args:
            type_name: Name of the type of serial numbers.
            file_content: The bytes of the file.
            format: Its format: ``XML`` or ``CSV``.
            progress: True shows the number of bytes sent; a function is called after each 64 KiB
                with this number and the total. A retry begins at 0 again. An exception of the
                function ends the upload.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            BadRequestError: The server does not accept the file.
        """
        file_format = _format(format)
        content, content_type = multipart_file(
            "file",
            f"serial_numbers.{file_format.lower()}",
            arguments.content("file_content", file_content),
        )
        request = Request(
            method="PUT",
            template=_PUBLIC,
            query={
                "serialNumberType": arguments.text("type_name", type_name),
                "format": file_format,
            },
            content=content,
            content_type=content_type,
        )
        with telling(request, progress) as told:
            return await self._undeclared(told)

    async def export_serial_numbers(
        self,
        type_name: str,
        format: SerialNumberFormat | str = SerialNumberFormat.CSV,
        *,
        start_address: str | None = None,
        end_address: str | None = None,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> bytes:
        """Get serial numbers as a file (GET /api/Production/SerialNumbers).

        Args:
            type_name: Name of the type of serial numbers.
            format: Format of the file: ``XML`` or ``CSV``.
            start_address: First number.
            end_address: Last number.
            start_date: Earliest time at which a number was made, with a time zone.
            end_date: Latest time at which a number was made, with a time zone.

        Returns:
            The bytes of the file.

        Raises:
            NotFoundError: The server does not know the type.
        """
        query = {
            "serialNumberType": arguments.text("type_name", type_name),
            "format": _format(format),
            "startAddress": arguments.optional_text("start_address", start_address),
            "endAddress": arguments.optional_text("end_address", end_address),
            "startDate": arguments.optional_time("start_date", start_date),
            "endDate": arguments.optional_time("end_date", end_date),
        }
        return await self._bytes(Request(method="GET", template=_PUBLIC, query=query, accept=_ANY))


def _format(value: SerialNumberFormat | str) -> SerialNumberFormat:
    text = arguments.text("format", value)
    try:
        return SerialNumberFormat(text.upper())
    except ValueError:
        raise ValueError(f"format={value!r}: must be 'XML' or 'CSV'") from None
