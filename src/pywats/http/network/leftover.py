"""Check whether a connection has read more than the response.

A server may send more than its Content-Length says, or bytes that were not requested, in the same
packet as the response. These bytes then wait in the parser, where a check of the socket does not
find them. They would be read as the response to the next request, perhaps of another caller on
another thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpcore

__all__ = ["has_leftover"]


def has_leftover(
    connection: httpcore.ConnectionInterface | httpcore.AsyncConnectionInterface,
) -> bool:
    """Return whether an idle connection has bytes that do not belong to any request.

    httpcore does not expose this, so its parser is read from a private attribute, which
    `tests/http/network/test_leftover.py` checks. Without that attribute, True is returned: a new
    connection is better than the response to another request.
    """
    innermost: object = connection
    while (inner := getattr(innermost, "_connection", None)) is not None:
        innermost = inner
    parser = getattr(innermost, "_h11_state", None)
    return parser is None or bool(parser.trailing_data[0])
