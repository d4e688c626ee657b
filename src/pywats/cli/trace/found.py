"""A trace that was found by an attribute of one of its spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pywats.observability.semconv import CORRELATION_ID

__all__ = ["ATTRIBUTE", "MOST_FOUND", "Found", "Window", "newest_first", "trace_id_of"]

ATTRIBUTE: Final = CORRELATION_ID.name
MOST_FOUND: Final = 20
"""Maximum number of traces that are listed."""

_ID: Final = re.compile(r"[0-9a-fA-F]{1,32}")
_LATEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The period in which a trace is searched, in whole seconds since 1970."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A trace.

    Attributes:
        trace_id: The id as 32 hex digits.
        start: Start in nanoseconds since 1970.
        duration: Duration in nanoseconds.
        name: Name of its first span.
        service: Name of the service; empty if it is not known.
    """

    trace_id: str
    start: int
    duration: int
    name: str
    service: str

    def __post_init__(self) -> None:
        """Clamp the times to the range of OTLP."""
        for name in ("start", "duration"):
            object.__setattr__(self, name, min(max(getattr(self, name), 0), _LATEST))


def trace_id_of(text: str) -> str:
    """Return a trace id as 32 hex digits; stores leave out leading zeros.

    Raises:
        ValueError: The text is not a trace id.
    """
    if not _ID.fullmatch(text):
        raise ValueError("a trace id has 1 to 32 hex digits")
    return text.lower().rjust(32, "0")


def newest_first(found: list[Found]) -> list[Found]:
    """Return each trace once, the newest first."""
    unique = {each.trace_id: each for each in found}
    return sorted(unique.values(), key=lambda each: each.start, reverse=True)
