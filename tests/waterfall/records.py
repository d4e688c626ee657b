"""Spans that are not the library's own."""

from __future__ import annotations

from pywats.waterfall import EventRecord, SpanRecord

MS = 1_000_000


def span(
    name: str,
    start: int,
    end: int,
    *events: EventRecord,
    failed: bool = False,
    parent: SpanRecord | None = None,
) -> SpanRecord:
    """Return a span with times in milliseconds."""
    parent_id = parent.span_id if parent else None
    return SpanRecord(name, start + 1, parent_id, start * MS, end * MS, failed, {}, events)


def event(name: str, time: int, **attributes: object) -> EventRecord:
    return EventRecord(name, time * MS, attributes)
