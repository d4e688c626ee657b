"""The forms of a host: in a URL, for a connection, and as the name in a certificate.

An IPv6 address has brackets in a URL and nowhere else. A zone id (RFC 4007) names the interface of
this machine that leads to an address: only the connection needs it, and it is not sent to a server
or proxy. The final dot of a name means that the name is absolute: resolvers need it, certificates
and TLS never have it (RFC 6066 section 3).
"""

from __future__ import annotations

import ipaddress
import re

import httpx

__all__ = ["in_url", "is_address", "normal_host", "tls_name", "without_zone"]

_LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ZONE = re.compile(r"[A-Za-z0-9._~-]+")


def normal_host(text: str) -> str:
    """Return a host in its normal form: ASCII, lower case, without brackets.

    Args:
        text: The host as `urllib.parse.urlsplit` returns it: a name, perhaps not ASCII, or an IP
            address; the zone id of an IPv6 address after ``%25`` (RFC 6874) or ``%``.

    Raises:
        ValueError: The text is neither a name nor an IP address.
    """
    if ":" in text:
        address, percent, zone = text.partition("%")
        zone = zone.removeprefix("25")
        if percent and not _ZONE.fullmatch(zone):
            raise ValueError("the zone id of the IPv6 address is not valid")
        return f"{ipaddress.IPv6Address(address)}{percent}{zone}"
    if not text.isascii():
        try:
            text = httpx.URL(scheme="http", host=text).raw_host.decode("ascii")
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None
    name = text.lower()
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError("the host is not a name or an IP address")
    return name


def is_address(host: str) -> bool:
    """Return whether a host is an IP address, for which no DNS lookup is needed."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def in_url(host: str) -> str:
    """Return a host as it is written in a URL: an IPv6 address in brackets."""
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


def without_zone(host: str) -> str:
    """Return a host without its zone id, which other machines do not know."""
    return host.partition("%")[0]


def tls_name(host: str) -> str:
    """Return the name that the certificate of a host must have; the host may have brackets."""
    return without_zone(host).strip("[]").removesuffix(".")
