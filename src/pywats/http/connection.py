"""How connections to the server are made: TLS, pool."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Final

import httpx

from pywats import validation

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint

__all__ = ["DEFAULT_MAX_RESPONSE_BYTES", "ConnectionSettings", "NoCookies"]

DEFAULT_MAX_RESPONSE_BYTES: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """TLS, proxy, pool and room for answers of a client.

    Attributes:
        verify_ssl: True verifies the server by the certificates of this machine, False does
            not verify it, an `ssl.SSLContext` decides for itself.
        max_response_bytes: How many bytes the body of an answer may have, decompressed; None for
            any number.
        limits: Size of the connection pool.
    """

    verify_ssl: bool | ssl.SSLContext = True
    max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES
    limits: httpx.Limits = field(
        default_factory=lambda: httpx.Limits(
            max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0
        )
    )

    def __post_init__(self) -> None:
        """Check ``verify_ssl`` and ``max_response_bytes``."""
        if self.max_response_bytes is not None:
            validation.whole_number("max_response_bytes", self.max_response_bytes, 1)
        if not isinstance(self.verify_ssl, bool | ssl.SSLContext):
            raise TypeError(
                f"verify_ssl={self.verify_ssl!r}: must be True, False or an ssl.SSLContext, "
                f"not {type(self.verify_ssl).__name__}"
            )

    def ssl_context(self, endpoint: Endpoint) -> ssl.SSLContext | None:
        """Return the TLS context; None for plain http, which would load it for nothing.

        Raises:
            OSError: The certificates of this machine cannot be read.
        """
        return self.verification() if endpoint.scheme == "https" else None

    def verification(self) -> ssl.SSLContext:
        """Return the TLS context that verifies whoever is reached, server or proxy.

        Raises:
            OSError: The certificates of this machine cannot be read.
        """
        try:
            return httpx.create_ssl_context(verify=self.verify_ssl)
        except OSError as error:
            file = os.environ.get("SSL_CERT_FILE")
            if not file:
                raise
            # What Python raises names neither the file nor the variable.
            raise type(error)(
                error.errno,
                f"SSL_CERT_FILE={file!r} in the environment: must be a file of certificates in "
                f"PEM format ({error.strerror})",
            ) from error


class NoCookies(CookieJar):
    """Forgets every cookie.

    Each request carries its credentials, so that none depends on one before it; and the lock of
    a jar of cookies would be the one thing that threads share here and Ctrl-C could leave locked.
    """

    def extract_cookies(self, response: object, request: object) -> None:
        """Keep nothing of an answer."""

    def add_cookie_header(self, request: object) -> None:
        """Add nothing to a request."""
