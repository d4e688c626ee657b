"""Check arguments; every error message has the name, the value and the allowed values."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import Enum
from typing import Final, Literal, TypeVar, overload

__all__ = ["NOT_GIVEN", "Duration", "NotGiven", "TimeoutOption"]

Duration = float | timedelta
"""A length of time: seconds, or a `datetime.timedelta`."""

T = TypeVar("T")

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ID = re.compile(r"[A-Za-z0-9._:/-]{1,128}")


class NotGiven(Enum):
    """The type of `NOT_GIVEN`, which marks an omitted argument where None has a meaning."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final[Literal[NotGiven.NOT_GIVEN]] = NotGiven.NOT_GIVEN

TimeoutOption = Duration | NotGiven | None
"""A limit in seconds, None for no limit, or `NOT_GIVEN` for the configured limit."""


def seconds(name: str, value: object) -> float:
    """Return the duration in seconds.

    Raises:
        TypeError: The value is neither a number nor a timedelta.
        ValueError: The value is not a finite number above 0.
    """
    if isinstance(value, timedelta):
        number = value.total_seconds()
    else:
        number = real_number(name, value, "a number of seconds above 0, or a timedelta")
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name}={value!r}: must be a finite number of seconds above 0")
    return number


def optional_seconds(name: str, value: object) -> float | None:
    """Return the duration in seconds, or None, which means no limit."""
    if value is None:
        return None
    try:
        return seconds(name, value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}; None means no limit") from None


@overload
def in_seconds(duration: Duration) -> float: ...
@overload
def in_seconds(duration: Duration | None) -> float | None: ...
def in_seconds(duration: Duration | None) -> float | None:
    """Return an already checked duration as a number of seconds."""
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


def real_number(name: str, value: object, allowed: str) -> float:
    """Return the value as a float; a bool is rejected, although it is an int in Python."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}={value!r}: must be {allowed}, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        # An int beyond the range of floats; the caller rejects infinity.
        return math.inf


def whole_number(name: str, value: object, minimum: int) -> int:
    """Return the value if it is an int of at least ``minimum``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(
            f"{name}={value!r}: must be an integer >= {minimum}, not {type(value).__name__}"
        )
    if value < minimum:
        raise ValueError(f"{name}={value!r}: must be an integer >= {minimum}")
    return value


def number_at_least(name: str, value: object, minimum: float) -> float:
    """Return the value if it is a finite number of at least ``minimum``."""
    number = real_number(name, value, f"a number >= {minimum:g}")
    if not (math.isfinite(number) and number >= minimum):
        raise ValueError(f"{name}={value!r}: must be a finite number >= {minimum:g}")
    return number


def ratio(name: str, value: object) -> float:
    """Return the value if it is a number above 0, and 1 at most."""
    allowed = "a number above 0, and 1 at most"
    number = real_number(name, value, allowed)
    if not 0 < number <= 1:
        raise ValueError(f"{name}={value!r}: must be {allowed}")
    return number


def boolean(name: str, value: object) -> bool:
    """Return the value if it is a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}={value!r}: must be True or False, not {type(value).__name__}")
    return value


def hook(name: str, value: Callable[[T], object] | None) -> Callable[[T], object] | None:
    """Return the value if it is callable, or None, which means no hook."""
    if value is not None and not callable(value):
        raise TypeError(f"{name}={value!r}: must be a function, not {type(value).__name__}")
    if inspect.iscoroutinefunction(value):
        raise TypeError(f"{name}={value!r}: must be a plain function; nobody awaits an async one")
    return value


def exception_types(name: str, value: object) -> tuple[type[Exception], ...]:
    """Return the classes as a tuple; a single class is accepted too."""
    allowed = "an Exception class, or an iterable of Exception classes such as ConnectionError"
    if isinstance(value, type):
        value = (value,)
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise TypeError(f"{name}={value!r}: must be {allowed}")
    types: list[type[Exception]] = []
    for item in value:
        if not isinstance(item, type) or not issubclass(item, Exception):
            raise TypeError(f"{name}: {item!r} is not {allowed}")
        types.append(item)
    return tuple(types)


def error_rules(name: str, value: object) -> tuple[object, ...]:
    """Return classes and predicates as a tuple; a single one is accepted too."""
    allowed = (
        "an Exception class, a function of the exception that returns True, False or seconds, or "
        "an iterable of these"
    )
    if isinstance(value, type) or callable(value):
        value = (value,)
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise TypeError(f"{name}={value!r}: must be {allowed}")
    rules = tuple(value)
    for item in rules:
        if isinstance(item, type):
            if not issubclass(item, Exception):
                raise TypeError(f"{name}: {item!r} is not {allowed}")
        elif not callable(item):
            raise TypeError(f"{name}: {item!r} is not {allowed}")
        elif inspect.iscoroutinefunction(item):
            raise TypeError(f"{name}: {item!r} must be a plain function, not an async one")
    return rules


def statuses(name: str, value: object) -> frozenset[int]:
    """Return the HTTP error statuses as a frozenset."""
    allowed = "an iterable of HTTP error statuses (400 to 599)"
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise TypeError(f"{name}={value!r}: must be {allowed}")
    numbers: set[int] = set()
    for item in value:
        if isinstance(item, bool) or not isinstance(item, int):
            raise TypeError(f"{name}: {item!r} is not an integer; must be {allowed}")
        if not 400 <= item <= 599:  # noqa: PLR2004 - RFC 9110 sections 15.5 and 15.6
            raise ValueError(f"{name}: {item} is outside 400 to 599; must be {allowed}")
        numbers.add(int(item))
    return frozenset(numbers)


def header_name(name: str, value: object) -> str:
    """Return the value if it is a field name of RFC 9110 section 5.1."""
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r}: must be a string, not {type(value).__name__}")
    if not _HEADER_NAME.fullmatch(value):
        raise ValueError(f"{name}={value!r}: must be an HTTP header name such as X-Correlation-ID")
    return value


def encodable(name: str, value: str) -> str:
    """Return the text if UTF-8 can encode it.

    Python reads the bytes of a file name, of an argument or of a variable of the environment that
    are not UTF-8 as surrogates, which have no encoding.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        shown = value if len(value) <= 40 else value[:40] + "…"  # noqa: PLR2004 - one line
        raise ValueError(
            f"{name}={shown!r}: UTF-8 cannot encode it, because it holds a surrogate: read it "
            "with the encoding that it was written in"
        ) from None
    return value


def correlation_id_text(name: str, value: object) -> str:
    """Return the value if it can be used in a header and a log line without escaping."""
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r}: must be a string, not {type(value).__name__}")
    if not _ID.fullmatch(value):
        shown = value if len(value) <= 40 else value[:40] + "…"  # noqa: PLR2004 - one line
        raise ValueError(f"{name}={shown!r}: must be 1 to 128 characters of A-Z a-z 0-9 . _ : / -")
    return value
