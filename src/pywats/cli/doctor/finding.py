"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pywats.redaction import one_line

__all__ = ["Finding", "failed", "passed", "skipped", "warned"]

_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        check: Name of the check.
        level: ``ok``; ``warning``: calls work; ``failed``: calls will not work; ``skipped``.
        found: Result of the check. It may quote a server or a variable, so control characters
            are removed.
        advice: What to do; empty if nothing is to be done.
    """

    check: str
    level: Literal["ok", "warning", "failed", "skipped"]
    found: str
    advice: str = ""

    def __post_init__(self) -> None:
        """Remove control characters and cut what is too long."""
        object.__setattr__(self, "found", one_line(self.found, limit=_LENGTH))
        object.__setattr__(self, "advice", one_line(self.advice, limit=_LENGTH))


def passed(check: str, found: str) -> Finding:
    """Return the result of a check that passed."""
    return Finding(check, "ok", found)


def warned(check: str, found: str, advice: str) -> Finding:
    """Return a result that does not keep calls from working."""
    return Finding(check, "warning", found, advice)


def failed(check: str, found: str, advice: str) -> Finding:
    """Return a result that keeps calls from working as intended."""
    return Finding(check, "failed", found, advice)


def skipped(check: str, found: str, advice: str = "") -> Finding:
    """Return the result where there was nothing to check."""
    return Finding(check, "skipped", found, advice)
