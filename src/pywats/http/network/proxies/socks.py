"""The handshake with a SOCKS5 proxy (RFC 1928, RFC 1929), without any I/O.

The handshake is complete before the first request, so its bytes do not count as bytes of the
request. The proxy looks up the host.
"""

from __future__ import annotations

from collections.abc import Generator

import httpcore

__all__ = ["Handshake", "handshake"]

Handshake = Generator[tuple[bytes, int], bytes, None]
"""Yields the bytes to send and the number of bytes to receive, and is sent the received bytes."""

# Length of an IPv4 and an IPv6 address, by address type; a name has its length as its first byte.
_ADDRESS_BYTES = {1: 4, 4: 16}


def handshake(host: str, port: int, auth: tuple[bytes, bytes] | None) -> Handshake:
    """Ask a proxy for a connection.

    Args:
        host: The server, a name or an IP address.
        port: Port of the server.
        auth: User name and password for the proxy.

    Raises:
        httpcore.ProxyError: The proxy refuses, or does not speak SOCKS5.
    """
    from socksio import ProtocolError, SOCKSError, socks5  # noqa: PLC0415 - an optional package

    methods = socks5.SOCKS5AuthMethod
    method = methods.NO_AUTH_REQUIRED if auth is None else methods.USERNAME_PASSWORD
    command = socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, (host, port))
    try:
        data = yield socks5.SOCKS5AuthMethodsRequest([method]).dumps(), 2
        if socks5.SOCKS5AuthReply.loads(data).method != method:
            wanted = "a user name and password" if auth is None else "another authentication"
            raise httpcore.ProxyError(f"the SOCKS proxy wants {wanted}")
        if auth is not None:
            data = yield socks5.SOCKS5UsernamePasswordRequest(*auth).dumps(), 2
            if not socks5.SOCKS5UsernamePasswordReply.loads(data).success:
                raise httpcore.ProxyError("the SOCKS proxy refused the user name and password")
        data = yield command.dumps(), 5
        data += yield b"", _ADDRESS_BYTES.get(data[3], data[4] + 1) + 1
        code = socks5.SOCKS5Reply.loads(data).reply_code
    except (ProtocolError, SOCKSError, ValueError) as error:
        # Without a cause: otherwise the message would show the text of the cause only.
        raise httpcore.ProxyError(f"not a SOCKS5 proxy ({error})") from None
    if code != socks5.SOCKS5ReplyCode.SUCCEEDED:
        reason = code.name.lower().replace("_", " ")
        raise httpcore.ProxyError(f"the SOCKS proxy could not connect: {reason}")
