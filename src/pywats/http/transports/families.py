"""Tell httpx from its fork httpx2: the interface is the same, but the classes are unrelated."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["base_in", "family_of", "is_http_transport"]

# httpx and its fork, and the packages that they are built on. httpcore lets errors of h11 pass if
# a body does not fit its Content-Length.
_NAMES = frozenset({"httpx", "httpx2", "httpcore", "httpcore2", "h11"})


_OPENING = frozenset({"AsyncHTTPTransport", "HTTPTransport"})


def family_of(request: object) -> Any:
    """Return the package that the class of a request is from, ``httpx`` or ``httpx2``."""
    for base in type(request).__mro__:
        name = base.__module__.partition(".")[0]
        if name in _NAMES:
            return sys.modules[name]
    return sys.modules["httpx"]


def base_in(error: object) -> str:
    """Return the name of the first base class of an error that is from one of the packages."""
    for kind in type(error).__mro__:
        if kind.__module__.partition(".")[0] in _NAMES:
            return kind.__name__
    return ""


def is_http_transport(transport: object) -> bool:
    """Return whether a transport is one of the package's own that open connections."""
    return any(
        kind.__name__ in _OPENING and kind.__module__.partition(".")[0] in _NAMES
        for kind in type(transport).__mro__
    )
