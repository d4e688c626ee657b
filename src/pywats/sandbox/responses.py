"""Responses in the forms of a WATS server: JSON and errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pydantic import ValidationError
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, JsonValue
    from starlette.requests import Request

__all__ = [
    "ApiError",
    "error_response",
    "json_response",
    "required_text",
    "segment",
    "well_formed",
]


class ApiError(Exception):
    """An error that the sandbox sends as ``{"Message": …}``, the form of ASP.NET.

    Args:
        status: The HTTP status.
        message: The text for ``Message``.
        headers: Further headers of the response.
    """

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def json_response(value: object, status: int = 200) -> Response:
    """Return a JSON response."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, media_type="application/json; charset=utf-8")


def error_response(error: ApiError) -> Response:
    """Return the response for an error."""
    response = json_response({"Message": error.message}, error.status)
    response.headers.update(dict(error.headers or {}))
    return response


def segment(request: Request, name: str) -> str:
    """Return a path parameter with its percent-encoding removed."""
    return unquote(request.path_params[name])


def required_text(row: Mapping[str, JsonValue], name: str) -> str:
    """Return a text that the body of a request must have.

    Raises:
        ApiError: It is missing or empty (400).
    """
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(400, f"The {name} field is required.")
    return value


def well_formed(row: Mapping[str, JsonValue], model: type[BaseModel]) -> None:
    """Check the properties of a row that came in the body of a request.

    Raises:
        ApiError: It does not fit the model (400).
    """
    try:
        model.model_validate(dict(row))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ApiError(400, f"The request is invalid: {first['msg']} at {place}.") from error
