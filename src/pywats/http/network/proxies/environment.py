"""The proxy that the environment names for a server: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY.

`urllib.request` reads the variables, and the settings of the system on Windows and macOS. It does
not support networks and ports in NO_PROXY, so NO_PROXY is parsed here, as curl and Go do.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pywats.http.host import in_url, normal_host, without_zone
from pywats.redaction import without_locals_on_failure

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint
    from pywats.http.network.settings import ConnectionSettings

__all__ = ["environment_proxy", "is_excepted"]

_LAST_PORT = 65535
_SOCKS = {"socks5", "socks5h"}


@without_locals_on_failure
def environment_proxy(endpoint: Endpoint, settings: ConnectionSettings) -> httpx.Proxy | None:
    """Return the proxy that the environment names for a server.

    The variable of the server's scheme has precedence over ``ALL_PROXY``, and a variable in lower
    case over the same variable in upper case.

    Args:
        endpoint: The server.
        settings: Whether to trust the environment, and how to verify an https:// proxy.

    Returns:
        The proxy; None for a direct connection, or if the settings do not trust the environment.

    Raises:
        OSError: The certificates to verify the proxy by cannot be read.
        ValueError: The value of the variable is not the address of a proxy, or it requires a
            package that is not installed.
    """
    if not settings.trust_env:
        return None
    proxies = urllib.request.getproxies()
    name = endpoint.scheme if proxies.get(endpoint.scheme) else "all"
    address = proxies.get(name)
    if not address or _bypasses(endpoint):
        return None
    variable = f"{name.upper()}_PROXY"
    proxy = _parsed(address if "://" in address else f"http://{address}")
    if proxy is None:
        raise ValueError(
            f"{variable} in the environment: must be the address of a proxy such as "
            "http://proxy.example:8080, https://… or socks5://… (value not shown, it may hold a "
            "password)"
        )
    if proxy.url.scheme in _SOCKS and importlib.util.find_spec("socksio") is None:
        raise ValueError(
            f"{variable} in the environment names a SOCKS proxy: pip install 'pywats[socks]', or "
            "name an http:// proxy"
        )
    if proxy.url.scheme == "https":
        proxy.ssl_context = settings.verification()
    return proxy


def is_excepted(scheme: str, host: str, port: int, exceptions: str) -> bool:
    """Return whether NO_PROXY excludes a server from the proxy.

    Args:
        scheme: ``http`` or ``https``.
        host: A name or an IP address, without brackets.
        port: The port.
        exceptions: Entries, separated by commas or spaces. An entry is ``*`` for every server; a
            name, for itself and its subdomains, with or without a leading dot or ``*.``; an IP
            address; or a network such as ``10.0.0.0/8``. A name or an address may have a port,
            and a scheme before it, as in httpx.
    """
    name = without_zone(host).removesuffix(".")
    for entry in exceptions.replace(",", " ").split():
        entry_scheme, separator, rest = entry.partition("://")
        if not separator:
            rest = entry
        elif entry_scheme.lower() not in {scheme, "all"}:
            continue
        if _matches(name, port, rest):
            return True
    return False


def _bypasses(endpoint: Endpoint) -> bool:
    host = endpoint.host
    if not urllib.request.getproxies_environment():
        # On Windows and macOS, the settings of the system have their own exceptions.
        return bool(urllib.request.proxy_bypass(in_url(host)))
    exceptions = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
    return is_excepted(endpoint.scheme, host, endpoint.port, exceptions)


def _matches(host: str, port: int, entry: str) -> bool:
    if entry == "*":
        return True
    address = _address(host)
    network = _network(entry)
    if network is not None:
        return address is not None and address in network
    name, entry_port = _split(entry)
    if entry_port not in {None, port}:
        return False
    excepted = _address(name)
    if excepted is not None or address is not None:
        return address == excepted
    try:
        name = normal_host(name.removeprefix("*").removeprefix(".")).removesuffix(".")
    except ValueError:
        return False
    return host == name or host.endswith(f".{name}")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if "/" not in entry:
        return None
    try:
        return ipaddress.ip_network(entry.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None


def _split(entry: str) -> tuple[str, int | None]:
    """Return the host and the port of an entry; None for every port."""
    if _address(entry) is not None:
        return entry, None
    try:
        parts = urlsplit(f"//{entry}")
        port = parts.port
    except ValueError:
        return "", None
    return parts.hostname or "", port


def _parsed(address: str) -> httpx.Proxy | None:
    # The error of httpx is dropped: its message could contain a part of a password.
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL):
        return None
    usable = proxy.url.host and (proxy.url.port is None or 0 < proxy.url.port <= _LAST_PORT)
    return proxy if usable else None
