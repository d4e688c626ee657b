"""How connections to the server are made: TLS, proxy, pool."""

from __future__ import annotations

import ssl
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from pywats._version import __version__

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint

__all__ = ["ConnectionSettings", "default_headers"]

USER_AGENT = f"pywats/{__version__} python-httpx/{httpx.__version__}"


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """TLS, proxy and pool of a client.

    Attributes:
        verify_ssl: True verifies the server by the certificates of this machine, False does
            not verify it, an `ssl.SSLContext` decides for itself.
        limits: Size of the connection pool.
    """

    verify_ssl: bool | ssl.SSLContext = True
    limits: httpx.Limits = field(
        default_factory=lambda: httpx.Limits(
            max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0
        )
    )

    def __post_init__(self) -> None:
        """Check ``verify_ssl``."""
        if not isinstance(self.verify_ssl, bool | ssl.SSLContext):
            raise TypeError(
                f"verify_ssl={self.verify_ssl!r}: must be True, False or an ssl.SSLContext, "
                f"not {type(self.verify_ssl).__name__}"
            )

    def ssl_context(self, endpoint: Endpoint) -> ssl.SSLContext | None:
        """Return the TLS context; None for plain http, which would load it for nothing."""
        if endpoint.scheme != "https":
            return None
        return httpx.create_ssl_context(verify=self.verify_ssl)

    def proxy(self, endpoint: Endpoint) -> httpcore.Proxy | None:
        """Return the proxy that ``HTTP_PROXY``, ``HTTPS_PROXY`` and ``NO_PROXY`` ask for."""
        address = urllib.request.getproxies().get(endpoint.scheme)
        if not address or urllib.request.proxy_bypass(endpoint.host):
            return None
        parts = urlsplit(address if "://" in address else f"http://{address}")
        auth = None
        if parts.username:
            auth = (unquote(parts.username), unquote(parts.password or ""))
        url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return httpcore.Proxy(url, auth=auth)


def default_headers(endpoint: Endpoint, client: httpx.Client | httpx.AsyncClient) -> dict[str, str]:
    """Return the headers of every request.

    Args:
        endpoint: Where it goes.
        client: Knows which content encodings are supported.
    """
    return {
        "Accept-Encoding": client.headers["Accept-Encoding"],
        "Connection": "keep-alive",
        "Authorization": endpoint.authorization,
        "User-Agent": USER_AGENT,
    }
