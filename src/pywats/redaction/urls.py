"""Redact the credentials in URLs: user name and password, and the values of secret query keys."""

from __future__ import annotations

import re

from pywats.redaction.search import REDACTED

__all__ = ["SECRET_QUERY_KEYS", "without_url_credentials", "without_userinfo"]

SECRET_QUERY_KEYS = frozenset(
    # The semantic conventions name the keys of signed URLs.
    {"awsaccesskeyid", "signature", "sig", "x-goog-signature", "x-goog-credential"}
    | {"x-amz-signature", "x-amz-credential", "x-amz-security-token"}
    # Keys of OAuth 2.0 and of APIs that take their key in the URL.
    | {"token", "access_token", "refresh_token", "id_token", "client_secret"}
    | {"api_key", "api-key", "apikey", "password", "secret"}
)
"""Query keys, in lower case, whose values are credentials."""

_USERINFO = re.compile(r"(?<=://)[^\s/?#]*@")
# In a text, the quote, bracket or space after a URL ends it.
_SECRET_QUERY = re.compile(
    rf"(?<=[?&;])({'|'.join(map(re.escape, sorted(SECRET_QUERY_KEYS)))})=[^\s&#'\"<>]+",
    re.IGNORECASE,
)


def without_userinfo(text: str) -> str:
    """Return the text without the user names and passwords of URLs (RFC 3986 section 3.2.1)."""
    return _USERINFO.sub(f"{REDACTED}@", text) if "@" in text else text


def without_url_credentials(text: str) -> str:
    """Return the text without the credentials of its URLs."""
    text = without_userinfo(text)
    return _SECRET_QUERY.sub(rf"\1={REDACTED}", text) if "=" in text else text
