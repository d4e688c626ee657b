"""The gate itself: redact the whole text, then clean it, then cut it."""

from __future__ import annotations

import re

from pywats.redaction.cleaning import printable
from pywats.redaction.search import REDACTED, contains_short, redact
from pywats.redaction.secrets import NO_SECRETS, Secrets

__all__ = ["NOT_SHOWN", "one_line", "several_lines", "without_userinfo"]

NOT_SHOWN = "(not shown: it contains a secret)"
"""Stands in place of a text with a secret that is too short to be replaced."""

_LINE = 200
_LINES = 20_000
# A longer text is taken as cut here: what is shown is far shorter.
_SEARCHED = 256 * 1024
_USERINFO = re.compile(r"(?<=://)[^\s/?#]*@")


def one_line(
    text: str, secrets: Secrets = NO_SECRETS, *, limit: int = _LINE, cut: bool = False
) -> str:
    """Return the text as it may be shown: without secrets, on one line, short.

    Args:
        text: A text from outside.
        secrets: What must not be shown.
        limit: The greatest number of characters of the result.
        cut: Whether the text breaks off, so that its end may be the start of a secret.
    """
    return _cut(" ".join(_safe(text, secrets, cut=cut).split()), limit)


def several_lines(text: str, *, limit: int = _LINES) -> str:
    """Return the text as it may be shown where line feeds and tabs are allowed (tracebacks).

    Args:
        text: A text from outside whose secrets were replaced, or that has none.
        limit: The greatest number of characters of the result; the middle is left out.
    """
    # The end of a traceback has the error, and the start its first call.
    half = (limit - 3) // 2
    if len(text) > limit:
        text = f"{text[:half]}\n…\n{text[len(text) - half :]}"
    return without_userinfo(printable(text, keep="\n\t"))


def without_userinfo(text: str) -> str:
    """Return the text without the user names and passwords of URLs (RFC 3986 section 3.2.1)."""
    return _USERINFO.sub(f"{REDACTED}@", text) if "@" in text else text


def _safe(text: str, secrets: Secrets, *, cut: bool) -> str:
    searched = text[:_SEARCHED]
    if not secrets:
        return without_userinfo(printable(searched))
    needles = secrets.needles()
    cut |= len(text) > _SEARCHED
    redacted = redact(without_userinfo(searched), needles, cut=cut)
    # Again, for the characters that are removed may have stood inside of a secret.
    cleaned = redact(printable(redacted), needles, cut=cut)
    return NOT_SHOWN if contains_short(cleaned, needles) else cleaned


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
