"""Lists of models, shown as a table in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ModelList"]

T = TypeVar("T")

_ROWS: Final = 60
_CHARACTERS: Final = 80


class ModelList(list[T]):
    """A list, equal to any list with the same items.

    Jupyter shows a list of models as a table: a column for each field with a value in any row, at
    most 60 rows, texts cut after 80 characters. ``pandas.DataFrame(map(dict, rows))`` makes a data
    frame with a column for each field.
    """

    def _repr_html_(self) -> str | None:
        """Return the table; None, if an item is not a model, selects the plain representation."""
        rows = [item for item in self if isinstance(item, BaseModel)]
        if not rows or len(rows) != len(self):
            return None
        from html import escape  # noqa: PLC0415 - 1.5 ms of the first call of every program

        shown = rows[:_ROWS]
        columns = _columns(shown)
        head = "".join(f"<th>{escape(name)}</th>" for name in columns)
        cells = [[f"<td>{escape(text)}</td>" for text in _texts(row, columns)] for row in shown]
        body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
        more = len(rows) - len(shown)
        rest = f"<p>… and {more} more rows</p>" if more else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _columns(rows: Sequence[BaseModel]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(name for name, value in row if value is not None))
    return list(found)


def _texts(row: BaseModel, columns: Sequence[str]) -> list[str]:
    values = dict(row)
    return [_text(values.get(name)) for name in columns]


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}…"
