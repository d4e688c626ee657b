"""The place of an outbox, in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.redaction import one_line

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["shown"]

_LONGEST = 1000  # characters; the environment may give any number


def shown(place: Path) -> str:
    """Return a path as a message may show it: on one line, without control characters."""
    return one_line(str(place), limit=_LONGEST)
