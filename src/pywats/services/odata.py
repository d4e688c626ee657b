"""OData literals and query options (OData 4 URL conventions, section 5.1.1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.services import arguments

if TYPE_CHECKING:
    from pywats.http.port import QueryValue

__all__ = ["query_options", "string_literal"]


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
