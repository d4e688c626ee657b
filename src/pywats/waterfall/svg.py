"""Draw a call as SVG: its log lines, and its trace as a waterfall below them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.waterfall.rows import Row, extent, rows_of
from pywats.waterfall.svg_elements import CHARACTER, LEVELS, LINE, LONGEST, MARGIN, Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pywats.waterfall.records import LogRecord, SpanRecord

__all__ = ["draw_svg"]

_WIDTH = 1000
_LEAST_TIMELINE = 320
_GAP = 14
_INDENT = 16
_BESIDE_NAME = 20  # space for the mark of an event
_REST = 21  # column of a log line where what follows time and level begins
_MOST_TICKS = 5


def draw_svg(
    spans: Sequence[SpanRecord],
    *,
    trace_id: str,
    call: str = "",
    log_lines: Sequence[str] = (),
    logs: Sequence[LogRecord] = (),
) -> str:
    """Return a picture of a trace as SVG, complete in itself: it loads no fonts or styles.

    Args:
        spans: The spans of the trace.
        trace_id: Id of the trace, highlighted wherever it is.
        call: Source text of the call, shown at the top.
        log_lines: The log lines of the call, each with time, level and the rest.
        logs: Log lines to stand between the bars.
    """
    rows = rows_of(spans, logs)
    columns = _Columns.fitting(rows)
    drawing = Drawing(columns.width, f"Trace {trace_id} as a waterfall")
    if call:
        code, mark, remark = call[:LONGEST].partition("#")
        drawing.begin("call")
        drawing.text(drawing.text(MARGIN, code, "strong"), mark + remark, "dim")
        drawing.go_down(1.5)
    for line in log_lines:
        _log_line(drawing, line[:LONGEST], trace_id)
    if log_lines:
        drawing.go_down(0.7)
    drawing.begin("trace")
    drawing.text(MARGIN, "trace", "strong")
    drawing.chip(MARGIN + (_REST + 1) * CHARACTER, trace_id)
    drawing.go_down(1.5)
    _timeline(drawing, rows, columns)
    return drawing.finish()


def _log_line(drawing: Drawing, line: str, trace_id: str) -> None:
    drawing.begin("log")
    time, level, rest = [*line.split(maxsplit=2), "", "", ""][:3]
    drawing.text(MARGIN, time, "dim")
    drawing.text(MARGIN + 13 * CHARACTER, level, LEVELS.get(level, "text"))
    wide = int((drawing.width - 2 * MARGIN) / CHARACTER) - _REST
    for part in textwrap.wrap(rest, wide, break_on_hyphens=False):
        drawing.text_with_id(MARGIN + _REST * CHARACTER, part, trace_id)
        drawing.go_down()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places from the left: start and end of bars, right end of durations, start of facts."""

    timeline: float
    timeline_end: float
    durations: float
    facts: float
    width: float

    @classmethod
    def fitting(cls, rows: Sequence[Row]) -> _Columns:
        """Return columns as wide as the texts of the rows; the bars get the rest."""
        names = max(
            (
                row.depth * _INDENT + bool(row.mark) * _BESIDE_NAME + len(row.name) * CHARACTER
                for row in rows
            ),
            default=0,
        )
        durations = max((len(row.duration) for row in rows), default=0) * CHARACTER
        facts = max((len(row.facts) for row in rows), default=0) * CHARACTER
        others = 2 * MARGIN + names + durations + facts + 3 * _GAP
        timeline = max(_LEAST_TIMELINE, _WIDTH - others)
        start = MARGIN + names + _GAP
        end = start + timeline
        right = end + _GAP + durations
        return cls(start, end, right, right + _GAP, others + timeline)


def _timeline(drawing: Drawing, rows: Sequence[Row], columns: _Columns) -> None:
    start, length = extent(rows)

    def place(time: int) -> float:
        share = min((time - start) / length, 1)
        return columns.timeline + share * (columns.timeline_end - columns.timeline)

    drawing.begin("scale")
    bottom = drawing.y + (len(rows) + 1.2) * LINE
    for tick in _ticks(length):
        drawing.text(place(start + tick) + 3, f"{tick / 1e6:g} ms", "dim")
        drawing.grid(place(start + tick), bottom)
    drawing.go_down(1.2)
    for row in rows:
        drawing.begin("event" if row.mark else "span")
        x = MARGIN + row.depth * _INDENT
        if row.mark:
            drawing.mark(x + 6, row.mark, row.colour)
            drawing.text(x + _BESIDE_NAME, row.name, row.colour)
            if row.end > row.start:
                drawing.wait(place(row.start) + 10, place(row.end), row.colour)
            drawing.mark(place(row.start), row.mark, row.colour)
        else:
            drawing.text(x, row.name, "strong")
            drawing.bar(place(row.start), place(row.end), row.colour)
            for each in row.segments:
                drawing.phase(place(each.start), place(each.end), each.phase, each.text)
            right = columns.durations - len(row.duration) * CHARACTER
            drawing.text(right, row.duration, "text")
        if row.facts:
            drawing.text(columns.facts, row.facts, row.colour)
        drawing.go_down()


def _ticks(length: int) -> Iterator[int]:
    """Yield round times from 0 to the length, in nanoseconds."""
    step = next(
        factor * 10**power
        for power in range(19)
        for factor in (1, 2, 5)
        if length / (factor * 10**power) < _MOST_TICKS
    )
    yield from range(0, length, step)
