"""The method of a request, as the semantic conventions of HTTP record it (1.23).

Methods that are not known are recorded as ``_OTHER``: the attribute of a metric must not have a new
value for each text that a program sends.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Final

__all__ = ["OTHER", "recorded_method"]

OTHER: Final = "_OTHER"

# The methods of RFC 9110 section 9, PATCH of RFC 5789, and QUERY.
_METHODS: Final = frozenset(
    {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
)
_VARIABLE: Final = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"


@cache
def _known_methods() -> frozenset[str]:
    """Return the known methods; the variable replaces the whole list, as the conventions ask."""
    given = frozenset(name.strip() for name in os.environ.get(_VARIABLE, "").split(","))
    return given - {""} or _METHODS


def recorded_method(method: str) -> str:
    """Return the value of ``http.request.method``: the method, or ``_OTHER`` if it is not known."""
    return method if method in _known_methods() else OTHER
