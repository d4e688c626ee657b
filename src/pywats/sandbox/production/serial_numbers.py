"""The serial number endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from pywats.sandbox.multipart import form_file
from pywats.sandbox.production.serial_number_file import file_format, read_file, write_file
from pywats.sandbox.production.serial_number_store import Period, Reference
from pywats.sandbox.requests import ROWS, json_body, present_query, required_query, route
from pywats.sandbox.responses import ApiError, json_response, required_text

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.models import SerialNumberFormat
    from pywats.sandbox.production.serial_number_store import SerialNumberStore, State
    from pywats.sandbox.requests import Row

__all__ = ["serial_number_routes"]

_PUBLIC = "/api/Production/SerialNumbers"
_INTERNAL = "/api/internal/Production/SerialNumbers"
_MEDIA_TYPES = {"XML": "application/xml", "CSV": "text/csv"}
_STATES: dict[str, State] = {"take": "taken", "reserve": "reserved"}


def serial_number_routes(store: SerialNumberStore) -> list[Route]:
    """Return the routes."""
    api = _SerialNumberApi(store)
    return [
        route("GET", f"{_PUBLIC}/Types", api.get_types),
        route("POST", f"{_PUBLIC}/Take", api.take),
        route("GET", f"{_PUBLIC}/ByRange", api.get_range),
        route("GET", f"{_PUBLIC}/ByReference", api.get_taken),
        route("GET", _PUBLIC, api.export),
        route("PUT", _PUBLIC, api.upload),
        route("GET", _INTERNAL, api.get_range),
        route("GET", f"{_INTERNAL}/Count", api.get_count),
        route("GET", f"{_INTERNAL}/Ranges", api.get_ranges),
        route("GET", f"{_INTERNAL}/Statistics", api.get_statistics),
        route("PUT", f"{_INTERNAL}/Free", api.free),
        route("GET", "/api/internal/Production/GetAndReserveNewSerialNumbers", api.take_or_reserve),
    ]


class _SerialNumberApi:
    """The public and the internal API of serial numbers."""

    def __init__(self, store: SerialNumberStore) -> None:
        self._store = store

    async def get_types(self, _: Request) -> Response:
        return json_response(self._store.types())

    async def take(self, request: Request) -> Response:
        form = file_format(request.query_params.get("format") or "XML")
        rows = self._hand_out(request, "taken", "quantity")
        return _file(request, rows, form)

    async def take_or_reserve(self, request: Request) -> Response:
        form = file_format(required_query(request, "format"))
        for name in ("refSN", "refPN", "siteName", "stationName"):
            present_query(request, name)
        state = _STATES.get(required_query(request, "requestType").lower())
        if state is None:
            raise ApiError(400, "The requestType is neither Take nor Reserve.")
        required_query(request, "onlyInSequence")
        rows = self._hand_out(request, state, "batchSize")
        return _file(request, rows, form)

    async def get_range(self, request: Request) -> Response:
        required_query(request, "startAddress")
        required_query(request, "endAddress")
        return json_response(self._between(request, "startDate", "endDate"))

    async def get_taken(self, request: Request) -> Response:
        query = request.query_params
        rows = self._store.taken_for(
            required_query(request, "serialNumberType"),
            query.get("refSN"),
            query.get("refPN"),
            Period(query.get("startDate"), query.get("endDate")),
        )
        return json_response(rows)

    async def export(self, request: Request) -> Response:
        form = file_format(required_query(request, "format"))
        return _file(request, self._between(request, "startDate", "endDate"), form)

    async def upload(self, request: Request) -> Response:
        kind = required_query(request, "serialNumberType")
        form = file_format(required_query(request, "format"))
        declared = request.headers.get("content-type", "")
        file = form_file(declared, await request.body())
        texts = read_file(file.content, form)
        return json_response(self._store.add(kind, texts))

    async def get_count(self, request: Request) -> Response:
        return json_response(len(self._between(request, "fromDate", "toDate")))

    async def get_ranges(self, request: Request) -> Response:
        return json_response(self._store.ranges(request.query_params.get("serialNumberType")))

    async def get_statistics(self, request: Request) -> Response:
        return json_response(self._store.statistics(request.query_params.get("serialNumberType")))

    async def free(self, request: Request) -> Response:
        ranges = await json_body(request, ROWS)
        for each in ranges:
            for name in ("type", "startAddress", "endAddress"):
                required_text(each, name)
        return json_response(self._store.free(ranges))

    def _hand_out(self, request: Request, state: State, quantity: str) -> list[Row]:
        query = request.query_params
        count = required_query(request, quantity)
        return self._store.hand_out(
            required_query(request, "serialNumberType"),
            int(count) if count.isdecimal() else 0,
            state,
            Reference(
                query.get("refSN") or None,
                query.get("refPN") or None,
                query.get("stationName") or None,
            ),
            in_sequence=query.get("onlyInSequence") == "true",
        )

    def _between(self, request: Request, start: str, end: str) -> list[Row]:
        query = request.query_params
        return self._store.between(
            required_query(request, "serialNumberType"),
            query.get("startAddress"),
            query.get("endAddress"),
            Period(query.get(start), query.get(end)),
        )


def _file(request: Request, rows: list[Row], form: SerialNumberFormat) -> Response:
    content = write_file(request.query_params["serialNumberType"], rows, form)
    return Response(content, media_type=_MEDIA_TYPES[form])
