"""Checks that send a request: is the server reachable, is it WATS, TLS, credentials, clock."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from pywats.cli.doctor.finding import failed, passed, skipped, warned
from pywats.cli.fetch import TlsSession, fetch
from pywats.http import ConnectionSettings
from pywats.http.headers import default_headers
from pywats.http.network.proxies.environment import environment_proxy
from pywats.http.tls_errors import advice, find_tls_error
from pywats.redaction import excerpt, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.cli.doctor.finding import Finding
    from pywats.http import Endpoint
    from pywats.redaction import Secrets

__all__ = ["check_server", "read_date"]

_VERSION = "/api/App/Version"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_CERTIFICATE_DAYS = 14
_ADVICE = "Check host name, port, proxy, network and firewall; whether https is meant, or http."
_WRONG_BY = 5.0
_FAR_WRONG_BY = 60.0


@dataclass(frozen=True, slots=True)
class _Tls:
    version: str
    certificate_ends: datetime


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    location: str
    text: str
    seconds: float
    server_time: datetime | None
    local_time: datetime
    tls: _Tls | None


def check_server(endpoint: Endpoint, *, authorized: bool, timeout: float) -> Iterator[Finding]:
    """Request the version of the server, and check the response.

    Args:
        endpoint: The server.
        authorized: Whether there are credentials to check.
        timeout: Limit of the whole exchange with the server in seconds.
    """
    try:
        settings = ConnectionSettings()
    except ValueError as error:
        yield failed("connection", str(error), "Correct the variable, or unset it.")
        return
    try:
        proxy = environment_proxy(endpoint, settings)
        context = settings.ssl_context(endpoint)
    except ValueError as error:
        yield failed("proxy", str(error), "Correct the variable, or unset it.")
        return
    except OSError as error:
        yield failed(
            "tls",
            f"the certificates cannot be read: {error.strerror}",
            "Check SSL_CERT_FILE and SSL_CERT_DIR, and PYWATS_CERT.",
        )
        return
    if context is not None:
        yield passed("certificates", f"servers are trusted by {settings.trust()}")
    try:
        response = _ask(endpoint, timeout, context, proxy)
    except httpx.HTTPError as error:
        yield _not_reached(endpoint, error)
        return
    yield passed("server", f"responded within {response.seconds * 1000:.0f} ms")
    yield _tls(endpoint, response)
    yield _api(response)
    yield _credentials(response, authorized=authorized)
    yield _clock(response)


def _ask(
    endpoint: Endpoint, timeout: float, context: ssl.SSLContext | None, proxy: httpx.Proxy | None
) -> _Response:
    # Certificates, headers and proxy are the same as in the clients. Their port is not used because
    # it hides the headers of the response. trust_env=False: httpx would read more variables than
    # the clients do.
    def make_client() -> httpx.Client:
        return httpx.Client(
            verify=context or True,
            headers=default_headers(endpoint),
            proxy=proxy,
            trust_env=False,
        )

    sent = time.time()
    response = fetch("GET", endpoint.base_url + _VERSION, timeout, make_client=make_client)
    return _Response(
        status=response.status,
        location=one_line(response.headers.get("location", ""), endpoint.secrets),
        text=excerpt(response.content, endpoint.secrets),
        seconds=response.seconds,
        server_time=read_date(response.headers.get("date", "")),
        local_time=datetime.fromtimestamp(sent + response.seconds / 2, UTC),
        tls=_judged(response.tls) if response.tls else None,
    )


def read_date(text: str) -> datetime | None:
    """Return the time of a ``Date`` header; None for a text that is not one."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        # OverflowError: the year does not fit into the platform's integers.
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _judged(tls: TlsSession) -> _Tls:
    seconds = ssl.cert_time_to_seconds(tls.certificate_ends)
    return _Tls(tls.version, datetime.fromtimestamp(seconds, UTC))


def _not_reached(endpoint: Endpoint, error: Exception) -> Finding:
    tls = find_tls_error(error)
    if tls is not None:
        to_do = advice(tls)
        if isinstance(tls, ssl.SSLCertVerificationError):
            reason = one_line(getattr(tls, "verify_message", str(tls)))
            found = f"the certificate was refused ({reason})"
        else:
            found = f"the handshake failed ({_reason(tls, endpoint.secrets)})"
        return failed("tls", found, _sentence(to_do) if to_do else _ADVICE)
    where = f"{endpoint.host}:{endpoint.port}"
    if isinstance(error, httpx.TimeoutException):
        return failed(
            "server", f"{where} did not respond in time", "Check address, network and firewall."
        )
    return failed(
        "server",
        f"{where} was not reached ({_reason(error, endpoint.secrets)})",
        _ADVICE,
    )


def _sentence(advice: str) -> str:
    end = "" if advice.endswith("?") else "."
    return f"{advice[:1].upper()}{advice[1:]}{end}"


def _reason(error: Exception, secrets: Secrets) -> str:
    return one_line(str(error), secrets) or type(error).__name__


def _tls(endpoint: Endpoint, response: _Response) -> Finding:
    if response.tls is None:
        if endpoint.host in _LOOPBACK:
            return skipped("tls", "plain http, to this machine")
        return warned(
            "tls",
            "plain http: everyone on the way can read the credentials",
            "Use the https:// address of the server.",
        )
    left = (response.tls.certificate_ends - response.local_time).days
    found = f"{response.tls.version}, the certificate is valid for {left} more days"
    if left < _CERTIFICATE_DAYS:
        return warned("tls", found, "Have the server's certificate renewed before it ends.")
    return passed("tls", found)


def _api(response: _Response) -> Finding:
    if response.status in {401, 403}:
        return skipped("api", "unknown until the credentials are accepted")
    if response.status == httpx.codes.OK:
        version = one_line(response.text.strip().strip('"'), limit=40)
        return passed("api", f"WATS {version}")
    if httpx.codes.is_redirect(response.status):
        return failed(
            "api",
            f"{_VERSION} returned {response.status}, a redirect to {response.location}",
            "Set PYWATS_BASE_URL to where it leads.",
        )
    if response.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return failed("api", f"{_VERSION} returned {response.status}", "Ask who runs the server.")
    return failed(
        "api",
        f"{_VERSION} returned {response.status}: this is not a WATS server",
        "Set PYWATS_BASE_URL to the address that you open in a browser, without a page's path.",
    )


def _credentials(response: _Response, *, authorized: bool) -> Finding:
    if not authorized:
        return skipped("credentials", "there are none to try")
    if response.status == httpx.codes.UNAUTHORIZED:
        return failed(
            "credentials",
            "the server does not accept them (401)",
            "Correct PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD; a token may have ended.",
        )
    if response.status == httpx.codes.FORBIDDEN:
        return failed(
            "credentials",
            "they are valid, but may not use the API (403)",
            "Ask an administrator of WATS for the rights of a REST API client.",
        )
    if response.status == httpx.codes.OK:
        return passed("credentials", "accepted")
    return skipped("credentials", f"unknown: the server returned {response.status}")


def _clock(response: _Response) -> Finding:
    if response.server_time is None:
        return skipped("clock", "the server does not tell its time")
    # The header has whole seconds only; its error is half a second on average.
    ahead = (response.local_time - response.server_time).total_seconds() - 0.5
    found = f"this machine is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server"
    if abs(ahead) <= _WRONG_BY:
        return passed("clock", "agrees with the server's")
    advice = (
        "Set the clock, best by NTP (timedatectl set-ntp true; on Windows w32tm /resync): reports "
        "and traces carry its time."
    )
    return (failed if abs(ahead) > _FAR_WRONG_BY else warned)("clock", found, advice)
