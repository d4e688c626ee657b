"""The list of the traces of an id that the program has set itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from pywats.cli.screen import console, print_json, print_text
from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pywats.cli.trace.found import Found

__all__ = ["print_found"]


def print_found(own_id: str, store: str, found: Sequence[Found], *, as_json: bool) -> None:
    """Print the traces of an id, the newest first.

    Args:
        own_id: The id.
        store: Name of the store.
        found: The traces.
        as_json: Whether to print JSON.
    """
    if as_json:
        rows = [
            {
                "trace_id": each.trace_id,
                "start": each.start,
                "duration": each.duration,
                "name": each.name,
                "service": each.service,
            }
            for each in found
        ]
        print_json({"correlation_id": own_id, "store": store, "traces": rows})
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for each in found:
        table.add_row(
            Text(_time(each.start)),
            Text(f"{each.duration / 1e6:.0f} ms"),
            Text(each.trace_id, style="cyan"),
            Text(one_line(each.name, limit=60)),
            Text(one_line(each.service, limit=40)),
        )
    print_text(f"{own_id}: {len(found)} traces in {store}, the newest first")
    console().print(table)
    print_text(f"pywats trace {found[0].trace_id} shows the newest one.")


def _time(nanoseconds: int) -> str:
    time = datetime.fromtimestamp(nanoseconds / 1e9, UTC)
    return time.strftime("%Y-%m-%d %H:%M:%S UTC")
