"""Reading of requests: JSON bodies and query parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError
from starlette.routing import Route

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["ROW", "ROWS", "Row", "json_body", "present_query", "required_query", "route"]

Row = dict[str, JsonValue]
T = TypeVar("T")

ROW = TypeAdapter(Row)
ROWS = TypeAdapter(list[Row])


def route(method: str, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    """Return a route for one method; path parameters stay percent-encoded."""
    return Route(path, endpoint, methods=[method])


async def json_body(request: Request, adapter: TypeAdapter[T]) -> T:
    """Return the decoded body.

    Raises:
        ApiError: It is not JSON or has another shape (400).
    """
    try:
        return adapter.validate_json(await request.body())
    except ValidationError as error:
        raise ApiError(400, "The request is invalid.") from error


def required_query(request: Request, name: str) -> str:
    """Return a query parameter.

    Raises:
        ApiError: It is missing or empty (400).
    """
    value = request.query_params.get(name)
    if not value:
        raise ApiError(400, f"The {name} parameter is required.")
    return value


def present_query(request: Request, name: str) -> str:
    """Return a query parameter that must be there, but may be empty.

    Raises:
        ApiError: It is missing (400).
    """
    value = request.query_params.get(name)
    if value is None:
        raise ApiError(400, f"The {name} parameter is required.")
    return value
