"""Times of the sandbox in a form that can be compared, whatever their offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["time_of"]


def time_of(value: JsonValue) -> datetime:
    """Return a time in UTC; a time without a zone is taken as UTC.

    Raises:
        ApiError: It is not a time (400).
    """
    try:
        time = datetime.fromisoformat(str(value))
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ApiError(400, f"The value '{value}' is not a date and time.") from error
