"""A short, safe piece of a response body for error messages."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["REDACTED", "excerpt", "one_line", "redact"]

REDACTED = "REDACTED"
_LENGTH = 200
# Read more than is shown: the message may stand behind other fields.
_READ = 4096
# In the order of what says most; ASP.NET, OAuth and RFC 9457 spell it differently.
_MESSAGE_KEYS = ("Message", "message", "detail", "error_description", "error", "title")


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced, escaped for HTML, JSON or a URL or not."""
    # The longest first, lest a password that happens to be a part of the token leave its rest.
    longest_first = sorted(secrets, key=len, reverse=True)
    if not longest_first:
        return text
    return re.sub(
        "|".join("".join(map(_spelt, secret)) for secret in longest_first), REDACTED, text
    )


def _spelt(char: str) -> str:
    """Return a pattern of the ways in which a server may write a character."""
    if char.isascii() and char.isalnum():
        return char
    code = ord(char)
    escaped = "".join(f"%{byte:02x}" for byte in char.encode())
    of_json = re.escape(json.dumps(char)[1:-1])
    # ASP.NET writes the plus sign of a token as \u002B, and as &#x2B; in HTML.
    any_case = rf"(?i:\\u{code:04x}|{of_json}|&#x0*{code:x};|{escaped})"
    # Some write a slash as \/ in JSON.
    return rf"(?:\\?{re.escape(char)}|{any_case}|&#0*{code};|{re.escape(html.escape(char))})"


def excerpt(content: bytes, secrets: Iterable[str] = ()) -> str:
    """Return the server's own message, or the start of the body.

    Args:
        content: The body.
        secrets: Texts that must not appear, should the server have echoed them.

    Returns:
        At most 200 printable characters on one line.
    """
    text = _message(content) or content[:_READ].decode("utf-8", errors="replace")
    return one_line(text, secrets)


def one_line(text: str, secrets: Iterable[str]) -> str:
    """Return at most 200 printable characters of the text, on one line and without secrets."""
    printable = "".join(char if char.isprintable() else " " for char in redact(text, secrets))
    line = " ".join(printable.split())
    return line if len(line) <= _LENGTH else line[: _LENGTH - 1] + "…"


def _message(content: bytes) -> str | None:
    if len(content) > _READ or not content.lstrip().startswith(b"{"):
        return None
    try:
        fields: dict[str, object] = json.loads(content)
    except (ValueError, RecursionError):
        return None
    for key in _MESSAGE_KEYS:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value
    return None
