"""Recognize the headers that carry credentials, and redact them where a text shows raw headers."""

from __future__ import annotations

import re
from typing import Final

from pywats.redaction.search import REDACTED

__all__ = ["is_secret_header", "without_header_credentials"]

is_secret_header: Final = re.compile(
    r"(?i)auth|cookie|credential|(?<!idempotency-)key|passw|secret|session|token"
).search
"""Returns a match if the value of a header is a credential, such as Authorization, Proxy-
Authorization, Cookie, X-Api-Key, X-Auth-Token and similar names."""

# The repr of a raw header, as in the DEBUG lines of httpcore: (b'Set-Cookie', b'session=…').
_RAW_HEADER = re.compile(
    r"""(?x) (?P<before> \(b(?P<quote>['"])(?P<name>[^'"\\]{1,64})(?P=quote),\s )
    b(?: '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" ) (?=\)) """
)
# A challenge (WWW-Authenticate) says how to authenticate, and has no credential.
_CHALLENGE = "authenticate"


def without_header_credentials(text: str) -> str:
    """Return the text with the values of secret headers replaced, where it shows raw headers."""
    return _RAW_HEADER.sub(_redacted, text) if "(b" in text else text


def _redacted(header: re.Match[str]) -> str:
    name = header["name"]
    if name.lower().endswith(_CHALLENGE) or not is_secret_header(name):
        return header[0]
    return f"{header['before']}b'{REDACTED}'"
