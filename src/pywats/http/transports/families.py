"""httpx and its fork httpx2: one interface, unrelated classes."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["base_in", "family_of", "is_http_transport"]

# Packages with the classes of httpx, and the packages below them.
_NAMES = frozenset({"httpx", "httpx2", "httpcore", "httpcore2"})


def family_of(request: object) -> Any:
    """Return the package that a request is of, ``httpx`` or ``httpx2``."""
    for base in type(request).__mro__:
        name = base.__module__.partition(".")[0]
        if name in _NAMES:
            return sys.modules[name]
    return sys.modules["httpx"]


def base_in(error: BaseException) -> str:
    """Return the name of the nearest class of an error that is of one of the packages."""
    for kind in type(error).__mro__:
        if kind.__module__.partition(".")[0] in _NAMES:
            return kind.__name__
    return ""


def is_http_transport(transport: object) -> bool:
    """Return whether a transport is the one of the packages that opens connections."""
    return any(
        kind.__name__ == "AsyncHTTPTransport" and kind.__module__.partition(".")[0] in _NAMES
        for kind in type(transport).__mro__
    )
