"""The phases of an HTTP attempt as parts of its bar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["GLYPHS", "Segment", "described", "segments_of"]

GLYPHS: Final[Mapping[str, str]] = {
    "pool": "·",
    "dns": "╌",
    "connect": "┄",
    "proxy": "┈",
    "tls": "═",
    "send": "▪",
    "wait": "─",
    "receive": "━",
}
"""The sign of each phase in the terminal, in the order of the phases."""

_PREFIX: Final = "pywats.phase."
_LEAST: Final = 1_000_000  # nanoseconds of a phase that is named beside the bar
_LEAST_SHARE: Final = 0.1  # of the attempt


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar of an attempt.

    Attributes:
        phase: Name of the phase.
        start: Start in nanoseconds.
        end: End in nanoseconds.
    """

    phase: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The phase and its duration."""
        return f"{self.phase} {(self.end - self.start) / 1e6:.0f} ms"


def segments_of(attributes: Mapping[str, object], start: int, end: int) -> tuple[Segment, ...]:
    """Return the phases of a span one after another, within its bar.

    Args:
        attributes: The attributes of the span.
        start: Start of the bar in nanoseconds.
        end: End of the bar in nanoseconds.
    """
    found: list[Segment] = []
    at = start
    for phase in GLYPHS:
        seconds = attributes.get(_PREFIX + phase)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            continue
        # A store may hold anything: NaN is not above 0, and infinity is longer than the bar.
        if seconds > 0 and at < end:
            until = end if seconds >= (end - at) / 1e9 else at + math.ceil(seconds * 1e9)
            found.append(Segment(phase, at, min(until, end)))
            at = found[-1].end
    return tuple(found)


def described(segments: Sequence[Segment], start: int, end: int) -> str:
    """Return the phases that took a part of the time worth to be named, with their durations."""
    least = max(_LEAST, (end - start) * _LEAST_SHARE)
    return ", ".join(each.text for each in segments if each.end - each.start >= least)
