"""Whether a connection has read more than the response that was asked for.

A server that sends more than its Content-Length promised, or something unasked,
may send it in the same packet as the response. Those bytes then wait in the
parser, where no look at the socket finds them, and would be taken for the
response to the next request: of another caller, perhaps of another thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpcore

__all__ = ["has_leftover"]


def has_leftover(
    connection: httpcore.ConnectionInterface | httpcore.AsyncConnectionInterface,
) -> bool:
    """Return whether an idle connection has bytes that belong to no request.

    httpcore does not tell, so its parser is asked behind its back;
    `tests/http/network/test_leftover.py` holds it to that. Where it
    has none, True is returned: better a new connection than the response to another request.
    """
    innermost: object = connection
    while (inner := getattr(innermost, "_connection", None)) is not None:
        innermost = inner
    parser = getattr(innermost, "_h11_state", None)
    return parser is None or bool(parser.trailing_data[0])
