"""Checks that ask the server: reachable, a WATS server, TLS, credentials, clock."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from pywats.cli.doctor.finding import failed, passed, skipped, warned
from pywats.http import ConnectionSettings
from pywats.http.headers import default_headers
from pywats.http.route import environment_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.cli.doctor.finding import Finding
    from pywats.http import Endpoint

__all__ = ["check_server"]

_VERSION = "/api/App/Version"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_CERTIFICATE_DAYS = 14
_WRONG_BY = 5.0
_FAR_WRONG_BY = 60.0


@dataclass(frozen=True, slots=True)
class _Tls:
    version: str
    certificate_ends: datetime


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    text: str
    seconds: float
    server_time: datetime | None
    local_time: datetime
    tls: _Tls | None


def check_server(endpoint: Endpoint, *, authorized: bool, timeout: float) -> Iterator[Finding]:
    """Ask the server for its version, and judge what comes.

    Args:
        endpoint: The server.
        authorized: Whether there are credentials to judge.
        timeout: Limit of each step in seconds: connecting, sending, reading.
    """
    settings = ConnectionSettings()
    try:
        proxy = environment_proxy(endpoint, settings)
        context = settings.ssl_context(endpoint)
    except ValueError as error:
        yield failed("proxy", str(error), "Correct the variable, or unset it.")
        return
    except OSError as error:
        yield failed(
            "tls",
            f"the certificates of this machine cannot be read: {error.strerror}",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
        )
        return
    try:
        answer = _ask(endpoint, timeout, context, proxy)
    except httpx.HTTPError as error:
        yield _not_reached(endpoint, error)
        return
    except ImportError as error:
        yield failed("proxy", str(error), "Install the package, or name an http:// proxy.")
        return
    yield passed("server", f"answered within {answer.seconds * 1000:.0f} ms")
    yield _tls(endpoint, answer)
    yield _api(answer)
    yield _credentials(answer, authorized=authorized)
    yield _clock(answer)


def _ask(
    endpoint: Endpoint, timeout: float, context: ssl.SSLContext | None, proxy: httpx.Proxy | None
) -> _Answer:
    # The certificates, headers and proxy are those of the clients; their port would hide the
    # headers of the answer. httpx itself would read more variables than they do.
    with httpx.Client(
        verify=context or True,
        headers=default_headers(endpoint),
        timeout=timeout,
        proxy=proxy,
        trust_env=False,
    ) as client:
        sent, began = time.time(), time.perf_counter()
        with client.stream("GET", endpoint.base_url + _VERSION) as response:
            seconds = time.perf_counter() - began
            tls = response.extensions["network_stream"].get_extra_info("ssl_object")
            response.read()
        return _Answer(
            status=response.status_code,
            location=response.headers.get("location", ""),
            text=response.text,
            seconds=seconds,
            server_time=_date(response.headers.get("date", "")),
            local_time=datetime.fromtimestamp(sent + seconds / 2, UTC),
            tls=_judged(tls) if tls else None,
        )


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _judged(tls: ssl.SSLObject) -> _Tls:
    # The certificate was verified, so it is there.
    end = str((tls.getpeercert() or {})["notAfter"])
    seconds = ssl.cert_time_to_seconds(end)
    return _Tls(str(tls.version()), datetime.fromtimestamp(seconds, UTC))


def _not_reached(endpoint: Endpoint, error: Exception) -> Finding:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return failed(
                "tls",
                f"the certificate was refused ({each.verify_message})",
                "Let this machine trust its issuer: SSL_CERT_FILE=<file of the issuer>.pem, or "
                "pyWATS(verify_ssl=<an ssl.SSLContext>).",
            )
    where = f"{endpoint.host}:{endpoint.port}"
    if isinstance(error, httpx.TimeoutException):
        return failed(
            "server", f"{where} did not answer in time", "Check address, network and firewall."
        )
    return failed(
        "server",
        f"{where} was not reached ({str(error) or type(error).__name__})",
        "Check host name, port, proxy, network and firewall; whether https is meant, or http.",
    )


def _tls(endpoint: Endpoint, answer: _Answer) -> Finding:
    if answer.tls is None:
        if endpoint.host in _LOOPBACK:
            return skipped("tls", "plain http, to this machine")
        return warned(
            "tls",
            "plain http: everyone on the way can read the credentials",
            "Use the https:// address of the server.",
        )
    left = (answer.tls.certificate_ends - answer.local_time).days
    found = f"{answer.tls.version}, the certificate is valid for {left} more days"
    if left < _CERTIFICATE_DAYS:
        return warned("tls", found, "Have the server's certificate renewed before it ends.")
    return passed("tls", found)


def _api(answer: _Answer) -> Finding:
    if answer.status in {401, 403}:
        return skipped("api", "unknown until the credentials are accepted")
    if answer.status == httpx.codes.OK:
        version = answer.text.strip().strip('"')[:40]
        return passed("api", f"WATS {version}")
    if httpx.codes.is_redirect(answer.status):
        return failed(
            "api",
            f"{_VERSION} answered {answer.status}, a redirect to {answer.location}",
            "Set PYWATS_BASE_URL to where it leads.",
        )
    if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return failed("api", f"{_VERSION} answered {answer.status}", "Ask who runs the server.")
    return failed(
        "api",
        f"{_VERSION} answered {answer.status}: this is no WATS server",
        "Set PYWATS_BASE_URL to the address that you open in a browser, without a page's path.",
    )


def _credentials(answer: _Answer, *, authorized: bool) -> Finding:
    if not authorized:
        return skipped("credentials", "there are none to try")
    if answer.status == httpx.codes.UNAUTHORIZED:
        return failed(
            "credentials",
            "the server does not accept them (401)",
            "Correct PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD; a token may have ended.",
        )
    if answer.status == httpx.codes.FORBIDDEN:
        return failed(
            "credentials",
            "they are valid, but may not use the API (403)",
            "Ask an administrator of WATS for the rights of a REST API client.",
        )
    if answer.status == httpx.codes.OK:
        return passed("credentials", "accepted")
    return skipped("credentials", f"unknown: the server answered {answer.status}")


def _clock(answer: _Answer) -> Finding:
    if answer.server_time is None:
        return skipped("clock", "the server does not tell its time")
    # The header counts whole seconds, so half a second is the best guess of the rest.
    ahead = (answer.local_time - answer.server_time).total_seconds() - 0.5
    found = f"this machine is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server"
    if abs(ahead) <= _WRONG_BY:
        return passed("clock", "agrees with the server's")
    advice = (
        "Set the clock, best by NTP (timedatectl set-ntp true; on Windows w32tm /resync): reports "
        "and traces carry its time."
    )
    return (failed if abs(ahead) > _FAR_WRONG_BY else warned)("clock", found, advice)
