"""JSON documents: lists of objects inside them, and the canonical form of their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["report_key", "rows_of"]


def rows_of(row: Row, name: str) -> list[Row]:
    """Return a list of objects; an empty list if the row has none."""
    items = row.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def report_key(text: str) -> str:
    """Return the canonical form of a report id.

    Raises:
        ApiError: It is not a UUID (400).
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for an id.") from error
