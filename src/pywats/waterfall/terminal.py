"""Draw a trace in the terminal: one row for each span and each event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.text import Text

from pywats.waterfall.phases import GLYPHS
from pywats.waterfall.rows import extent, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from pywats.waterfall.records import LogRecord, SpanRecord
    from pywats.waterfall.rows import Row

__all__ = ["Waterfall", "waterfall"]

_Cells = tuple[Text, Text, Text, Text]
"""Name, bar, duration and facts of a row."""

_BAR = 32
_FACTS = 20  # width of the column of facts below which the facts are hard to read
_GAPS = 4
_SOLID = "receive"  # what bars without phases are drawn like


def waterfall(spans: Sequence[SpanRecord], logs: Sequence[LogRecord] = ()) -> Waterfall:
    """Return the spans of one trace as a renderable, children and events below their span.

    Args:
        spans: The spans of the trace.
        logs: Its log lines.

    Returns:
        A renderable of rich; an empty one for a trace without spans.
    """
    return Waterfall(rows_of(spans, logs))


class Waterfall:
    """A table of rows; where the terminal is too narrow for it, what is beside is below.

    Args:
        rows: The rows of the trace.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._start, self._length = extent(rows)
        self._drawn: set[str] = set()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        cells = [
            (self._name(row), self._bar(row), Text(row.duration), Text(row.facts, row.colour))
            for row in self._rows
        ]
        if not cells:
            return
        columns = zip(*cells, strict=True)
        names, _, durations, facts = [max(text.cell_len for text in each) for each in columns]
        width = names + _BAR + durations + min(facts, _FACTS) + _GAPS
        if width <= options.max_width:
            room = options.max_width - names - _BAR - durations - _GAPS
            yield from _side_by_side(cells, (names, _BAR, durations), room, console)
        else:
            yield from _one_below_the_other(cells)
        if len(self._drawn) > 1:
            signs = "  ".join(
                f"{GLYPHS[phase]} {phase}" for phase in GLYPHS if phase in self._drawn
            )
            yield Text(signs, style="dim")

    def _name(self, row: Row) -> Text:
        indent = "  " * row.depth
        if row.mark:
            return Text(f"{indent}{row.mark} {row.name}", style=row.colour)
        return Text(indent + row.name, style="bold")

    def _bar(self, row: Row) -> Text:
        first = self._column(row.start)
        bar = row.mark
        if not bar:
            for place in range(first, self._column(row.end) + 1):
                # The phase in the middle of the place.
                time = self._start + (2 * place + 1) * self._length // (2 * _BAR)
                phase = _phase_at(row, time)
                self._drawn.add(phase)
                bar += GLYPHS[phase]
        return Text(" " * first + bar, style=row.colour)

    def _column(self, time: int) -> int:
        return min(_BAR - 1, (time - self._start) * _BAR // self._length)


def _side_by_side(
    cells: Sequence[_Cells], widths: tuple[int, int, int], room: int, console: Console
) -> Iterator[Segment]:
    """Yield each row on one line, or on more if its facts do not fit beside the bar.

    Not a `rich.table.Table`, which takes half a millisecond for each row.

    Args:
        cells: The rows.
        widths: Cells of the columns before the facts.
        room: Cells that there are for the facts.
        console: Knows the styles.
    """
    names, bars, durations = widths
    before = sum(widths) + len(widths)
    for name, bar, duration, facts in cells:
        yield _segment(name, console)
        yield Segment(" " * (names - name.cell_len + 1))
        yield _segment(bar, console)
        gap = bars - bar.cell_len + 1 + durations - duration.cell_len
        yield Segment(" " * gap + duration.plain + " ")
        if facts.cell_len <= room:
            yield _segment(facts, console)
        else:
            first, *others = facts.wrap(console, room, overflow="fold")
            yield _segment(first, console)
            for line in others:
                line.rstrip()
                yield Segment("\n" + " " * before)
                yield _segment(line, console)
        yield Segment.line()


def _segment(text: Text, console: Console) -> Segment:
    return Segment(text.plain, console.get_style(text.style))


def _one_below_the_other(cells: Sequence[_Cells]) -> Iterator[RenderableType]:
    for name, bar, duration, facts in cells:
        texts = [each for each in (name, duration, facts) if each]
        yield Text(" ").join(texts)
        yield Text.assemble(bar, overflow="crop", no_wrap=True)


def _phase_at(row: Row, time: int) -> str:
    """Return the phase of an attempt at a time; the solid one if there is none."""
    for each in row.segments:
        if each.start <= time < each.end:
            return each.phase
    return _SOLID
