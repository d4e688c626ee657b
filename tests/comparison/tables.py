"""The tables of docs/explanation/comparison.md and of the README."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "comparison.md"
README = ROOT / "README.md"


@dataclass(frozen=True)
class Row:
    """One line of a table: what is promised, a cell for each subject, and the test.

    Attributes:
        promise: The first cell.
        cells: The others, by the heads of their columns.
    """

    promise: str
    cells: dict[str, str]


def rows(path: Path) -> list[Row]:
    """Return all rows of all tables of a page."""
    found: list[Row] = []
    head: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            head = []
            continue
        first, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif not first.startswith("---"):
            found.append(Row(first, dict(zip(head, cells, strict=True))))
    return found


def cell(test: str, column: str) -> str:
    """Return what the page says of a subject in the row that a test proves."""
    (row,) = [row for row in rows(PAGE) if row.cells.get("test") == f"`{test}`"]
    return row.cells[column]


def verdict(holds: bool) -> str:  # noqa: FBT001 - read as a sentence where it is used
    """Return the cell that says so."""
    return "✓" if holds else "–"  # noqa: RUF001 - the dash of the tables
