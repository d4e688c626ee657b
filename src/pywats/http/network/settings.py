"""Settings of connections: TLS, pool, limits of size and age."""

from __future__ import annotations

import os
import ssl
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import httpx

from pywats import environment, validation
from pywats.redaction import one_line
from pywats.validation import Duration

if TYPE_CHECKING:
    from pywats.http.endpoint import Endpoint

__all__ = [
    "DEFAULT_MAX_CONNECTION_AGE",
    "DEFAULT_MAX_RESPONSE_BYTES",
    "ClientCertificate",
    "ConnectionSettings",
    "default_max_connection_age",
]

DEFAULT_MAX_RESPONSE_BYTES: Final = 256 * 1024 * 1024
DEFAULT_MAX_CONNECTION_AGE: Final = 30.0
"""Seconds. One TLS handshake in half a minute costs almost nothing."""

_LIMITS: Final = ("max_connections", "max_keepalive_connections", "keepalive_expiry")
_Path = str | os.PathLike[str]
ClientCertificate = _Path | tuple[_Path, _Path] | tuple[_Path, _Path, str]
"""A PEM file with certificate and private key, or (certificate, key), or (…, password)."""


def default_max_connection_age() -> float | None:
    """Return ``PYWATS_MAX_CONNECTION_AGE`` in seconds (None for no limit), else 30 s."""
    return environment.max_connection_age(DEFAULT_MAX_CONNECTION_AGE)


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """TLS, pool and limits of the connections of a client.

    Attributes:
        verify_ssl: True verifies the server with the certificates of this machine, False does
            not verify it; an `ssl.SSLContext` has its own settings.
        max_response_bytes: Largest size of the body of a response in bytes, decompressed; None
            for no limit.
        limits: Size of the connection pool.
        cert: Client certificate: a PEM file with certificate and private key, or a tuple of
            certificate and key, or of certificate, key and the password of the key. The default is
            the file in ``PYWATS_CERT``; None for no client certificate.
        max_connection_age: Seconds (or a timedelta) after which a connection is not used for
            another request; None for no limit. The default is ``PYWATS_MAX_CONNECTION_AGE``, or 30.
        trust_env: Whether to use the proxies that the environment names.
    """

    verify_ssl: bool | ssl.SSLContext = True
    max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES
    limits: httpx.Limits = field(
        default_factory=lambda: httpx.Limits(
            max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0
        )
    )
    # Not shown, because it may hold a password.
    cert: ClientCertificate | None = field(default=None, repr=False)
    max_connection_age: Duration | None = field(default_factory=default_max_connection_age)
    trust_env: bool = True

    def __post_init__(self) -> None:
        """Check all fields."""
        if self.max_response_bytes is not None:
            validation.whole_number("max_response_bytes", self.max_response_bytes, 1)
        if not isinstance(self.verify_ssl, bool | ssl.SSLContext):
            raise TypeError(
                f"verify_ssl={one_line(repr(self.verify_ssl))}: must be True, False or an "
                f"ssl.SSLContext, not {type(self.verify_ssl).__name__}"
            )
        validation.boolean("trust_env", self.trust_env)
        # Not isinstance: the class may be of httpx2.
        if not all(hasattr(self.limits, name) for name in _LIMITS):
            raise TypeError(
                f"limits={self.limits!r}: must be an httpx.Limits, not {type(self.limits).__name__}"
            )
        age = validation.optional_seconds("max_connection_age", self.max_connection_age)
        object.__setattr__(self, "max_connection_age", age)
        if isinstance(self.verify_ssl, ssl.SSLContext):
            if self.cert is not None:
                raise ValueError(
                    "cert: cannot be given with verify_ssl=<an ssl.SSLContext>; call "
                    "load_cert_chain of that context"
                )
        elif self.cert is None:
            object.__setattr__(self, "cert", environment.cert())
        else:
            _check_certificate(self.cert)

    def ssl_context(self, endpoint: Endpoint) -> ssl.SSLContext | None:
        """Return the TLS context for the server; None for plain http.

        Raises:
            OSError: The certificates of this machine, or the client certificate, cannot be read.
        """
        if endpoint.scheme != "https":
            return None
        context = self.verification()
        if self.cert is not None:
            _load(context, self.cert)
        return context

    def verification(self) -> ssl.SSLContext:
        """Return a TLS context that verifies the other side, a server or a proxy.

        Raises:
            OSError: The certificates of this machine cannot be read.
        """
        try:
            context = httpx.create_ssl_context(verify=self.verify_ssl)
        except OSError as error:
            file = os.environ.get("SSL_CERT_FILE")
            if not file:
                raise
            # Python's own message does not name the file or the variable.
            raise type(error)(
                error.errno,
                f"SSL_CERT_FILE={file!r} in the environment: must be a file of certificates in "
                f"PEM format ({error.strerror})",
            ) from error
        if self.verify_ssl is True and not _environment_store():
            # httpx loads certifi's certificates. Add the system's store, which may have a CA of the
            # company. truststore is not used: on Windows and macOS it verifies in wrap_socket,
            # which then makes the handshake, without a time limit.
            context.load_default_certs()
        return context

    def trust(self) -> str:
        """Return what decides whether a server is trusted, for `pywats doctor`."""
        if isinstance(self.verify_ssl, ssl.SSLContext):
            return "the ssl.SSLContext of verify_ssl"
        if not self.verify_ssl:
            return "nothing: verify_ssl is False"
        if variable := _environment_store():
            return f"{variable}={os.environ[variable]}"
        if sys.platform == "win32":
            return "the certificate store of Windows, and certifi's"
        paths = ssl.get_default_verify_paths()
        return (
            f"the certificate store of the system ({paths.cafile or paths.capath}), and certifi's"
        )


def _environment_store() -> str:
    """Return the variable that names the certificates, with httpx's precedence; empty if unset."""
    names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
    return next((name for name in names if os.environ.get(name)), "")


def _named(*files: str | os.PathLike[str]) -> bool:
    return all(os.fspath(file) for file in files)


def _check_certificate(value: object) -> None:
    parts = value if isinstance(value, tuple) else (value, value)
    match parts:
        case (str() | os.PathLike(), str() | os.PathLike()) if _named(*parts):
            return
        case (str() | os.PathLike(), str() | os.PathLike(), str()) if _named(*parts[:2]):
            return
    # The value is not shown: it may hold a password.
    raise TypeError(
        "cert: must be the path of a PEM file, or (certificate, key), or (certificate, key, "
        "password)"
    )


def _load(context: ssl.SSLContext, cert: ClientCertificate) -> None:
    file, key, password = (*cert, "")[:3] if isinstance(cert, tuple) else (cert, None, "")
    try:
        # Always pass a password: otherwise OpenSSL asks for it on the terminal.
        context.load_cert_chain(file, key, password=str(password))
    except OSError as error:
        raise type(error)(
            error.errno,
            f"cert={os.fspath(file)!r}: must be a certificate and its private key in PEM format, "
            f"with cert=(certificate, key, password) if the key is encrypted ({error.strerror})",
        ) from error
