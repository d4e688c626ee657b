"""Where the connections of a client go, and what they are made of."""

from __future__ import annotations

import base64
import math
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpcore

from pywats.http.host import in_url, is_address, without_zone
from pywats.http.network.http1.connection import HTTP1Connection
from pywats.http.network.http1.proxied import ProxiedConnection
from pywats.http.network.proxies.environment import environment_proxy
from pywats.http.network.proxies.socks import handshake
from pywats.redaction import NO_SECRETS, Secrets
from pywats.validation import in_seconds

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.network.http1.message import Connection
    from pywats.http.network.proxies.socks import Handshake
    from pywats.http.network.settings import ConnectionSettings

__all__ = ["Route", "SocksProxy"]

_SOCKS_PORT = 1080


@dataclass(frozen=True, slots=True)
class SocksProxy:
    """A SOCKS5 proxy.

    Attributes:
        host: A name or an IP address.
        port: The port.
        auth: User name and password; None for none.
    """

    host: str
    port: int
    auth: tuple[bytes, bytes] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one server.

    Attributes:
        origin: The server. Its host is as a URL has it, for httpcore writes it into the request to
            a proxy: an IPv6 address in brackets.
        ssl_context: How to verify the server; None for plain http.
        proxy: An HTTP proxy that all connections go through.
        keepalive_expiry: Seconds that an idle connection is kept; None for no limit.
        max_age: Seconds after which a connection serves no further request; None for no limit.
        socks: A SOCKS proxy that all connections go through.
        host: The host to connect to, without brackets, perhaps with a zone id.
    """

    origin: httpcore.Origin
    ssl_context: ssl.SSLContext | None
    proxy: httpcore.Proxy | None
    keepalive_expiry: float | None
    max_age: float | None = None
    socks: SocksProxy | None = None
    host: str = ""

    @classmethod
    def to(cls, endpoint: Endpoint, settings: ConnectionSettings) -> Route:
        """Return the way to a server.

        The certificates of this machine are loaded here, which takes a while; the proxy is the
        one that the environment names now.

        Raises:
            OSError: The certificates cannot be read.
            ValueError: The environment names a proxy that cannot be used.
        """
        proxy = _proxy(endpoint, settings)
        return cls(
            httpcore.Origin(
                endpoint.scheme.encode(),
                in_url(without_zone(endpoint.host)).encode(),
                endpoint.port,
            ),
            settings.ssl_context(endpoint),
            proxy if isinstance(proxy, httpcore.Proxy) else None,
            settings.limits.keepalive_expiry,
            in_seconds(settings.max_connection_age),
            proxy if isinstance(proxy, SocksProxy) else None,
            endpoint.host,
        )

    @property
    def secrets(self) -> Secrets:
        """The credentials for the proxy, in every form in which they are sent."""
        proxy = self.proxy or self.socks
        if proxy is None or proxy.auth is None:
            return NO_SECRETS
        username, password = proxy.auth
        pair = username + b":" + password
        return Secrets({password.decode(errors="replace"), base64.b64encode(pair).decode()})

    @property
    def first_hop(self) -> tuple[str, int]:
        """Host and port that a connection is made to: a proxy, or the server."""
        if self.socks is not None:
            return self.socks.host, self.socks.port
        if self.proxy is not None:
            proxy = self.proxy.url.origin
            return proxy.host.decode("ascii"), proxy.port
        return self.host, self.origin.port

    def handshake(self, proxy: SocksProxy) -> Handshake:
        """Return the handshake that has a SOCKS proxy connect to the server."""
        return handshake(without_zone(self.host), self.origin.port, proxy.auth)

    def expiry(self) -> float:
        """Return when a connection that is opened now is too old, on the monotonic clock."""
        return math.inf if self.max_age is None else time.monotonic() + self.max_age

    @property
    def looks_up(self) -> bool:
        """Whether the first hop is a name, whose addresses must be looked up."""
        return not is_address(self.first_hop[0])

    @property
    def tunnels(self) -> bool:
        """Whether a proxy is asked to connect to the server before the first request."""
        return self.socks is not None or (self.proxy is not None and self.origin.scheme == b"https")

    @property
    def tls_layers(self) -> int:
        """How many sessions of TLS a request travels in: with the server, with the proxy."""
        to_proxy = self.proxy is not None and self.proxy.url.scheme == b"https"
        return (self.origin.scheme == b"https") + to_proxy

    def connection(self, network: httpcore.NetworkBackend) -> Connection:
        """Return a connection, not yet connected."""
        if self.proxy is None:
            return HTTP1Connection(self.origin, self.ssl_context, self.keepalive_expiry, network)
        # httpcore's pools know how to make one for a proxy; that is all they do here.
        maker = httpcore.ConnectionPool(
            ssl_context=self.ssl_context,
            proxy=self.proxy,
            keepalive_expiry=self.keepalive_expiry,
            network_backend=network,
        )
        return ProxiedConnection(maker.create_connection(self.origin))

    def async_connection(
        self, network: httpcore.AsyncNetworkBackend
    ) -> httpcore.AsyncConnectionInterface:
        """Return a connection for an event loop, not yet connected."""
        maker = httpcore.AsyncConnectionPool(
            ssl_context=self.ssl_context,
            proxy=self.proxy,
            keepalive_expiry=self.keepalive_expiry,
            network_backend=network,
        )
        return maker.create_connection(self.origin)


def _proxy(endpoint: Endpoint, settings: ConnectionSettings) -> httpcore.Proxy | SocksProxy | None:
    proxy = environment_proxy(endpoint, settings)
    if proxy is None:
        return None
    if proxy.url.scheme.startswith("socks"):
        port = proxy.url.port or _SOCKS_PORT
        return SocksProxy(proxy.url.raw_host.decode("ascii"), port, proxy.raw_auth)
    url = httpcore.URL(
        scheme=proxy.url.raw_scheme,
        host=proxy.url.raw_host,
        port=proxy.url.port,
        target=proxy.url.raw_path,
    )
    return httpcore.Proxy(url, auth=proxy.raw_auth, ssl_context=proxy.ssl_context)
