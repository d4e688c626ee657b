"""Parse the head of an ordinary response fast; h11 parses all other responses.

A head that is not recognised here is not an error: `pywats.http.network.http1.h11_response` parses
it. `tests/http/network/http1/test_like_httpcore.py` shows that h11 would parse every head that is
recognised here in the same way. So most responses skip h11, and no check of h11 is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pywats.http.network.http1.message import Header

__all__ = ["ResponseHead", "recognise"]

# The same characters as in h11: it refuses only the control characters that may end a line or a
# string. A line that begins with a space continues the line before: that is left to h11.
_HEAD: Final = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9][0-9])(?: ([^\x00\n\r\x0b\x0c]*))?\r\n"
    rb"((?:[-!#$%&'*+.^_`|~0-9a-zA-Z]+:[^\x00\n\r\x0b\x0c]*\r\n)*)\r\n"
)
_FIELDS: Final = re.compile(rb"([^:]+):[ \t]*([^\r]*)\r\n")
_LENGTH: Final = re.compile(rb"[0-9]{1,20}")
# Statuses without a body (RFC 9110 sections 15.3.5 and 15.4.5).
_WITHOUT_BODY: Final = frozenset({204, 304})


class ResponseHead(NamedTuple):
    """The head of a response, parsed.

    Attributes:
        status: The HTTP status.
        reason: The reason phrase.
        headers: The header fields as they were received.
        length: Length of the body in bytes.
        end: Position in the received bytes at which the head ends.
    """

    status: int
    reason: bytes
    headers: list[Header]
    length: int
    end: int


def recognise(received: bytes, method: str) -> ResponseHead | None:
    """Return the parsed head of a response; None if it is not an ordinary head.

    An ordinary head is complete, final, of HTTP/1.1 and well formed. It has one valid
    Content-Length and leaves the connection open.

    Args:
        received: All bytes received so far.
        method: The method of the request, which is not CONNECT.
    """
    match = _HEAD.match(received)
    if match is None:
        return None
    length = None
    headers: list[Header] = []
    for name, value in _FIELDS.findall(match[3]):
        value = value.rstrip(b" \t")  # noqa: PLW2901 - the value without the whitespace around it
        headers.append((name, value))
        if name[0] in b"CcTtUu":
            known = name.lower()
            if known == b"content-length":
                if length is not None or _LENGTH.fullmatch(value) is None:
                    return None
                length = int(value)
            elif known in {b"transfer-encoding", b"upgrade"} or (
                known == b"connection" and value.lower() != b"keep-alive"
            ):
                return None
    status = int(match[1])
    if method == "HEAD" or status in _WITHOUT_BODY:
        length = 0
    elif length is None:
        # The end of the connection ends the body.
        return None
    return ResponseHead(status, match[2] or b"", headers, length, match.end())
