"""Finished spans and their events, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EventRecord", "SpanRecord"]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of a span: its name, its time in nanoseconds, its attributes."""

    name: str
    time: int
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """A finished span, with times in nanoseconds."""

    name: str
    span_id: int
    parent_id: int | None
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, object]
    events: tuple[EventRecord, ...]
