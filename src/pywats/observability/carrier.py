"""Read the carriers of frameworks, message brokers and tests: headers of any shape, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias, runtime_checkable

from pywats.observability.guard import report

__all__ = ["Carrier", "texts_of"]


@runtime_checkable
class _HasItems(Protocol):
    """The headers of Werkzeug, Starlette, httpx, aiohttp and the standard library's ``email``."""

    def items(self) -> Iterable[tuple[object, object]]: ...


Carrier: TypeAlias = (
    Mapping[str, object]
    | Mapping[bytes, object]
    | _HasItems
    | Iterable[tuple[str | bytes, object]]
    | None
)
"""Names and values, as a mapping or as pairs."""

# Prefix of header names in WSGI environments and in Django's request.META (PEP 3333).
_WSGI_PREFIX = "http_"


def texts_of(carrier: Carrier) -> dict[str, list[str]]:
    """Return the values of each header by its name in lower case.

    A header that cannot be read is left out. If the carrier itself cannot be read, the result has
    no further headers, and the failure is logged once.
    """
    texts: dict[str, list[str]] = {}
    try:
        for name, value in _pairs(carrier):
            key = _text(name)
            if key is not None:
                texts.setdefault(_header_name(key), []).extend(_values(value))
    except Exception as error:  # noqa: BLE001 - the object of the framework may raise anything
        report("reading a carrier", error)
    return texts


def _pairs(carrier: Carrier) -> Iterable[tuple[object, object]]:
    if carrier is None:
        return ()
    if isinstance(carrier, _HasItems):
        return carrier.items()
    return carrier


def _header_name(name: str) -> str:
    lower = name.lower()
    if lower.startswith(_WSGI_PREFIX):
        return lower.removeprefix(_WSGI_PREFIX).replace("_", "-")
    return lower


def _values(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for each in value if (text := _text(each)) is not None]
    text = _text(value)
    return [] if text is None else [text]


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        # Header fields are bytes; Latin-1 can decode every byte.
        return bytes(value).decode("latin-1")
    return None
