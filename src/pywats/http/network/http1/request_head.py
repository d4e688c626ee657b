"""Encode request line and header fields, and check them, so that no server can misread them.

Ordinary requests are checked and encoded here. h11 encodes all other requests, or refuses them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import h11
import httpcore

from pywats.http.network.http1.field_syntax import is_target, is_token, is_value

if TYPE_CHECKING:
    from pywats.http.network.http1.message import Header, Message

__all__ = ["CHUNKED", "RequestHead", "encode_head"]

CHUNKED: Final = -1
"""Used in place of a length: the body is sent with the chunked transfer coding."""

_is_length: Final = re.compile(rb"[0-9]{1,20}").fullmatch


class RequestHead(NamedTuple):
    """The head of a request.

    Attributes:
        encoded: The bytes of the head.
        length: Length of the body, or `CHUNKED`.
        ordinary: True if no field changes how the response is read, or whether another request
            can follow.
    """

    encoded: bytes
    length: int
    ordinary: bool


def encode_head(message: Message) -> RequestHead:
    """Return the head of a request.

    Raises:
        httpcore.LocalProtocolError: The request is not valid.
    """
    method = message.method.encode("ascii")
    hosts, length, chunked, ordinary = 0, None, False, True
    lines = [b"%b %b HTTP/1.1" % (method, message.target)]
    fit = bool(is_token(method) and is_target(message.target)) and method != b"CONNECT"
    for name, value in message.headers:
        if not (is_token(name) and is_value(value)):
            return _encoded_by_h11(message)
        # Most names begin with another letter, and need no comparison.
        if name[0] in b"HhCcTtUu":
            known = name.lower()
            if known == b"host":
                # Anything but one Host, in the first place, is left to h11: it writes Host first,
                # and refuses a second Host.
                fit = fit and not hosts and len(lines) == 1
                hosts += 1
            elif known == b"content-length":
                fit = fit and length is None and not chunked and bool(_is_length(value))
                length = int(value) if fit else None
            elif known == b"transfer-encoding":
                fit = fit and length is None and not chunked and value == b"chunked"
                chunked = True
            elif known == b"connection":
                ordinary = ordinary and value.lower() == b"keep-alive"
            elif known == b"upgrade":
                ordinary = False
        lines.append(b"%b: %b" % (name, value))
    if not fit or not hosts:
        return _encoded_by_h11(message)
    lines += (b"", b"")
    return RequestHead(b"\r\n".join(lines), CHUNKED if chunked else length or 0, ordinary)


def _encoded_by_h11(message: Message) -> RequestHead:
    try:
        event = h11.Request(method=message.method, target=message.target, headers=message.headers)
        head = h11.Connection(h11.CLIENT).send(event)
    except h11.LocalProtocolError as error:
        raise httpcore.LocalProtocolError(str(error)) from error
    return RequestHead(head, _length(list(event.headers)), ordinary=False)


def _length(headers: list[Header]) -> int:
    # h11 has converted the names to lower case, and normalised the values.
    found = dict(headers)
    if b"transfer-encoding" in found:
        return CHUNKED
    return int(found.get(b"content-length", 0))
