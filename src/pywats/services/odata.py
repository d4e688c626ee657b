"""OData literals and query options (OData 4 URL conventions, section 5.1.1.6)."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pywats import validation
from pywats.services import arguments

if TYPE_CHECKING:
    from pywats.http.port import QueryValue

__all__ = ["all_of", "odata_literal", "query_options", "string_literal", "time_literal"]


def string_literal(text: str) -> str:
    """Quote a text for use in an OData filter.

    Args:
        text: Any text.

    Returns:
        The text in single quotes, each quote inside doubled: ``'O''Brien'``.
    """
    return "'" + text.replace("'", "''") + "'"


def odata_literal(value: str | float | bool | datetime | UUID | None) -> str:  # noqa: FBT001 - any value
    """Return a value as an OData literal, with quotes in it escaped.

    ``f"partNumber eq {odata_literal(part_number)}"`` is right for every part number.

    Args:
        value: A text, a number, a boolean, a time with a time zone, a UUID, or None.

    Returns:
        The literal: ``'O''Brien'``, ``4.5``, ``true``, ``2026-01-02T03:04:05.000000Z``,
        the UUID without quotes, ``null``.

    Raises:
        TypeError: The value is of another type.
        ValueError: The time has no time zone, or the number is not finite.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string_literal(value)
    if isinstance(value, datetime):
        return time_literal(arguments.aware_time("value", value))
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"value={value!r}: must be a finite number")
        return repr(value)
    raise TypeError(
        f"value={value!r}: must be a str, a number, a bool, a datetime, a UUID or None, not "
        f"{type(value).__name__}"
    )


def query_options(
    *,
    filter: str | None = None,
    top: int | None = None,
    skip: int | None = None,
    orderby: str | None = None,
) -> dict[str, QueryValue | None]:
    """Return the query parameters of an OData query.

    Args:
        filter: A boolean expression such as ``partNumber eq 'A'``.
        top: Return the largest number of rows.
        skip: Number of rows to skip at the start.
        orderby: A field name, optionally followed by ``asc`` or ``desc``; more after commas.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A text is empty, ``top`` is below 1 or ``skip`` below 0.
    """
    return {
        "$filter": arguments.optional_text("filter", filter),
        "$top": None if top is None else validation.whole_number("top", top, 1),
        "$skip": None if skip is None else validation.whole_number("skip", skip, 0),
        "$orderby": arguments.optional_text("orderby", orderby),
    }


def all_of(*clauses: str | None) -> str | None:
    """Join filters with ``and``.

    Args:
        clauses: Boolean expressions; None is skipped.

    Returns:
        An expression that is true if all clauses are true; None without clauses.
    """
    given = [clause for clause in clauses if clause is not None]
    if len(given) > 1:
        return " and ".join(f"({clause})" for clause in given)
    return given[0] if given else None


def time_literal(time: datetime) -> str:
    """Return a time for use in an OData filter, in UTC and unquoted.

    Args:
        time: A time with a time zone.

    Returns:
        The time with all its digits, so that it equals the time of a row with as many digits.
    """
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
