"""Spans and events of a trace, read from an exporter or from a store of traces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EventRecord", "LogRecord", "SpanRecord"]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of a span.

    Attributes:
        name: Name of the event.
        time: Nanoseconds since 1970.
        attributes: Attributes of the event.
    """

    name: str
    time: int
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A log line of a trace.

    Attributes:
        time: Nanoseconds since 1970.
        level: Its level, such as ``WARNING``.
        logger: The logger; empty if it is not known.
        text: The text.
        span_id: Id of the span that it was written in; None if it is not known.
    """

    time: int
    level: str
    logger: str
    text: str
    span_id: int | None


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """A finished span.

    Attributes:
        name: Name of the span.
        span_id: The id as an integer.
        parent_id: Id of the parent; None for a root.
        start: Start in nanoseconds since 1970.
        end: End in nanoseconds since 1970.
        failed: Whether the status of the span is ERROR.
        attributes: Attributes of the span.
        events: Events of the span.
    """

    name: str
    span_id: int
    parent_id: int | None
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, object]
    events: tuple[EventRecord, ...]
