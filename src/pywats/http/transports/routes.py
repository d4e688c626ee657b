"""The routes to the servers of a transport's requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pywats.http.endpoint import Endpoint
from pywats.http.network.route import Route
from pywats.http.transports.errors import ConnectError, UnsupportedProtocol, in_family
from pywats.redaction import without_locals_on_failure

if TYPE_CHECKING:
    import httpx

    from pywats.http.network.settings import ConnectionSettings

__all__ = ["Routes"]

_SCHEMES = frozenset({"http", "https"})


class Routes:
    """Finds the route of a request; a server has one route.

    Args:
        settings: How connections are made.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._for_https: ConnectionSettings | None = None
        self._known: dict[tuple[str, bytes, int | None], Route] = {}

    @without_locals_on_failure
    def to(self, url: httpx.URL, family: Any) -> Route:
        """Return the route to a server.

        Args:
            url: The URL of a request.
            family: The package of the request, httpx or httpx2.

        Raises:
            ConnectError: The host is neither a name nor an IP address.
            OSError: The certificates cannot be read.
            UnsupportedProtocol: The scheme is neither http nor https.
            ValueError: The environment names a proxy that cannot be used.
        """
        if url.scheme not in _SCHEMES:
            raise in_family(UnsupportedProtocol, family)(
                f"the URL has the scheme {url.scheme!r}, and must have http or https"
            )
        key = (url.scheme, url.raw_host, url.port)
        route = self._known.get(key)
        if route is None:
            endpoint = _endpoint(url, family)
            settings = self._settings if url.scheme == "http" else self._with_certificates()
            route = self._known.setdefault(key, Route.to(endpoint, settings))
        return route

    def load_certificates(self) -> None:
        """Load the certificates now, for all servers and proxies.

        Otherwise they are loaded when they are first needed, which takes about 20 ms.

        Raises:
            OSError: The certificates cannot be read.
        """
        self._settings = self._with_certificates()

    def _with_certificates(self) -> ConnectionSettings:
        if self._for_https is None:
            verification = self._settings.verification()
            # PYWATS_CERT is for the WATS clients only.
            self._for_https = replace(self._settings, verify_ssl=verification, cert=None)
        return self._for_https


def _endpoint(url: httpx.URL, family: Any) -> Endpoint:
    authority = url.netloc.decode("ascii")
    try:
        return Endpoint(f"{url.scheme}://{authority}", "")
    except ValueError as error:
        made = in_family(ConnectError, family)(
            f"no connection: the URL has the host {authority!r}, and must have a name or an IP "
            f"address ({error})"
        )
        made.transient = False
        raise made from None
