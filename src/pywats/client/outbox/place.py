"""Format the path of an outbox for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.redaction import one_line

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["shown"]

_LONGEST = 1000  # characters; a path from the environment may have any length


def shown(place: Path) -> str:
    """Return a path on one line, without control characters."""
    return one_line(str(place), limit=_LONGEST)
