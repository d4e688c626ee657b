"""The root cause endpoints of the sandbox."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from pydantic import TypeAdapter
from starlette.responses import Response

from pywats.models import TicketStatus, TicketView
from pywats.sandbox.multipart import form_file
from pywats.sandbox.requests import ROW, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.rootcause.store import RootCauseStore

__all__ = ["rootcause_routes"]

_PATH = "/api/RootCause"
_IDS = TypeAdapter(list[str])


def rootcause_routes(store: RootCauseStore) -> list[Route]:
    """Return the routes."""
    api = _RootCauseApi(store)
    return [
        route("GET", f"{_PATH}/Tickets", api.get_tickets),
        route("GET", f"{_PATH}/Ticket", api.get_ticket),
        route("POST", f"{_PATH}/Ticket", api.post_ticket),
        route("PUT", f"{_PATH}/Ticket", api.put_ticket),
        route("POST", f"{_PATH}/ArchiveTickets", api.archive),
        route("GET", f"{_PATH}/Attachment", api.get_attachment),
        route("POST", f"{_PATH}/Attachment", api.post_attachment),
    ]


class _RootCauseApi:
    """The public root cause API."""

    def __init__(self, store: RootCauseStore) -> None:
        self._store = store

    async def get_tickets(self, request: Request) -> Response:
        status = _number(request, "status", 1, sum(TicketStatus))
        view = _number(request, "view", min(TicketView), max(TicketView))
        search = request.query_params.get("searchString", "")
        return json_response(
            self._store.tickets(TicketStatus(status), TicketView(view), search, _user(request))
        )

    async def get_ticket(self, request: Request) -> Response:
        return json_response(self._store.ticket(required_query(request, "ticketId")))

    async def post_ticket(self, request: Request) -> Response:
        return json_response(self._store.create(await json_body(request, ROW), _user(request)))

    async def put_ticket(self, request: Request) -> Response:
        return json_response(self._store.save(await json_body(request, ROW), _user(request)))

    async def archive(self, request: Request) -> Response:
        return json_response(self._store.archive(await json_body(request, _IDS), _user(request)))

    async def get_attachment(self, request: Request) -> Response:
        file = self._store.file(required_query(request, "attachmentId"))
        response = Response(file.content, media_type="application/octet-stream")
        if name := request.query_params.get("fileName"):
            # RFC 6266 section 4.3, RFC 8187.
            response.headers["content-disposition"] = (
                f"attachment; filename*=UTF-8''{quote(name, safe='')}"
            )
        return response

    async def post_attachment(self, request: Request) -> Response:
        content_type = request.headers.get("content-type", "")
        file = form_file(content_type, await request.body())
        return json_response(self._store.upload(file))


def _number(request: Request, name: str, least: int, most: int) -> int:
    text = required_query(request, name)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return int(text)


def _user(request: Request) -> str:
    # The gateway has already checked the credentials of the request (RFC 7617 section 2).
    token = request.headers["authorization"].removeprefix("Basic ")
    return base64.b64decode(token).decode().partition(":")[0]
