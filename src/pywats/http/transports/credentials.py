"""Find the credentials that a request and its transport send, so that they can be redacted."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from pywats.redaction import (
    Secrets,
    basic_secrets,
    is_secret_header,
    is_secret_query_key,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import httpx

__all__ = ["secrets_of", "secrets_of_proxy", "with_safe_reason"]

_SEPARATORS: Final = re.compile(r"[;,\s]+")
_SHORTEST: Final = 6
_PHRASES: Final = {status.value: status.phrase.encode() for status in HTTPStatus}


def secrets_of(request: httpx.Request) -> Secrets:
    """Return the credentials in the headers and in the query of a request.

    Each is in the form in which it is sent, and decoded.
    """
    headers, url = request.headers.raw, request.url
    return Secrets.later(lambda: (*_secrets_in(headers), *_secrets_in_query(url.query)))


def secrets_of_proxy(transport: object) -> Secrets:
    """Return the credentials that a transport of httpx sends to its proxy."""
    pool = getattr(transport, "_pool", None)
    return Secrets(_secrets_in(getattr(pool, "_proxy_headers", ())))


def with_safe_reason(
    extensions: Mapping[str, object], status: int, secrets: Secrets
) -> Mapping[str, object]:
    """Return the extensions of a response with its reason phrase redacted.

    httpx shows the reason phrase in the ``repr`` of a response and in `httpx.HTTPStatusError`.

    Args:
        extensions: The extensions as they were received.
        status: The status of the response.
        secrets: The credentials, which the server may repeat.
    """
    reason = extensions.get("reason_phrase")
    if not isinstance(reason, bytes) or reason == _PHRASES.get(status, b""):
        return extensions
    # httpx shows ASCII characters only.
    shown = one_line(reason.decode("ascii", errors="ignore"), secrets)
    return {**extensions, "reason_phrase": shown.encode("ascii", errors="ignore")}


def _secrets_in(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[str]:
    for name, value in headers:
        if is_secret_header(name.decode("latin-1")):
            yield from _credentials(value.decode("latin-1"))


def _credentials(value: str) -> Iterator[str]:
    """Yield the parts of a header that must not be shown, and the decoded password of Basic."""
    scheme, *rest = value.split(None, 1) or ("",)
    # The scheme itself (Bearer) is not a secret.
    inside = rest[0] if rest and scheme.isalpha() else value
    parts = [part.strip('"') for part in _SEPARATORS.split(inside)]
    texts = [value, *parts, *(part.partition("=")[2].strip('"') for part in parts)]
    # A short value such as 1 or true is not a secret; redacting it would damage every message.
    yield from (text for text in texts if len(text) >= _SHORTEST)
    if rest and scheme.lower() == "basic":
        yield from basic_secrets(rest[0])


def _secrets_in_query(query: bytes) -> Iterator[str]:
    if query:
        pairs = parse_qsl(query.decode("ascii", "replace"), keep_blank_values=True)
        found = (value for name, value in pairs if is_secret_query_key(name))
        yield from (value for value in found if len(value) >= _SHORTEST)
