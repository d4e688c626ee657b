"""OData literals and query options (OData 4 URL conventions, section 5.1.1.6)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from pywats import validation
from pywats.services import arguments

if TYPE_CHECKING:
    from datetime import datetime

    from pywats.http.port import QueryValue

__all__ = ["all_of", "query_options", "string_literal", "time_literal"]


def string_literal(text: str) -> str:
    """Quote a text for use in an OData filter.

    Args:
        text: Any text.

    Returns:
        The text in single quotes, each quote inside doubled: ``'O''Brien'``.
    """
    return "'" + text.replace("'", "''") + "'"


def query_options(
    *,
    filter: str | None = None,  # noqa: A002 - named as the API names it
    top: int | None = None,
    skip: int | None = None,
    orderby: str | None = None,
) -> dict[str, QueryValue | None]:
    """Return the query parameters of an OData query.

    Args:
        filter: A boolean expression such as ``partNumber eq 'A'``.
        top: Return at most so many rows.
        skip: Leave out so many rows at the start.
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
        clauses: Boolean expressions; those that are None are left out.

    Returns:
        An expression that is true if all are; None if there is none.
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
        The time with all its digits, so that it equals the time of a row that has them.
    """
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
