"""The rows of a drawing of a trace: one for each span, below it its children and events.

A store of traces may hold anything: parents that form a circle, spans that it received twice,
names with control characters, times of a thousand years. Every text passes the gate of
`pywats.redaction`, and every walk is a loop with as many steps as there are spans and events.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pywats.redaction import one_line
from pywats.waterfall.phases import Segment, described, segments_of
from pywats.waterfall.records import EventRecord, LogRecord, SpanRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MOST_ROWS", "Colour", "Row", "extent", "rows_of"]

Colour = Literal["green", "red", "yellow", "magenta", "cyan"]
_Record = SpanRecord | EventRecord | LogRecord

MOST_ROWS = 5000
"""Rows that are drawn; the last one tells how many are left out."""

_DEEPEST = 40  # levels of indentation; deeper spans are drawn at this one
_NAME = 120  # characters of a name
_FACTS = 300  # characters of what is beside a bar
_VALUE = 100  # characters of one attribute in it
# The range of OTLP's nanoseconds.
_LATEST = 2**63 - 1

# The text of each event of the library, with names of its attributes in braces.
_TEXTS = {
    "retry": "after attempt {attempt}: {reason}; waits {delay} s",
    "timeout": "limit of the {scope}, {limit} s ({phase})",
    "retry_given_up": "{stop_reason} after {attempts} attempts",
    "exception": "{exception.type}",
}
_ATTRIBUTE = re.compile(r"\{([\w.]+)\}")
_MARKS = {"retry": "↻", "timeout": "⏱", "retry_given_up": "✗", "exception": "!"}
_COLOURS: dict[str, Colour] = {
    "retry": "yellow",
    "timeout": "magenta",
    "retry_given_up": "red",
    "exception": "red",
}

_LEVELS: dict[str, Colour] = {
    "WARN": "yellow",
    "WARNING": "yellow",
    "ERROR": "red",
    "CRITICAL": "red",
    "FATAL": "red",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A span, an event of a span, or a log line, as it is drawn.

    Attributes:
        name: Name of the span or event.
        depth: Levels of indentation.
        start: Start in nanoseconds.
        end: End in nanoseconds; for a retry the end of its wait, for other events the start.
        mark: Sign of an event; empty for a span.
        colour: Colour of the bar or sign.
        facts: Status, error, limits: the text beside the bar.
        segments: The phases of an HTTP attempt.
    """

    name: str
    depth: int
    start: int
    end: int
    mark: str
    colour: Colour
    facts: str
    segments: tuple[Segment, ...] = ()

    @property
    def duration(self) -> str:
        """Duration of a span in milliseconds; empty for an event."""
        return "" if self.mark else f"{(self.end - self.start) / 1e6:.0f} ms"


def extent(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the start of a trace and its length, which is at least 1, in nanoseconds."""
    start = min((row.start for row in rows), default=0)
    end = max((row.end for row in rows if not row.mark), default=start)
    return start, max(end - start, 1)


def rows_of(spans: Sequence[SpanRecord], logs: Sequence[LogRecord] = ()) -> list[Row]:
    """Return the rows of one trace: children, events and log lines below their span, by time.

    A span whose parent is missing, or is below the span itself, starts at the left. A span that
    the store has twice is drawn once.

    Args:
        spans: The spans of the trace.
        logs: Its log lines; a line whose span is not there is below the first one.

    Returns:
        At most `MOST_ROWS` rows and one that tells how many are left out.
    """
    distinct = _distinct(spans)
    children: defaultdict[int | None, list[SpanRecord]] = defaultdict(list)
    known = {span.span_id for span in distinct}
    for span in distinct:
        children[span.parent_id if span.parent_id in known else None].append(span)
    lines: defaultdict[int, list[LogRecord]] = defaultdict(list)
    for line in logs if distinct else ():
        home = line.span_id if line.span_id in known else None
        lines[distinct[0].span_id if home is None else home].append(line)
    # The roots, and then what no root leads to: spans whose parents form a circle.
    placed = _placed((*children.pop(None, ()), *distinct), children, lines)
    rows = [_row_of(each, depth) for each, depth in islice(placed, MOST_ROWS)]
    left_out = sum(1 for _ in placed)
    if left_out:
        last = rows[-1]
        more = f"… {left_out} more rows"
        rows.append(Row(more, 0, last.start, last.start, "◆", "cyan", ""))
    return rows


def _distinct(spans: Iterable[SpanRecord]) -> list[SpanRecord]:
    """Return the spans by their start, each once."""
    unique = {(each.span_id, each.name, each.start, each.end): each for each in spans}
    return sorted(unique.values(), key=lambda span: span.start)


def _placed(
    firsts: Iterable[SpanRecord],
    children: defaultdict[int | None, list[SpanRecord]],
    lines: defaultdict[int, list[LogRecord]],
) -> Iterator[tuple[_Record, int]]:
    """Yield spans, and everything below each, with levels; not recursive, for traces are deep."""
    drawn: set[int] = set()
    for first in firsts:
        waiting: list[tuple[_Record, int]] = [(first, 0)]
        while waiting:
            each, depth = waiting.pop()
            if not isinstance(each, SpanRecord):
                yield each, depth
            elif id(each) not in drawn:
                drawn.add(id(each))
                yield each, depth
                # Taken out: a second span with the same id does not draw the children again.
                below: list[tuple[int, _Record]] = [
                    *((child.start, child) for child in children.pop(each.span_id, ())),
                    *((event.time, event) for event in each.events),
                    *((line.time, line) for line in lines.pop(each.span_id, ())),
                ]
                below.sort(key=lambda timed: timed[0])
                waiting += ((one, min(depth + 1, _DEEPEST)) for _, one in reversed(below))


def _row_of(each: _Record, depth: int) -> Row:
    if isinstance(each, EventRecord):
        return _row_of_event(each, depth)
    if isinstance(each, LogRecord):
        return _row_of_log(each, depth)
    return _row_of_span(each, depth)


def _row_of_span(span: SpanRecord, depth: int) -> Row:
    start = _in_range(span.start)
    end = max(start, _in_range(span.end))
    segments = segments_of(span.attributes, start, end)
    facts = [_facts_of_span(span), described(segments, start, end)]
    return Row(
        name=one_line(span.name, limit=_NAME),
        depth=depth,
        start=start,
        end=end,
        mark="",
        colour="red" if span.failed else "green",
        facts=" · ".join(filter(None, facts)),
        segments=segments,
    )


def _facts_of_span(span: SpanRecord) -> str:
    status = span.attributes.get("http.response.status_code")
    resent = span.attributes.get("http.request.resend_count")
    facts = [_text(status)] if status else []
    if resent:
        facts.append(f"resend {_text(resent)}")
    if span.failed and not status:
        facts.append(_text(span.attributes.get("error.type", "error")).rpartition(".")[2])
    return one_line(", ".join(facts), limit=_FACTS)


def _row_of_event(event: EventRecord, depth: int) -> Row:
    def value(name: re.Match[str]) -> str:
        if name[1] not in event.attributes:
            return name[0]
        shown = _text(event.attributes[name[1]])
        return shown.rpartition(".")[2] if name[1] == "exception.type" else shown

    # In one pass, so that a value with a name in braces is not looked at again.
    facts = _ATTRIBUTE.sub(value, _TEXTS.get(event.name, ""))
    start = _in_range(event.time)
    return Row(
        name=one_line(event.name, limit=_NAME),
        depth=depth,
        start=start,
        end=_in_range(start + _wait(event.attributes.get("delay"))),
        mark=_MARKS.get(event.name, "◆"),
        colour=_COLOURS.get(event.name, "cyan"),
        facts=one_line(facts, limit=_FACTS),
    )


def _row_of_log(line: LogRecord, depth: int) -> Row:
    time = _in_range(line.time)
    name = one_line(f"{line.level} {line.logger}".strip() or "log", limit=_NAME)
    colour = _LEVELS.get(line.level, "cyan")
    return Row(name, depth, time, time, "≡", colour, one_line(line.text, limit=_FACTS))


def _wait(delay: object) -> int:
    """Return a delay in seconds as nanoseconds; 0 for anything else."""
    if not isinstance(delay, int | float) or not 0 <= delay <= _LATEST:
        # Not a number, negative, infinite, or NaN, which no comparison holds for.
        return 0
    return math.ceil(delay * 1e9)


def _in_range(time: int) -> int:
    return min(max(time, 0), _LATEST)


def _text(value: object) -> str:
    """Return an attribute as text."""
    try:
        return one_line(str(value), limit=_VALUE)
    except ValueError:
        # An integer of more than 4300 digits (sys.set_int_max_str_digits).
        return "a very large number"
