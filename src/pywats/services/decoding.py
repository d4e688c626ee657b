"""Decode responses into models, or raise a `WATSDecodeError` that describes the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import JsonValue, TypeAdapter, ValidationError

from pywats.errors import WATSDecodeError
from pywats.models.model_list import ModelList
from pywats.redaction import one_line

if TYPE_CHECKING:
    from pywats.http.port import Request, Response
    from pywats.models import WATSModel

__all__ = ["decode", "decode_list", "decode_or_sent", "decode_undeclared", "unexpected"]

T = TypeVar("T")
M = TypeVar("M", bound="WATSModel")

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
# A media type may have 127 characters on each side of the slash (RFC 6838 section 4.2).
_TYPE = 255
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(adapter: TypeAdapter[T], response: Response, request: Request) -> T:
    """Decode the JSON body of a response.

    Args:
        adapter: The type that the API promises.
        response: The response.
        request: The request that it belongs to, for the error message.

    Returns:
        The decoded value.

    Raises:
        WATSDecodeError: The body is empty, is not JSON, or has another shape.
    """
    try:
        value = adapter.validate_json(_body(response))
    except ValidationError as error:
        problem = _first(error)
    else:
        # A ModelList is a list with the same items, so it has the type of the adapter.
        return cast("T", ModelList(value)) if isinstance(value, list) else value
    # Raised outside the handler, so that the error has no context: pydantic's message and frames
    # contain the input, which may hold a secret that the server echoed.
    raise unexpected(response, request, problem)


def decode_list(adapter: TypeAdapter[list[T]], response: Response, request: Request) -> list[T]:
    """Decode a JSON array; an empty body and null are an empty list.

    Raises:
        WATSDecodeError: The body is not JSON or has another shape.
    """
    return [] if _body(response) in {b"", b"null"} else decode(adapter, response, request)


def decode_undeclared(response: Response, request: Request) -> JsonValue:
    """Decode a response whose shape the API file does not declare; an empty body is None.

    Raises:
        WATSDecodeError: The body is not JSON.
    """
    return decode(_JSON, response, request) if _body(response) else None


def decode_or_sent(adapter: TypeAdapter[M], response: Response, request: Request, sent: M) -> M:
    """Decode an undeclared response to a save: the saved object, or the sent one if it is missing.

    Raises:
        WATSDecodeError: The body is not JSON, or an object of another shape.
    """
    if isinstance(decode_undeclared(response, request), dict):
        return decode(adapter, response, request)
    return sent


def unexpected(response: Response, request: Request, problem: str) -> WATSDecodeError:
    """Return the error for a response that is not what the API promises.

    Args:
        response: The response.
        request: The request that it belongs to.
        problem: Problem of the body; it may contain names of keys.
    """
    declared = one_line(response.content_type, response.secrets, limit=_TYPE) or "no content type"
    body = f"{len(response.content)} bytes of {declared}" if response.content else "an empty body"
    shown = "" if request.secret_response else response.excerpt()
    message = (
        f"{request.method} {request.template} returned {response.status} with {body}, "
        f"which is not what the API promises: {one_line(problem, response.secrets)}"
    )
    error = WATSDecodeError(
        f"{message}; it starts {shown!r}" if shown else message,
        status=response.status,
        excerpt=shown,
        may_have_been_executed=request.changes_data,
    )
    if response.correlation_id is not None:
        # In a sync call the engine sets the id; outside of it no other code does.
        error.correlation_id = response.correlation_id
        error.add_note(f"correlation_id={response.correlation_id}")
    return error


def _body(response: Response) -> bytes:
    return response.content.removeprefix(_BYTE_ORDER_MARK).strip()


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{first['msg']} at {place}" if place else first["msg"]
