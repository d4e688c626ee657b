"""Requests to operations that no service has a method for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args
from urllib.parse import parse_qsl

from pydantic import JsonValue, TypeAdapter

from pywats import validation
from pywats.http.port import Method, Request, Response
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.decoding import decode_undeclared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.http.port import QueryValue

__all__ = ["RawResponse", "RawService"]

_METHODS: dict[str, Method] = {each: each for each in get_args(Method)}
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HEADER_VALUE = re.compile(r"[!-~]+(?:[ \t]+[!-~]+)*")
_PATH = re.compile(r"/(?!/)[!$-;=?-\[\]^_a-z{|}~]*")


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A response with a 2xx status.

    Attributes:
        status: The HTTP status.
        content: The body, decoded from its content encoding.
        content_type: The media type in lower case, without parameters.
    """

    status: int
    content: bytes = field(repr=False)
    content_type: str
    _response: Response = field(repr=False, compare=False)
    _request: Request = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not UTF-8 become replacement characters."""
        return self.content.decode(errors="replace")

    def json(self) -> JsonValue:
        """Decode the body.

        Returns:
            The JSON value; None for an empty body.

        Raises:
            WATSDecodeError: The body is not JSON.
        """
        return decode_undeclared(self._response, self._request)


class RawService(Calls):
    """Send any request with the id, the span, the limits and the errors of the services."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        query: Mapping[str, QueryValue | None] | None = None,
        json: JsonValue = None,
        content: bytes | None = None,
        content_type: str | None = None,
        accept: str = "application/json",
        idempotent: bool | None = None,
    ) -> RawResponse:
        """Send a request to the server and receive its response.

        Args:
            method: HTTP method.
            path: Path on the server, such as ``/api/App/Version``. ``{name}`` stands for a value
                of ``parameters``: the span then has the path without the value.
            parameters: Values for the names in ``path``; each is percent-encoded as one segment.
            query: Query parameters; a value of None is left out.
            json: Body, encoded as JSON; None for no body.
            content: Body as bytes, in place of ``json``.
            content_type: Media type of the body; None is ``application/json``.
            accept: Media types that the response may have.
            idempotent: True if it is safe to send the request twice, False if it is not; None
                decides by the method (RFC 9110 section 9.2.2). A request that is not idempotent is
                not sent again if it may have been executed.

        Returns:
            The response, with a 2xx status.

        Raises:
            TypeError: An argument is of the wrong type.
            ValueError: An argument is not as described.
            WATSError: The status is not 2xx, or no response arrived.
        """
        return await self._sent(
            _request(
                method,
                path,
                dict(parameters or {}),
                _encodable(query or {}),
                _body(json, content),
                None if content_type is None else _media_types("content_type", content_type),
                _media_types("accept", accept),
                arguments.optional_boolean("idempotent", idempotent),
            )
        )

    async def _sent(self, request: Request) -> RawResponse:
        response = await self._port.send(request)
        return RawResponse(
            response.status, response.content, response.content_type, response, request
        )


def _request(  # noqa: PLR0917 - one for each part of a request
    method: str,
    path: str,
    parameters: dict[str, str],
    query: Mapping[str, QueryValue | None],
    content: bytes | None,
    content_type: str | None,
    accept: str,
    idempotent: bool | None,  # noqa: FBT001 - see above
) -> Request:
    verb = _METHODS.get(arguments.text("method", method).upper())
    if verb is None:
        raise ValueError(f"method={method!r}: must be one of {', '.join(_METHODS)}")
    if _PATH.fullmatch(arguments.text("path", path)) is None:
        raise ValueError(
            f"path={path!r}: must begin with one '/' and hold what a URL may hold, other "
            "characters percent-encoded; without scheme, host and fragment"
        )
    template, _, given = path.partition("?")
    names = set(_PARAMETER.findall(template))
    if names != parameters.keys() or re.search(r"[{}]", _PARAMETER.sub("", template)):
        raise ValueError(
            f"path={path!r}: its names in braces must be the names in parameters="
            f"{sorted(parameters)!r}"
        )
    texts = {name: arguments.text(f"parameters[{name!r}]", parameters[name]) for name in names}
    merged: dict[str, QueryValue | None] = {}
    for name, value in parse_qsl(given, keep_blank_values=True):
        earlier = merged.get(name)
        merged[name] = [*earlier, value] if isinstance(earlier, list) else [value]
    return Request(
        method=verb,
        template=template,
        path=texts,
        query={**merged, **query},
        content=content,
        content_type=content_type or "application/json",
        accept=accept,
        idempotent=idempotent,
    )


def _media_types(name: str, value: object) -> str:
    text = arguments.text(name, value)
    if _HEADER_VALUE.fullmatch(text) is None:
        raise ValueError(f"{name}={text!r}: must be a media type such as application/json")
    return text


def _encodable(query: Mapping[str, QueryValue | None]) -> Mapping[str, QueryValue | None]:
    for name, value in query.items():
        validation.encodable("a name in query", name)
        values = [value] if isinstance(value, str) else value
        if isinstance(values, list | tuple):
            for each in values:
                if isinstance(each, str):
                    validation.encodable(f"query[{name!r}]", each)
    return query


def _body(json: JsonValue, content: bytes | None) -> bytes | None:
    if json is None:
        return None if content is None else arguments.content("content", content)
    if content is not None:
        raise ValueError("give either json or content")
    return _JSON.dump_json(_JSON.validate_python(json))
