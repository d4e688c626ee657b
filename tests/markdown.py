"""Pieces of Markdown that generated pages are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a row is not broken by a vertical bar in a cell."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def tables(text: str) -> list[tuple[list[str], list[list[str]]]]:
    """Return the tables of a page, each as its head and its rows."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE):
        head, _, *rows = (
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        )
        found.append((head, rows))
    return found


def code(names: Iterable[str]) -> str:
    """Return the names as code, with commas between them."""
    return ", ".join(f"`{name}`" for name in names)


def from_docstring(text: str) -> str:
    """Return a paragraph of a docstring as one line, its code in Markdown's own marks."""
    return " ".join(re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL).split())


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)
