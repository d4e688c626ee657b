"""Draw a call as SVG for a telephone: everything below each other, in letters that can be read."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from pywats.waterfall.rows import extent, rows_of
from pywats.waterfall.svg_elements import CHARACTER, LEVELS, LONGEST, MARGIN, Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pywats.waterfall.records import SpanRecord
    from pywats.waterfall.rows import Row

__all__ = ["draw_narrow_svg"]

_WIDTH: Final = 420
_INDENT: Final = 10
_BESIDE_NAME: Final = 20  # space for the mark of an event
_COLUMNS: Final = int((_WIDTH - 2 * MARGIN) / CHARACTER)


def draw_narrow_svg(
    spans: Sequence[SpanRecord], *, trace_id: str, call: str = "", log_lines: Sequence[str] = ()
) -> str:
    """Return a picture of a trace as SVG that is 420 pixels wide.

    Args:
        spans: The spans of the trace.
        trace_id: Id of the trace, highlighted wherever it is.
        call: Source text of the call, shown at the top.
        log_lines: The log lines of the call, each with time, level and the rest.
    """
    drawing = Drawing(_WIDTH, f"Trace {trace_id} as a waterfall")
    if call:
        drawing.begin("call")
        for part in textwrap.wrap(call[:LONGEST].partition("#")[0], _COLUMNS):
            drawing.text(MARGIN, part, "strong")
            drawing.go_down(1.5)
    for line in log_lines:
        _log_line(drawing, line[:LONGEST], trace_id)
    drawing.begin("trace")
    drawing.text(MARGIN, "trace", "strong")
    drawing.chip(MARGIN + 7 * CHARACTER, trace_id)
    drawing.go_down(1.5)
    rows = rows_of(spans)
    start, length = extent(rows)
    for row in rows:
        _row(drawing, row, start, length)
    return drawing.finish()


def _log_line(drawing: Drawing, line: str, trace_id: str) -> None:
    drawing.begin("log")
    time, level, rest = [*line.split(maxsplit=2), "", "", ""][:3]
    drawing.text(drawing.text(MARGIN, f"{time} ", "dim"), level, LEVELS.get(level, "text"))
    drawing.go_down()
    for part in textwrap.wrap(rest, _COLUMNS, break_on_hyphens=False):
        drawing.text_with_id(MARGIN, part, trace_id)
        drawing.go_down()
    drawing.go_down(0.5)


def _row(drawing: Drawing, row: Row, start: int, length: int) -> None:
    def place(time: int) -> float:
        return MARGIN + min((time - start) / length, 1) * (_WIDTH - 2 * MARGIN)

    drawing.begin("event" if row.mark else "span")
    x: float = MARGIN + row.depth * _INDENT
    if row.mark:
        drawing.mark(x + 6, row.mark, row.colour)
        drawing.text(x + _BESIDE_NAME, row.name, row.colour)
    else:
        drawing.text(x, row.name, "strong")
        drawing.text(_WIDTH - MARGIN - len(row.duration) * CHARACTER, row.duration, "text")
        drawing.go_down()
        drawing.bar(place(row.start), place(row.end), row.colour)
        for each in row.segments:
            drawing.phase(place(each.start), place(each.end), each.phase, each.text)
    drawing.go_down()
    for part in textwrap.wrap(row.facts, _COLUMNS - 3):
        drawing.text(x + _BESIDE_NAME, part, row.colour)
        drawing.go_down()
