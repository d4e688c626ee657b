"""From the bytes of an answer to models, or to a `WATSDecodeError` that says what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from pywats.errors import WATSDecodeError

if TYPE_CHECKING:
    from pywats.http.port import Request, Response
    from pywats.models import WATSModel

__all__ = ["decode", "decode_list", "decode_or_sent", "decode_undeclared", "unexpected"]

T = TypeVar("T")
M = TypeVar("M", bound="WATSModel")

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(adapter: TypeAdapter[T], response: Response, request: Request) -> T:
    """Decode the JSON body of an answer.

    Args:
        adapter: What the API promises.
        response: The answer.
        request: The request it answers, for the error message.

    Returns:
        The decoded value.

    Raises:
        WATSDecodeError: The body is empty, is not JSON, or has another shape.
    """
    try:
        return adapter.validate_json(_body(response))
    except ValidationError as error:
        # Not "from error": pydantic repeats the input, which may hold a secret the server echoed.
        raise unexpected(response, request, _first(error)) from None


def decode_list(adapter: TypeAdapter[list[T]], response: Response, request: Request) -> list[T]:
    """Decode a JSON array; an empty body and null are an empty list.

    Raises:
        WATSDecodeError: The body is not JSON or has another shape.
    """
    return [] if _body(response) in {b"", b"null"} else decode(adapter, response, request)


def decode_undeclared(response: Response, request: Request) -> JsonValue:
    """Decode an answer whose shape the API file does not declare; an empty body is None.

    Raises:
        WATSDecodeError: The body is not JSON.
    """
    return decode(_JSON, response, request) if _body(response) else None


def decode_or_sent(adapter: TypeAdapter[M], response: Response, request: Request, sent: M) -> M:
    """Decode an undeclared answer to a save: the saved object if one came, else what was sent.

    Raises:
        WATSDecodeError: The body is not JSON, or an object of another shape.
    """
    if isinstance(decode_undeclared(response, request), dict):
        return decode(adapter, response, request)
    return sent


def unexpected(response: Response, request: Request, problem: str) -> WATSDecodeError:
    """Return the error for an answer that is not what the API promises.

    Args:
        response: The answer.
        request: The request it answers.
        problem: What is wrong with the body, without any of its content.
    """
    declared = response.content_type or "no content type"
    body = f"{len(response.content)} bytes of {declared}" if response.content else "an empty body"
    shown = "" if request.secret_answer else response.excerpt()
    message = (
        f"{request.method} {request.template} answered {response.status} with {body}, "
        f"which is not what the API promises: {problem}"
    )
    error = WATSDecodeError(
        f"{message}; it starts {shown!r}" if shown else message,
        status=response.status,
        excerpt=shown,
        may_have_been_executed=request.changes_data,
    )
    if response.correlation_id is not None:
        # Where no sync call is running, nobody else puts it there.
        error.correlation_id = response.correlation_id
        error.add_note(f"correlation_id={response.correlation_id}")
    return error


def _body(response: Response) -> bytes:
    return response.content.removeprefix(_BYTE_ORDER_MARK).strip()


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{first['msg']} at {place}" if place else first["msg"]
