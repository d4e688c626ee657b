"""Convert any object, such as a value of a log record's ``extra``, to plain JSON values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time
from enum import Enum
from typing import TypeAlias, cast

from pywats.observability.safe_text import exportable, text_of

__all__ = ["JsonValue", "plain"]

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

_DEEPEST = 32
# pydantic_core writes integers of any size, but a JSON parser may refuse integers with more bits.
_MOST_BITS = 4096


def plain(value: object) -> JsonValue:
    """Return the value as plain JSON values; it never raises.

    Objects without a counterpart in JSON become their ``str()``. A circular reference, nesting
    deeper than 32 levels, and an object that cannot be read become a text that says so.
    """
    return _plain(value, ())


def _plain(value: object, around: tuple[int, ...]) -> JsonValue:
    try:
        simple = _simple(value)
        if simple is not _COMPOUND:
            return cast("JsonValue", simple)
        if id(value) in around:
            return "<circular reference>"
        if len(around) >= _DEEPEST:
            return "<nested too deep>"
        return _compound(value, (*around, id(value)))
    except Exception:  # noqa: BLE001 - the class of the object may raise anything
        return f"<unprintable {type(value).__name__} object>"


_COMPOUND = object()


def _simple(value: object) -> object:
    """Return the value as a JSON value if it is not a container, else `_COMPOUND`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value, ())
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _MOST_BITS else hex(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _nonfinite(value)
    if isinstance(value, str):
        return exportable(str(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return exportable(bytes(value).decode("utf-8", "backslashreplace"))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, BaseException):
        return exportable(f"{type(value).__name__}: {text_of(value)}")
    if isinstance(value, Mapping | list | tuple | AbstractSet) or _is_dataclass(value):
        return _COMPOUND
    return exportable(text_of(value))


def _nonfinite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _is_dataclass(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _compound(value: object, around: tuple[int, ...]) -> JsonValue:
    if isinstance(value, Mapping):
        return {_key(key): _plain(each, around) for key, each in value.items()}
    if isinstance(value, list | tuple | AbstractSet):
        return [_plain(each, around) for each in value]
    names = [field.name for field in dataclasses.fields(value)]  # type: ignore[arg-type]  # _simple has looked
    return {name: _plain(getattr(value, name), around) for name in names}


def _key(key: object) -> str:
    simple = _simple(key)
    if isinstance(simple, str):
        return simple
    return exportable(text_of(key))
