"""Detect from the first read of a connection that the TLS handshake has failed.

Under TLS 1.3, a client finishes its handshake, and sends its request, before it learns whether the
server accepts its certificate. The server does not read a request before that (RFC 8446 section
4.4.2), so nothing was executed. The same is true for a server that replies to plain HTTP with a TLS
alert.
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
        httpcore.ConnectError: The server refuses the certificate.
    """
    cause = error.__cause__
    if isinstance(cause, ssl.SSLError) and refuses_certificate(cause):
        exchange.sent = False
        raise httpcore.ConnectError(str(cause)) from cause


def check_data(exchange: Exchange, data: bytes, *, tls: bool) -> None:
    """Raise if the first bytes are a TLS alert on a connection without TLS.

    Raises:
        httpcore.ConnectError: The first bytes are a TLS alert.
    """
    if not tls and data.startswith(_ALERT):
        exchange.sent = False
        refusal = PlaintextError(ssl.SSL_ERROR_SSL, "the server speaks TLS")
        raise httpcore.ConnectError(str(refusal)) from refusal
