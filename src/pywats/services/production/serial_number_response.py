"""Serial numbers in a response, which may be XML or JSON."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, TypeAdapter

from pywats.models import SerialNumberRecord
from pywats.models.production.serial_number_xml import read_serial_numbers
from pywats.redaction import without_locals_on_failure
from pywats.services.calls import Calls
from pywats.services.decoding import decode, unexpected

if TYPE_CHECKING:
    from pywats.http.port import Request, Response

__all__ = ["SerialNumberResponses"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _record(value: object) -> object:
    return {"serialNumber": value} if isinstance(value, str) else value


_RECORDS = TypeAdapter(list[SerialNumberRecord])
_RESPONSE: TypeAdapter[list[SerialNumberRecord] | str] = TypeAdapter(
    Annotated[
        list[Annotated[SerialNumberRecord, BeforeValidator(_record)]] | str,
        Field(union_mode="left_to_right"),
    ]
)


class SerialNumberResponses(Calls):
    """Read the responses of serial number operations, which the API file does not declare."""

    async def _numbers(self, request: Request) -> list[SerialNumberRecord]:
        """Return the numbers of a response; an empty list for an empty body and null.

        Raises:
            WATSDecodeError: The body is neither an XML document (plain or as a JSON string) nor a
                JSON array of numbers or of objects.
        """
        return _read(await self._port.send(request), request)


# The locals are removed from errors: the body may contain a secret that the server echoed.
@without_locals_on_failure
def _read(response: Response, request: Request) -> list[SerialNumberRecord]:
    body = response.content.removeprefix(_BYTE_ORDER_MARK).strip()
    if body in {b"", b"null"}:
        return []
    content = body if body.startswith(b"<") else decode(_RESPONSE, response, request)
    if isinstance(content, list):
        return content
    with suppress(ValueError):
        # As text, because .NET declares the UTF-16 of its strings in a body of UTF-8.
        text = content.decode() if isinstance(content, bytes) else content
        return _RECORDS.validate_python(read_serial_numbers(text))
    # Raised outside the handler, see `decode`.
    raise unexpected(response, request, "it is not a file of serial numbers")
