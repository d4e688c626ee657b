"""The process endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.requests import route
from pywats.sandbox.responses import ApiError, json_response, segment

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from pywats.sandbox.process.store import ProcessStore

__all__ = ["process_routes"]

_INTERNAL = "/api/internal/Process"
_KINDS = {
    "Test": "includeTestOperations",
    "Repair": "includeRepairOperations",
    "Wip": "includeWipOperations",
}


def process_routes(store: ProcessStore) -> list[Route]:
    """Return the routes."""
    api = _ProcessApi(store)
    return [
        route("GET", "/api/App/Processes", api.get_public),
        route("GET", f"{_INTERNAL}/GetProcesses", api.get_all),
        route("GET", f"{_INTERNAL}/GetProcess/{{id}}", api.get_one),
        route("GET", f"{_INTERNAL}/GetRepairOperations", api.get_repair_operations),
        route("GET", f"{_INTERNAL}/GetRepairOperation/{{id}}", api.get_repair_operation),
    ]


class _ProcessApi:
    """The operations in the public and in the internal API."""

    def __init__(self, store: ProcessStore) -> None:
        self._store = store

    async def get_public(self, request: Request) -> Response:
        said = {kind: _flag(request, name) for kind, name in _KINDS.items()}
        # If the request includes some kinds, return only these; otherwise all that it does not
        # exclude.
        wanted = [kind for kind, flag in said.items() if flag]
        kinds = wanted or [kind for kind, flag in said.items() if flag is None]
        inactive = _flag(request, "includeInactiveProcesses") is True
        return json_response(self._store.processes(kinds, inactive=inactive))

    async def get_all(self, _: Request) -> Response:
        return json_response(self._store.internal_processes())

    async def get_one(self, request: Request) -> Response:
        return json_response(self._store.internal_process(segment(request, "id")))

    async def get_repair_operations(self, _: Request) -> Response:
        return json_response(self._store.repair_operations())

    async def get_repair_operation(self, request: Request) -> Response:
        return json_response(self._store.repair_operation(segment(request, "id")))


def _flag(request: Request, name: str) -> bool | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if text.lower() not in {"true", "false"}:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return text.lower() == "true"
