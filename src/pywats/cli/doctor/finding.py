"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "failed", "passed", "skipped", "warned"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        check: What was looked at.
        level: ``ok``; ``warning``, worth a look; ``failed``, calls will not work; ``skipped``.
        found: What was found.
        advice: What to do; empty if nothing is to be done.
    """

    check: str
    level: Literal["ok", "warning", "failed", "skipped"]
    found: str
    advice: str = ""


def passed(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", found)


def warned(check: str, found: str, advice: str) -> Finding:
    """Calls work, but something is not as it should be."""
    return Finding(check, "warning", found, advice)


def failed(check: str, found: str, advice: str) -> Finding:
    """Calls will not work as meant."""
    return Finding(check, "failed", found, advice)


def skipped(check: str, found: str, advice: str = "") -> Finding:
    """There was nothing to check."""
    return Finding(check, "skipped", found, advice)
