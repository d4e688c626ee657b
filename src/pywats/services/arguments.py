"""Checks of service arguments that run before any request is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum, IntFlag
from typing import TypeVar
from uuid import UUID

from pywats import validation

__all__ = [
    "aware_time",
    "content",
    "days_ago",
    "flags",
    "instance",
    "instances",
    "iterable",
    "member",
    "optional_boolean",
    "optional_text",
    "optional_time",
    "optional_uuid_text",
    "text",
    "uuid_text",
    "uuid_texts",
]

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)
F = TypeVar("F", bound=IntFlag)


def text(name: str, value: object) -> str:
    """Return the value if it is a text that is not blank.

    Raises:
        TypeError: The value is not a string.
        ValueError: The text is empty or blank, or UTF-8 cannot encode it.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r}: must be a non-empty string, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name}={value!r}: must be a non-empty string")
    return validation.encodable(name, value)


def optional_text(name: str, value: object) -> str | None:
    """Return the value if it is None or a text that is not blank."""
    return None if value is None else text(name, value)


def uuid_text(name: str, value: object) -> str:
    """Return the text of a UUID as it was given.

    Raises:
        TypeError: The value is neither a `uuid.UUID` nor a string.
        ValueError: The string is not a UUID.
    """
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r}: must be a UUID, not {type(value).__name__}")
    try:
        UUID(value)
    except ValueError:
        raise ValueError(f"{name}={value!r}: must be a UUID") from None
    return value


def optional_uuid_text(name: str, value: object) -> str | None:
    """Return None for None, else the text of a UUID as it was given."""
    return None if value is None else uuid_text(name, value)


def uuid_texts(name: str, value: object) -> str:
    """Return the texts of one UUID or more, with commas between them.

    Raises:
        TypeError: The value is not an iterable of UUIDs and strings.
        ValueError: The iterable is empty, or a string in it is not a UUID.
    """
    texts = [uuid_text(f"{name}[{i}]", item) for i, item in enumerate(iterable(name, value))]
    if not texts:
        raise ValueError(f"{name}={value!r}: must hold at least one UUID")
    return ",".join(texts)


def days_ago(days: int) -> datetime:
    """Return the time that is a number of days before now, in UTC.

    Raises:
        TypeError: ``days`` is not a whole number.
        ValueError: ``days`` is below 1, or the time is before the year 1.
    """
    validation.whole_number("days", days, 1)
    try:
        return datetime.now(UTC) - timedelta(days=days)
    except OverflowError:
        raise ValueError(f"days={days}: reaches back beyond the year 1") from None


def instance(name: str, value: object, kind: type[T]) -> T:
    """Return the value if it is of the class.

    Raises:
        TypeError: The value has another type.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name}={value!r}: must be a {kind.__name__}, not {type(value).__name__}")
    return value


def instances(name: str, value: object, kind: type[T]) -> list[T]:
    """Return the values as a list if there is one at least and all are of the class.

    Raises:
        TypeError: The value is not an iterable of this class.
        ValueError: The value is empty.
    """
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | dict | kind):
        raise TypeError(f"{name}={value!r}: must be a sequence of {kind.__name__}")
    items = [instance(f"{name}[{index}]", item, kind) for index, item in enumerate(value)]
    if not items:
        raise ValueError(f"{name}={value!r}: must hold at least one {kind.__name__}")
    return items


def iterable(name: str, value: object) -> list[object]:
    """Return the values as a list.

    Raises:
        TypeError: The value is not an iterable, or is a string: iterating over its characters
            would be a mistake.
    """
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise TypeError(f"{name}={value!r}: must be a sequence, not {type(value).__name__}")
    return list(value)


def member(name: str, value: object, kind: type[E]) -> E:
    """Return the member of the enumeration that the value is or numbers.

    Raises:
        TypeError: The value is neither a member nor an int.
        ValueError: No member has this number.
    """
    allowed = ", ".join(f"{each.value} ({each.name})" for each in kind)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}={value!r}: must be one of {allowed}, not {type(value).__name__}")
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{name}={value!r}: must be one of {allowed}") from None


def flags(name: str, value: object, kind: type[F]) -> F:
    """Return the flags that the value is or numbers, one at least.

    Raises:
        TypeError: The value is neither a flag nor an int.
        ValueError: The value has no flag, or is not a sum of flags.
    """
    allowed = f"a sum of {', '.join(f'{each.value} ({each.name})' for each in kind)}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}={value!r}: must be {allowed}, not {type(value).__name__}")
    if value <= 0 or value & ~sum(kind):
        raise ValueError(f"{name}={value!r}: must be {allowed}")
    return kind(value)


def optional_boolean(name: str, value: object) -> bool | None:
    """Return the value if it is None, True or False.

    Raises:
        TypeError: The value has another type.
    """
    return None if value is None else validation.boolean(name, value)


def content(name: str, value: object) -> bytes:
    """Return the value if it is bytes that are not empty.

    Raises:
        TypeError: The value is not bytes.
        ValueError: The value is empty.
    """
    if not isinstance(value, bytes):
        raise TypeError(f"{name}: must be bytes, not {type(value).__name__}")
    if not value:
        raise ValueError(f"{name} is empty")
    return value


def aware_time(name: str, value: object) -> datetime:
    """Return the value if it is a time with a time zone.

    Raises:
        TypeError: The value is not a `datetime.datetime`.
        ValueError: The time has no time zone, so its meaning would depend on the machine.
    """
    if not isinstance(value, datetime):
        raise TypeError(f"{name}={value!r}: must be a datetime, not {type(value).__name__}")
    if value.tzinfo is None:
        raise ValueError(
            f"{name}={value!r}: must have a time zone, for example {name}.astimezone() for local "
            "time"
        )
    return value


def optional_time(name: str, value: object) -> str | None:
    """Return the value in ISO 8601 if it is None or a time with a time zone."""
    return None if value is None else aware_time(name, value).isoformat()
