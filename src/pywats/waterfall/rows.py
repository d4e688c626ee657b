"""What a drawing of a trace says: a row for each span, below it its children and events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pywats.waterfall.records import EventRecord, SpanRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Colour", "Row", "rows_of"]

Colour = Literal["green", "red", "yellow", "magenta", "cyan"]

# How each event of the library reads in one short line.
_TEXTS = {
    "retry": "after attempt {attempt}: {reason}; waits {delay} s",
    "timeout": "limit of the {scope}, {limit} s ({phase})",
    "retry_given_up": "{stop_reason} after {attempts} attempts",
    "exception": "{exception.type}",
}
_MARKS = {"retry": "↻", "timeout": "⏱", "retry_given_up": "✗", "exception": "!"}
_COLOURS: dict[str, Colour] = {
    "retry": "yellow",
    "timeout": "magenta",
    "retry_given_up": "red",
    "exception": "red",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A span, or an event of one.

    Attributes:
        name: Its name.
        depth: How far it is indented.
        start: When it began, in nanoseconds.
        end: When it ended; for a retry, when its wait does; for other events, the start.
        mark: The sign of an event; empty for a span.
        colour: How it looks.
        facts: What else there is to say of it.
    """

    name: str
    depth: int
    start: int
    end: int
    mark: str
    colour: Colour
    facts: str

    @property
    def duration(self) -> str:
        """How long a span took, in words; empty for an event."""
        return "" if self.mark else f"{(self.end - self.start) / 1e6:.0f} ms"


def rows_of(spans: Sequence[SpanRecord]) -> list[Row]:
    """Return the rows of one trace, children and events below their span, by time."""
    known = {span.span_id for span in spans}
    return [
        row
        for span in spans
        if span.parent_id not in known
        for row in _rows_of_span(span, spans, 0)
    ]


def _rows_of_span(span: SpanRecord, spans: Sequence[SpanRecord], depth: int) -> Iterator[Row]:
    yield Row(
        name=span.name,
        depth=depth,
        start=span.start,
        end=span.end,
        mark="",
        colour="red" if span.failed else "green",
        facts=_facts_of_span(span),
    )
    below: list[tuple[int, SpanRecord | EventRecord]] = [
        *((child.start, child) for child in spans if child.parent_id == span.span_id),
        *((event.time, event) for event in span.events),
    ]
    for _, each in sorted(below, key=lambda timed: timed[0]):
        if isinstance(each, SpanRecord):
            yield from _rows_of_span(each, spans, depth + 1)
        else:
            yield _row_of_event(each, depth + 1)


def _facts_of_span(span: SpanRecord) -> str:
    status = span.attributes.get("http.response.status_code")
    resent = span.attributes.get("http.request.resend_count")
    facts = [str(status)] if status else []
    if resent:
        facts.append(f"resend {resent}")
    if span.failed and not status:
        facts.append(str(span.attributes.get("error.type", "error")).rpartition(".")[2])
    return ", ".join(facts)


def _row_of_event(event: EventRecord, depth: int) -> Row:
    facts = _TEXTS.get(event.name, "")
    for name, value in event.attributes.items():
        shown = str(value).rpartition(".")[2] if name == "exception.type" else str(value)
        facts = facts.replace(f"{{{name}}}", shown)
    delay = event.attributes.get("delay")
    wait = int(delay * 1e9) if isinstance(delay, int | float) else 0
    return Row(
        name=event.name,
        depth=depth,
        start=event.time,
        end=event.time + wait,
        mark=_MARKS.get(event.name, "◆"),
        colour=_COLOURS.get(event.name, "cyan"),
        facts=facts,
    )
