"""Query parameters of the software endpoints."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from pywats.sandbox.requests import required_query
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["flag", "number", "required_number", "user_of", "uuid_key", "uuid_keys"]


def uuid_key(text: str) -> str:
    """Return the canonical form of an id.

    Raises:
        ApiError: It is not a UUID (400).
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for an id.") from error


def uuid_keys(text: str) -> list[str]:
    """Return the ids of a list with commas."""
    return [uuid_key(each.strip()) for each in text.split(",")]


def number(request: Request, name: str) -> int | None:
    """Return a number from the query; None if the parameter is missing.

    Raises:
        ApiError: It is not a whole number (400).
    """
    text = request.query_params.get(name)
    try:
        return None if text is None else int(text)
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def required_number(request: Request, name: str) -> int:
    """Return a number that the query must have."""
    required_query(request, name)
    return number(request, name) or 0


def flag(request: Request, name: str) -> bool:
    """Return whether the query says ``true``."""
    return request.query_params.get(name) == "true"


def user_of(request: Request) -> str:
    """Return the name of the user who sent the request."""
    _, _, token = request.headers["authorization"].partition(" ")
    return base64.b64decode(token).decode().partition(":")[0]
