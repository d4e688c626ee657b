"""Redact the credentials in URLs: user name and password, and the values of secret query keys."""

from __future__ import annotations

import re

from pywats.redaction.search import REDACTED

__all__ = ["is_secret_query_key", "without_url_credentials", "without_userinfo"]

is_secret_query_key = re.compile(
    # The keys of signed URLs that the semantic conventions name, and those that APIs use for keys,
    # tokens and passwords, such as api_key, access_token and subscription-key.
    r"(?ix) sig | auth | authorization | jwt | pass | key | (?:client_)?assertion"
    r"| .*(?: token | secret | signature | credentials? | password | passwd | passphrase | pwd"
    r"     | (?:api|access|auth|secret|private|subscription|function|account|master)[-_.]?key"
    r"     | access[-_.]?key[-_.]?id | session[-_.]?id )"
).fullmatch
"""Matches the name of a query key whose value is a credential."""

_USERINFO = re.compile(r"(?<=://)[^\s/?#]*@")
# In a text, the quote, bracket or space after a URL ends it. No name of a key is longer.
_QUERY_VALUE = re.compile(r"(?<=[?&;])([^\s=&#'\"<>]{1,64})=[^\s&#'\"<>]+")


def without_userinfo(text: str) -> str:
    """Return the text without the user names and passwords of URLs (RFC 3986 section 3.2.1)."""
    return _USERINFO.sub(f"{REDACTED}@", text) if "@" in text else text


def without_url_credentials(text: str) -> str:
    """Return the text without the credentials of its URLs."""
    text = without_userinfo(text)
    return _QUERY_VALUE.sub(_redacted, text) if "=" in text else text


def _redacted(pair: re.Match[str]) -> str:
    return f"{pair[1]}={REDACTED}" if is_secret_query_key(pair[1]) else pair[0]
