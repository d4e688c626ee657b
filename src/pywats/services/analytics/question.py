"""Queries that are sent as POST and change nothing on the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import JsonValue, TypeAdapter

from pywats import validation
from pywats.http.port import Request
from pywats.models import WatsFilter
from pywats.services import arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.http.port import QueryValue

__all__ = [
    "checked_filter",
    "dimensions_query",
    "ids_text",
    "list_text",
    "question",
    "require_fields",
]

_SEPARATOR = ";"
_BODY: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def question(
    template: str,
    filter: WatsFilter,
    *,
    query: Mapping[str, QueryValue | None] | None = None,
    further: Mapping[str, JsonValue] | None = None,
) -> Request:
    """Return a query about the reports of a filter, as a request that is safe to send twice.

    Args:
        template: Path of the operation.
        filter: Which reports count.
        query: Query parameters.
        further: Fields of the body beside the fields of the filter; None leaves a field out.

    Raises:
        TypeError: ``filter`` is not a `WatsFilter`.
        ValueError: Its time ends before it begins.
    """
    content = checked_filter(filter).to_wire_json()
    added: dict[str, JsonValue] = {
        name: value for name, value in (further or {}).items() if value is not None
    }
    if added:
        content = _BODY.dump_json(_BODY.validate_json(content) | added)
    return Request(
        method="POST", template=template, query=query or {}, content=content, idempotent=True
    )


def checked_filter(value: object) -> WatsFilter:
    """Return the value if it is a valid filter.

    Raises:
        TypeError: The value is not a `WatsFilter`.
        ValueError: Its time ends before it begins.
    """
    checked = arguments.instance("filter", value, WatsFilter)
    first, last = checked.date_from, checked.date_to
    if first is not None and last is not None and last < first:
        raise ValueError(f"filter.date_to={last} is before date_from={first}")
    return checked


def require_fields(filter: WatsFilter, *names: str) -> None:
    """Raise if a filter lacks a field that the API requires for a query.

    Raises:
        ValueError: One of these fields is None.
    """
    for name in names:
        if getattr(filter, name) is None:
            raise ValueError(f"filter.{name} is None: the API requires it here")


def dimensions_query(
    filter: WatsFilter, dimensions: str | Iterable[str] | None
) -> dict[str, QueryValue | None]:
    """Return the query parameter that names dimensions.

    Raises:
        TypeError: ``filter`` or ``dimensions`` is not as described.
        ValueError: The filter names dimensions too.
    """
    if dimensions is not None and checked_filter(filter).dimensions is not None:
        raise ValueError(
            f"dimensions={dimensions!r}: cannot stand beside "
            f"filter.dimensions={filter.dimensions!r}"
        )
    return {"dimensions": list_text("dimensions", dimensions)}


def ids_text(name: str, value: object) -> str:
    """Return ids as the API writes them: a number, or a text with ``;`` between several.

    Raises:
        TypeError: The value is neither a string nor a whole number.
        ValueError: The text is blank, or the number is below 0.
    """
    if isinstance(value, int):
        return str(validation.whole_number(name, value, 0))
    return arguments.text(name, value)


def list_text(name: str, value: str | Iterable[str] | None) -> str | None:
    """Return texts as the API writes a list: with ``;`` between them.

    Args:
        name: Name of the argument.
        value: The texts, or one text that is such a list already, or None.

    Raises:
        TypeError: The value is neither a string nor an iterable of strings.
        ValueError: The list is empty, or one of the texts is blank.
    """
    if value is None or isinstance(value, str):
        return arguments.optional_text(name, value)
    if not isinstance(value, Iterable):
        raise TypeError(
            f"{name}={value!r}: must be a string or strings, not {type(value).__name__}"
        )
    texts = [arguments.text(f"{name}[{index}]", each) for index, each in enumerate(value)]
    if not texts:
        raise ValueError(f"{name} is empty: leave it out, or name at least one")
    return _SEPARATOR.join(texts)
