"""Redact a whole text, then clean it, then cut it."""

from __future__ import annotations

from pywats.redaction.cleaning import printable
from pywats.redaction.headers import without_header_credentials
from pywats.redaction.search import contains_short, redact
from pywats.redaction.secrets import NO_SECRETS, Secrets
from pywats.redaction.urls import without_url_credentials

__all__ = ["NOT_SHOWN", "one_line", "several_lines", "without_credentials"]

NOT_SHOWN = "(not shown: it contains a secret)"
"""Replaces a whole text that contains a secret which is too short to be redacted."""

_LINE = 200
_LINES = 20_000
# Characters that are searched; the rest is dropped, because much less is shown.
_SEARCHED = 256 * 1024


def without_credentials(text: str) -> str:
    """Return the text without the credentials that can be recognized by their place.

    Those are the credentials in URLs, and the values of secret headers where raw headers are shown.
    """
    return without_header_credentials(without_url_credentials(text))


def one_line(
    text: str, secrets: Secrets = NO_SECRETS, *, limit: int = _LINE, cut: bool = False
) -> str:
    """Return a safe text on one line: without secrets and control characters, and short.

    Args:
        text: A text from outside.
        secrets: The secrets to redact.
        limit: Maximum number of characters of the result.
        cut: Whether the text is incomplete, so that it may end with the first part of a secret.
    """
    return _cut(" ".join(_safe(text, secrets, cut=cut).split()), limit)


def several_lines(text: str, *, limit: int = _LINES) -> str:
    """Return a safe text in which line feeds and tabs are allowed, such as a traceback.

    Args:
        text: A text from outside; its secrets must already be redacted.
        limit: Maximum number of characters of the result; the middle is left out.
    """
    # The start of a traceback has the first call, and its end has the error.
    half = (limit - 3) // 2
    if len(text) > limit:
        # Redact before the cut, which could leave a part of a password, and again after the removal
        # of characters, which could have hidden a URL.
        text = without_credentials(text)
    if len(text) > limit:
        text = f"{text[:half]}\n…\n{text[len(text) - half :]}"
    return without_credentials(printable(text, keep="\n\t"))


def _safe(text: str, secrets: Secrets, *, cut: bool) -> str:
    searched = text[:_SEARCHED]
    if not secrets:
        return without_credentials(printable(searched))
    needles = secrets.needles()
    cut |= len(text) > _SEARCHED
    redacted = redact(without_credentials(searched), needles, cut=cut)
    # Redact again, because the removed characters may have been inside of a secret.
    cleaned = redact(printable(redacted), needles, cut=cut)
    return NOT_SHOWN if contains_short(cleaned, needles) else cleaned


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
