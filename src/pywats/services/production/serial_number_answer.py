"""Serial numbers in an answer, which may be XML or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, TypeAdapter

from pywats.models import SerialNumberRecord
from pywats.models.serial_number_xml import read_serial_numbers
from pywats.services.calls import Calls
from pywats.services.decoding import decode, unexpected

if TYPE_CHECKING:
    from pywats.http.port import Request

__all__ = ["SerialNumberAnswers"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _record(value: object) -> object:
    return {"serialNumber": value} if isinstance(value, str) else value


_RECORDS = TypeAdapter(list[SerialNumberRecord])
_ANSWER: TypeAdapter[list[SerialNumberRecord] | str] = TypeAdapter(
    Annotated[
        list[Annotated[SerialNumberRecord, BeforeValidator(_record)]] | str,
        Field(union_mode="left_to_right"),
    ]
)


class SerialNumberAnswers(Calls):
    """Read what the operations on serial numbers answer; the API file does not declare it."""

    async def _numbers(self, request: Request) -> list[SerialNumberRecord]:
        """Return the numbers of an answer; an empty body and null are no numbers.

        Raises:
            WATSDecodeError: It is neither a document in XML (plain or as a JSON string) nor a
                JSON array of numbers or of objects.
        """
        response = await self._port.send(request)
        body = response.content.removeprefix(_BYTE_ORDER_MARK).strip()
        if body in {b"", b"null"}:
            return []
        answer = body if body.startswith(b"<") else decode(_ANSWER, response, request)
        if isinstance(answer, list):
            return answer
        try:
            # As text, because .NET declares the UTF-16 of its strings in a body of UTF-8.
            text = answer.decode() if isinstance(answer, bytes) else answer
            return _RECORDS.validate_python(read_serial_numbers(text))
        except ValueError:
            # Not "from error", see `decode`.
            raise unexpected(response, request, "it is no file of serial numbers") from None
