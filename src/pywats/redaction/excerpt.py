"""Extract a short, safe piece of a response body for error messages."""

from __future__ import annotations

import codecs
import json

from pywats.redaction.gate import one_line
from pywats.redaction.secrets import NO_SECRETS, Secrets

__all__ = ["EXCERPT_BYTES", "excerpt"]

EXCERPT_BYTES = 16 * 1024
"""Bytes that are read of a body; more than is shown, as the message may follow other fields."""

# Most informative key first; ASP.NET, OAuth and RFC 9457 use different keys.
_MESSAGE_KEYS = ("Message", "message", "detail", "error_description", "error", "title")
_BYTE_ORDER_MARKS = (
    # UTF-32 first: its mark starts with the mark of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def excerpt(content: bytes, secrets: Secrets = NO_SECRETS, *, cut: bool = False) -> str:
    """Return the server's own message, or the start of the body.

    Args:
        content: The body, or the part of it that arrived.
        secrets: Texts that must not be shown, in case the server has echoed them.
        cut: Whether the body is longer than ``content``.

    Returns:
        At most 200 printable characters on one line.
    """
    whole = len(content) <= EXCERPT_BYTES
    text = _decoded(content[:EXCERPT_BYTES], final=whole and not cut)
    message = _message(text) if whole else None
    return one_line(message or text, secrets, cut=message is None and (cut or not whole))


def _decoded(content: bytes, *, final: bool) -> str:
    """Decode the body by its byte order mark or content, as servers often declare it wrongly."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    # Every second byte of ASCII in UTF-16 is 0.
    if content[1:8:2] and not any(content[1:8:2]):
        return content.decode("utf-16-le", "replace")
    if content[:8:2] and not any(content[:8:2]):
        return content.decode("utf-16-be", "replace")
    try:
        # Incremental, because a character that is cut at the end is not an encoding error.
        return codecs.getincrementaldecoder("utf-8")().decode(content, final)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _message(text: str) -> str | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        fields: dict[str, object] = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for key in _MESSAGE_KEYS:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value
    return None
