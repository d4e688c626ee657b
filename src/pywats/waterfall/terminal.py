"""Draws a trace in the terminal: one row a span, one row an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from pywats.waterfall.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pywats.waterfall.records import SpanRecord

__all__ = ["waterfall"]

_BAR = 32


def waterfall(spans: Sequence[SpanRecord]) -> Table:
    """Return the spans of one trace as a table, children and events below their span."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, width=_BAR)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    start = min(span.start for span in spans)
    length = max(max(span.end for span in spans) - start, 1)

    def column(time: int) -> int:
        return min(_BAR - 1, (time - start) * _BAR // length)

    for row in rows_of(spans):
        indent = "  " * row.depth
        first = column(row.start)
        if row.mark:
            name = Text(f"{indent}{row.mark} {row.name}", style=row.colour)
            bar = row.mark
        else:
            name = Text(indent + row.name, style="bold")
            bar = "━" * (column(row.end) - first + 1)
        table.add_row(
            name,
            Text(" " * first + bar, style=row.colour),
            Text(row.duration),
            Text(row.facts, style=row.colour),
        )
    return table
