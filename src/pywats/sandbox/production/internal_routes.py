"""The internal production endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.production.unit_phases import PHASES
from pywats.sandbox.production.unit_query import unit_of
from pywats.sandbox.requests import present_query, required_query, route
from pywats.sandbox.responses import json_response

if TYPE_CHECKING:
    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from pywats.sandbox.production.store import ProductionStore
    from pywats.sandbox.requests import Row

__all__ = ["production_internal_routes"]

_INTERNAL = "/api/internal/Production"
_SITES: list[Row] = [{"SiteCode": "0000", "Name": "Sandbox"}]


def production_internal_routes(store: ProductionStore) -> list[Route]:
    """Return the routes."""
    api = _InternalApi(store)
    return [
        route("GET", "/api/internal/Mes/GetUnitPhases", api.get_phases),
        route("GET", f"{_INTERNAL}/isConnected", api.is_connected),
        route("GET", f"{_INTERNAL}/GetSites", api.get_sites),
        route("POST", f"{_INTERNAL}/CreateUnit", api.create_unit),
        route("POST", f"{_INTERNAL}/UpdateUnit", api.update_unit),
        route("POST", f"{_INTERNAL}/UpdateUnitAttribute", api.update_attribute),
        route("GET", f"{_INTERNAL}/GetUnitInfo", api.get_info),
        route("GET", f"{_INTERNAL}/GetUnitHierarchy", api.get_hierarchy),
        route("GET", f"{_INTERNAL}/GetUnitContents", api.get_contents),
        route("GET", f"{_INTERNAL}/GetUnitStateHistory", api.get_states),
        route("POST", f"{_INTERNAL}/AddChildUnit", api.add_child),
        route("POST", f"{_INTERNAL}/RemoveChildUnit", api.remove_child),
        route("POST", f"{_INTERNAL}/RemoveAllChildUnits", api.remove_children),
        route("GET", f"{_INTERNAL}/CheckChildUnits", api.check_children),
    ]


class _InternalApi:
    """The internal production API; messages are English for every culture code."""

    def __init__(self, store: ProductionStore) -> None:
        self._store = store
        self._units = store.units

    async def get_phases(self, _: Request) -> Response:
        return json_response(PHASES)

    async def is_connected(self, _: Request) -> Response:
        return json_response(value=True)

    async def get_sites(self, _: Request) -> Response:
        return json_response(_SITES)

    async def create_unit(self, request: Request) -> Response:
        values: Row = {"revision": required_query(request, "revision")}
        if batch := request.query_params.get("batchNumber"):
            values["batchNumber"] = batch
        if phase := request.query_params.get("unitPhase"):
            values["unitPhaseId"] = int(phase) if phase.isdecimal() else phase
        unit = self._units.create(
            required_query(request, "serialNumber"), required_query(request, "partNumber"), values
        )
        return json_response(self._store.view.internal(unit))

    async def update_unit(self, request: Request) -> Response:
        self._units.rename(
            unit_of(self._units, request),
            required_query(request, "newPartNumber"),
            required_query(request, "newRevision"),
        )
        return json_response(value=True)

    async def update_attribute(self, request: Request) -> Response:
        self._units.set_tag(
            unit_of(self._units, request),
            required_query(request, "attributeName"),
            present_query(request, "attributeValue"),
        )
        return json_response(value=True)

    async def get_info(self, request: Request) -> Response:
        return json_response(self._store.view.info(unit_of(self._units, request)))

    async def get_hierarchy(self, request: Request) -> Response:
        unit = unit_of(self._units, request)
        while (parent := self._units.parent(unit)) is not None:
            unit = parent
        return json_response(self._store.view.internal(unit))

    async def get_contents(self, request: Request) -> Response:
        unit = unit_of(self._units, request)
        return json_response(self._store.view.contents(unit, required_query(request, "revision")))

    async def get_states(self, request: Request) -> Response:
        states = self._units.states(unit_of(self._units, request))
        columns: list[list[JsonValue]] = [[*column] for column in zip(*states, strict=True)]
        return json_response(dict(zip(("processes", "phases", "dateTimes"), columns, strict=True)))

    async def add_child(self, request: Request) -> Response:
        required_query(request, "cultureCode")
        child = unit_of(self._units, request, "child")
        self._store.assembly.add(
            unit_of(self._units, request),
            child,
            present_query(request, "checkPartNumber"),
            present_query(request, "checkRevision"),
            check_phase=request.query_params.get("checkPhase") != "false",
        )
        return json_response(f"Unit '{child['serialNumber']}' was added.")

    async def remove_child(self, request: Request) -> Response:
        child = unit_of(self._units, request, "child")
        self._store.assembly.remove(unit_of(self._units, request), child)
        return json_response(f"Unit '{child['serialNumber']}' was removed.")

    async def remove_children(self, request: Request) -> Response:
        self._store.assembly.remove_all(unit_of(self._units, request))
        return json_response("All units were removed.")

    async def check_children(self, request: Request) -> Response:
        required_query(request, "CultureCode")
        parent = unit_of(self._units, request, "Parent")
        return json_response(self._store.assembly.check(parent))
