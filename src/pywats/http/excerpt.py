"""A short, safe piece of a response body for error messages."""

from __future__ import annotations

import json
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
    """Return the text with every secret replaced."""
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return text


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
    except ValueError:
        return None
    for key in _MESSAGE_KEYS:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value
    return None
