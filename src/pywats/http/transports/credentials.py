"""The credentials that a request and the transport below it send."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pywats.redaction import NO_SECRETS, Secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

__all__ = ["secrets_of", "secrets_of_proxy"]

# Authorization, Proxy-Authorization, Cookie, X-Api-Key, X-Auth-Token and whatever else APIs take.
_CREDENTIALS: Final = re.compile(
    rb"(?i)auth|cookie|credential|(?<!idempotency-)key|passw|secret|session|token"
)
_SEPARATORS: Final = re.compile("[;, ]+")
_SHORTEST: Final = 6


def secrets_of(request: httpx.Request) -> Secrets:
    """Return the credentials in the headers of a request, in every form in which they are sent."""
    return _secrets_in(request.headers.raw)


def secrets_of_proxy(transport: object) -> Secrets:
    """Return the credentials that a transport of httpx sends to its proxy."""
    pool = getattr(transport, "_pool", None)
    return _secrets_in(getattr(pool, "_proxy_headers", ()))


def _secrets_in(headers: Iterable[tuple[bytes, bytes]]) -> Secrets:
    values = [value for name, value in headers if _CREDENTIALS.search(name)]
    if not values:
        return NO_SECRETS
    return Secrets(text for value in values for text in _credentials(value.decode("latin-1")))


def _credentials(value: str) -> Iterator[str]:
    """Yield the parts of a header that must not be shown, and the password that is encoded."""
    scheme, space, rest = value.partition(" ")
    # The scheme itself (Bearer) is not a secret.
    inside = rest if space and scheme.isalpha() else value
    parts = [part.strip('"') for part in _SEPARATORS.split(inside)]
    texts = [value, *parts, *(part.partition("=")[2].strip('"') for part in parts)]
    # A flag such as 1 or true is not a secret, and no text could be shown that contains it.
    yield from (text for text in texts if len(text) >= _SHORTEST)
    if scheme.lower() == "basic":
        with suppress(ValueError):
            yield base64.b64decode(rest).decode(errors="replace").partition(":")[2]
