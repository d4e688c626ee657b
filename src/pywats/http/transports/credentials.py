"""Find the credentials that a request and its transport send, so that they can be redacted."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pywats.redaction import Secrets, is_secret_header, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import httpx

__all__ = ["secrets_of", "secrets_of_proxy", "with_safe_reason"]

_SEPARATORS: Final = re.compile("[;, ]+")
_SHORTEST: Final = 6
_PHRASES: Final = {status.value: status.phrase.encode() for status in HTTPStatus}


def secrets_of(request: httpx.Request) -> Secrets:
    """Return the credentials in the headers of a request, in every form in which they are sent."""
    headers = request.headers.raw
    return Secrets.later(lambda: _secrets_in(headers))


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
    scheme, space, rest = value.partition(" ")
    # The scheme itself (Bearer) is not a secret.
    inside = rest if space and scheme.isalpha() else value
    parts = [part.strip('"') for part in _SEPARATORS.split(inside)]
    texts = [value, *parts, *(part.partition("=")[2].strip('"') for part in parts)]
    # A short value such as 1 or true is not a secret; redacting it would damage every message.
    yield from (text for text in texts if len(text) >= _SHORTEST)
    if scheme.lower() == "basic":
        with suppress(ValueError):
            yield base64.b64decode(rest).decode(errors="replace").partition(":")[2]
