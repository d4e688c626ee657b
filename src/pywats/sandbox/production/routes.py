"""The production endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from pywats.sandbox.production.internal_routes import production_internal_routes
from pywats.sandbox.production.serial_numbers import serial_number_routes
from pywats.sandbox.production.unit_query import unit_of
from pywats.sandbox.requests import ROWS, json_body, present_query, required_query, route
from pywats.sandbox.responses import ApiError, json_response, segment

if TYPE_CHECKING:
    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.production.store import ProductionStore

__all__ = ["production_routes"]

_PUBLIC = "/api/Production"


def production_routes(store: ProductionStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    api = _PublicApi(store)
    return [
        *serial_number_routes(store.serial_numbers),
        route("GET", f"{_PUBLIC}/Unit/{{serialNumber}}/{{partNumber}}", api.get_unit),
        route("PUT", f"{_PUBLIC}/Units", api.put_units),
        route("GET", f"{_PUBLIC}/Units/Changes", api.get_changes),
        route("DELETE", f"{_PUBLIC}/Units/Changes/{{id}}", api.delete_change),
        route("GET", f"{_PUBLIC}/UnitVerification", api.verify),
        route("PUT", f"{_PUBLIC}/SetUnitPhase", api.set_phase),
        route("PUT", f"{_PUBLIC}/SetUnitProcess", api.set_process),
        route("POST", f"{_PUBLIC}/AddChildUnit", api.add_child),
        route("POST", f"{_PUBLIC}/RemoveChildUnit", api.remove_child),
        route("GET", f"{_PUBLIC}/CheckChildUnits", api.check_children),
        route("PUT", f"{_PUBLIC}/Batches", api.put_batches),
        *production_internal_routes(store),
    ]


class _PublicApi:
    """The public production API."""

    def __init__(self, store: ProductionStore) -> None:
        self._store = store
        self._units = store.units

    async def get_unit(self, request: Request) -> Response:
        unit = self._units.find(segment(request, "serialNumber"), segment(request, "partNumber"))
        return json_response(self._store.view.public(unit))

    async def put_units(self, request: Request) -> Response:
        inserted = updated = 0
        errors: list[JsonValue] = []
        for row in await json_body(request, ROWS):
            try:
                new = self._units.save(row)
            except ApiError as error:
                errors.append({"serialNumber": row.get("serialNumber"), "message": error.message})
            else:
                inserted, updated = inserted + new, updated + (not new)
        return json_response(
            {
                "insertCount": inserted,
                "updateCount": updated,
                "errorCount": len(errors),
                "errors": errors,
            }
        )

    async def get_changes(self, request: Request) -> Response:
        return json_response(
            self._units.first_changes(_number(required_query(request, "maxCount")))
        )

    async def delete_change(self, request: Request) -> Response:
        self._units.changes.delete(_number(segment(request, "id")))
        return Response()

    async def verify(self, request: Request) -> Response:
        part_number = request.query_params.get("partNumber")
        unit = self._units.find(required_query(request, "serialNumber"), part_number)
        return json_response(self._store.grade(unit))

    async def set_phase(self, request: Request) -> Response:
        phase = _number(required_query(request, "phase"))
        self._units.update(unit_of(self._units, request), {"unitPhaseId": phase})
        return Response()

    async def set_process(self, request: Request) -> Response:
        name = required_query(request, "processName")
        self._units.update(unit_of(self._units, request), {"process": name})
        return Response()

    async def add_child(self, request: Request) -> Response:
        self._store.assembly.add(
            unit_of(self._units, request, "parent"),
            unit_of(self._units, request, "child"),
            present_query(request, "checkPartNumber"),
            present_query(request, "checkRevision"),
        )
        return Response()

    async def remove_child(self, request: Request) -> Response:
        self._store.assembly.remove(
            unit_of(self._units, request, "parent"), unit_of(self._units, request, "child")
        )
        return Response()

    async def check_children(self, request: Request) -> Response:
        parent = unit_of(self._units, request, "parent")
        return json_response(self._store.assembly.check(parent))

    async def put_batches(self, request: Request) -> Response:
        for row in await json_body(request, ROWS):
            self._units.save_batch(row)
        return Response()


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ApiError(400, f"The value '{text}' is not valid for a number.")
    return int(text)
