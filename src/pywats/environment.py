"""Read settings from environment variables if the program does not set them.

Each variable is read when a settings object is made, not on import. An empty variable counts as
not set.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from pywats import validation
from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cert", "deadline", "max_connection_age", "max_retries", "retry_backoff", "timeout"]

T = TypeVar("T")

_LIMIT = "a number of seconds above 0, or none for no limit"


def timeout(default: float | None) -> float | None:
    """Return ``PYWATS_TIMEOUT`` in seconds (None for no limit), else the default."""
    return _read("PYWATS_TIMEOUT", _limit, _LIMIT, default)


def deadline(default: float | None) -> float | None:
    """Return ``PYWATS_DEADLINE`` in seconds (None for no limit), else the default."""
    return _read("PYWATS_DEADLINE", _limit, _LIMIT, default)


def max_retries(default: int) -> int:
    """Return ``PYWATS_MAX_RETRIES``, else the default."""
    return _read("PYWATS_MAX_RETRIES", _count, "an integer >= 0", default)


def retry_backoff(default: float) -> float:
    """Return ``PYWATS_RETRY_BACKOFF`` in seconds, else the default."""
    return _read("PYWATS_RETRY_BACKOFF", _base, "a number >= 1", default)


def slow_call(default: float | None) -> float | None:
    """Return ``PYWATS_SLOW_CALL`` in seconds (None for no limit), else the default."""
    return _read("PYWATS_SLOW_CALL", _limit, _LIMIT, default)


def max_connection_age(default: float | None) -> float | None:
    """Return ``PYWATS_MAX_CONNECTION_AGE`` in seconds (None for no limit), else the default."""
    return _read("PYWATS_MAX_CONNECTION_AGE", _limit, _LIMIT, default)


def cert() -> str | None:
    """Return ``PYWATS_CERT``, the path of a PEM file with certificate and key; None for none."""
    return os.environ.get("PYWATS_CERT", "").strip() or None


def _read(variable: str, parse: Callable[[str], T], allowed: str, default: T) -> T:
    text = os.environ.get(variable, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError:
        raise ValueError(
            f"{variable}={one_line(text)!r} in the environment: must be {allowed}"
        ) from None


def _limit(text: str) -> float | None:
    return None if text.lower() == "none" else validation.seconds("limit", float(text))


def _count(text: str) -> int:
    return validation.whole_number("count", int(text), 0)


def _base(text: str) -> float:
    return validation.number_at_least("base", float(text), 1)
