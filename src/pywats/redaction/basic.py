"""Find the texts that reveal the credentials of HTTP Basic authentication (RFC 7617)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["basic_secrets"]

# Shorter texts are not secrets: redacting them would damage every message. A password is one,
# whatever its length.
_SHORTEST = 6


def basic_secrets(token: str) -> Iterator[str]:
    """Yield the token, the password in it, and the whole of ``username:password``.

    A server accepts a token without padding, and in the alphabet for URLs, and decodes it as UTF-8
    or as latin-1: RFC 7617 section 2 leaves that open.

    Args:
        token: Base64 of ``username:password``, as it is sent.
    """
    if len(token) >= _SHORTEST:
        yield token
    standard = token.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        pair = base64.b64decode(standard + "=" * (-len(standard) % 4))
    except ValueError:
        # Not base64; only the server can tell what it means.
        return
    for text in _decoded(pair):
        username, colon, password = text.partition(":")
        if len(text) >= _SHORTEST:
            yield text
        if colon and password:
            yield password
        # The key of an API may be sent as the user name, with an empty or constant password.
        if colon and len(password) <= 1 and len(username) >= _SHORTEST:
            yield username


def _decoded(pair: bytes) -> Iterator[str]:
    try:
        yield pair.decode()
    except UnicodeDecodeError:
        yield pair.decode("latin-1")
        # A server that reads latin-1 as UTF-8 shows U+FFFD in place of each such character.
        yield pair.decode(errors="replace")
