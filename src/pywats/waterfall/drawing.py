"""Draws a trace: one row a span, one row an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from pywats.waterfall.records import EventRecord, SpanRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["waterfall"]

_BAR = 32
# How each event of the library reads in one short line.
_TEXTS = {
    "retry": "after attempt {attempt}: {reason}; waits {delay} s",
    "timeout": "limit of the {scope}, {limit} s ({phase})",
    "retry_given_up": "{stop_reason} after {attempts} attempts",
    "exception": "{exception.type}",
}
_MARKS = {"retry": "↻", "timeout": "⏱", "retry_given_up": "✗", "exception": "!"}
_STYLES = {"retry": "yellow", "timeout": "magenta", "retry_given_up": "red", "exception": "red"}


def waterfall(spans: Sequence[SpanRecord]) -> Table:
    """Return the spans of one trace as a table, children and events below their span."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, width=_BAR)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    known = {span.span_id for span in spans}
    start = min(span.start for span in spans)
    length = max(max(span.end for span in spans) - start, 1)
    scale = _Scale(start, length)
    for span in spans:
        if span.parent_id not in known:
            _add_span(table, span, spans, scale, 0)
    return table


class _Scale:
    """Places times on a bar of fixed width."""

    def __init__(self, start: int, length: int) -> None:
        self._start = start
        self._length = length

    def column(self, time: int) -> int:
        return min(_BAR - 1, (time - self._start) * _BAR // self._length)

    def bar(self, start: int, end: int) -> str:
        first, last = self.column(start), self.column(end)
        return " " * first + "━" * (last - first + 1)

    def mark(self, time: int, mark: str) -> str:
        return " " * self.column(time) + mark


def _add_span(
    table: Table, span: SpanRecord, spans: Sequence[SpanRecord], scale: _Scale, depth: int
) -> None:
    style = "red" if span.failed else "green"
    status = span.attributes.get("http.response.status_code")
    resent = span.attributes.get("http.request.resend_count")
    facts = [str(status)] if status else []
    if resent:
        facts.append(f"resend {resent}")
    if span.failed and not status:
        facts.append(str(span.attributes.get("error.type", "error")).rpartition(".")[2])
    table.add_row(
        Text("  " * depth + span.name, style="bold"),
        Text(scale.bar(span.start, span.end), style=style),
        Text(f"{(span.end - span.start) / 1e6:.0f} ms"),
        Text(", ".join(facts), style=style),
    )
    rows: list[tuple[int, SpanRecord | EventRecord]] = [
        *((child.start, child) for child in spans if child.parent_id == span.span_id),
        *((event.time, event) for event in span.events),
    ]
    for _, row in sorted(rows, key=lambda timed: timed[0]):
        if isinstance(row, SpanRecord):
            _add_span(table, row, spans, scale, depth + 1)
        else:
            _add_event(table, row, scale, depth + 1)


def _add_event(table: Table, event: EventRecord, scale: _Scale, depth: int) -> None:
    mark, style = _MARKS.get(event.name, "◆"), _STYLES.get(event.name, "cyan")
    text = _TEXTS.get(event.name, "")
    for name, value in event.attributes.items():
        shown = str(value).rpartition(".")[2] if name == "exception.type" else str(value)
        text = text.replace(f"{{{name}}}", shown)
    table.add_row(
        Text("  " * depth + f"{mark} {event.name}", style=style),
        Text(scale.mark(event.time, mark), style=style),
        "",
        Text(text, style=style),
    )
