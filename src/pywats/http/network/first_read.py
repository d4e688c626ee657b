"""The first bytes from a peer may say that the handshake failed after all.

Under TLS 1.3 a client has finished its handshake, and sent its request, before the server says
whether it accepts the client's certificate. The server reads no request before that (RFC 8446
section 4.4.2), so nothing was executed. The same holds for a server that replies to plain HTTP with
an alert of TLS.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore

from pywats.http.tls_errors import PlaintextError, refuses_certificate

if TYPE_CHECKING:
    from pywats.http.network.exchange import Exchange

__all__ = ["check_data", "check_error"]

_ALERT = b"\x15\x03"


def check_error(exchange: Exchange, error: httpcore.ReadError) -> None:
    """Raise if the first read failed because the server refuses the client's certificate.

    Raises:
        httpcore.ConnectError: It does.
    """
    cause = error.__cause__
    if isinstance(cause, ssl.SSLError) and refuses_certificate(cause):
        exchange.sent = False
        raise httpcore.ConnectError(str(cause)) from cause


def check_data(exchange: Exchange, data: bytes, *, tls: bool) -> None:
    """Raise if the first bytes are an alert of TLS on a connection that does not speak TLS.

    Raises:
        httpcore.ConnectError: They are.
    """
    if not tls and data.startswith(_ALERT):
        exchange.sent = False
        refusal = PlaintextError("the server speaks TLS")
        raise httpcore.ConnectError(str(refusal)) from refusal
