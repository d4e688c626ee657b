"""The SCIM endpoints of the sandbox (RFC 7644)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from pywats.sandbox.requests import ROW, json_body, route
from pywats.sandbox.responses import ApiError, json_response, segment
from pywats.sandbox.scim.filter import user_filter

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.scim.store import ScimStore

__all__ = ["scim_routes"]

_USERS = "/api/SCIM/v2/Users"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_MEDIA_TYPE = "application/scim+json; charset=utf-8"
_PAGE_SIZE = 100
_DAYS = 90
_CREATED, _NO_CONTENT = 201, 204


def scim_routes(store: ScimStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    api = _ScimApi(store)
    return [
        route("GET", "/api/SCIM/v2/Token", api.get_token),
        route("GET", _USERS, api.get_users),
        route("POST", _USERS, api.post_user),
        route("GET", f"{_USERS}/userName={{userName}}", api.get_user_by_name),
        route("GET", f"{_USERS}/{{id}}", api.get_user),
        route("PATCH", f"{_USERS}/{{id}}", api.patch_user),
        route("DELETE", f"{_USERS}/{{id}}", api.delete_user),
    ]


class _ScimApi:
    """The users and the token for their provisioning."""

    def __init__(self, store: ScimStore) -> None:
        self._store = store

    async def get_token(self, request: Request) -> Response:
        days = _number(request, "duration", _DAYS)
        if days < 1:
            raise ApiError(400, f"The value '{days}' is not valid for duration.")
        return json_response(self._store.token(days))

    async def get_users(self, request: Request) -> Response:
        users = self._store.users()
        if expression := request.query_params.get("filter"):
            users = list(filter(user_filter(expression), users))
        # A number below the minimum counts as the minimum (RFC 7644 section 3.4.2.4).
        start = max(1, _number(request, "startIndex", 1))
        count = max(0, _number(request, "count", _PAGE_SIZE))
        page = users[start - 1 : start - 1 + count]
        return _scim_response(
            {
                "schemas": [_LIST],
                "totalResults": len(users),
                "startIndex": start,
                "itemsPerPage": len(page),
                "Resources": page,
            }
        )

    async def post_user(self, request: Request) -> Response:
        return _scim_response(self._store.create(await json_body(request, ROW)), _CREATED)

    async def get_user_by_name(self, request: Request) -> Response:
        return _scim_response(self._store.user_by_name(segment(request, "userName")))

    async def get_user(self, request: Request) -> Response:
        return _scim_response(self._store.user(segment(request, "id")))

    async def patch_user(self, request: Request) -> Response:
        changes = await json_body(request, ROW)
        return _scim_response(self._store.patch(segment(request, "id"), changes))

    async def delete_user(self, request: Request) -> Response:
        self._store.delete(segment(request, "id"))
        return Response(status_code=_NO_CONTENT)


def _scim_response(value: object, status: int = 200) -> Response:
    response = json_response(value, status)
    response.headers["content-type"] = _MEDIA_TYPE
    return response


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.removeprefix("-").isdecimal():
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return int(text)
