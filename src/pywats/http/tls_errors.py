"""Errors of TLS: which of them another attempt could fix, and what to do about the others."""

from __future__ import annotations

import ssl

__all__ = ["PlaintextError", "advice", "find_tls_error", "is_permanent", "refuses_certificate"]

# verify_code of OpenSSL (x509_vfy.h).
_NOT_YET_VALID = 9
_EXPIRED = 10
_REVOKED = 23
_WRONG_HOST = frozenset({62, 64})
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21, 27})
_WEAK = frozenset({66, 67, 68})
# Errors of the checks that X509_V_FLAG_X509_STRICT adds; Python 3.13 switches it on.
_STRICT = frozenset(range(80, 95))
# Alerts by which a server refuses the certificate of a client, or the lack of one (RFC 8446
# section 6.2). TLS 1.2 sends handshake_failure if a certificate is missing.
_CERTIFICATE_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNSUPPORTED_CERTIFICATE",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "ACCESS_DENIED",
    "DECRYPT_ERROR",
)
_HANDSHAKE_FAILURE = "HANDSHAKE_FAILURE"
# Damage in transit, or a server in trouble: another attempt may succeed.
_TRANSIENT = ("INTERNAL_ERROR", "USER_CANCELLED", "BAD_RECORD_MAC", "EOF", "CLOSE_NOTIFY")
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})


class PlaintextError(ssl.SSLError):
    """The server expects TLS on a connection without TLS."""


def find_tls_error(error: BaseException) -> ssl.SSLError | None:
    """Return the TLS error that caused an error; None if TLS was not the cause."""
    seen: BaseException | None = error
    while seen is not None:
        # A session in memory asks for more data by an error; it is the context of what comes next.
        wants_more = isinstance(seen, ssl.SSLWantReadError | ssl.SSLWantWriteError)
        if isinstance(seen, ssl.SSLError) and not wants_more:
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def is_permanent(error: ssl.SSLError) -> bool:
    """Return whether a handshake that failed by this error would fail again.

    Most TLS errors come from the configuration of client or server and are permanent. A closed
    connection, damaged records and internal errors of the server are not.
    """
    if isinstance(error, PlaintextError | ssl.SSLCertVerificationError):
        return True
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return False
    reason = _reason(error)
    return bool(reason) and not any(name in reason for name in _TRANSIENT)


def refuses_certificate(error: ssl.SSLError) -> bool:
    """Return whether the server refuses the certificate of this client, or the lack of one.

    Under TLS 1.3 the client learns of it only when it reads the first response.
    """
    reason = _reason(error)
    return "ALERT" in reason and any(name in reason for name in _CERTIFICATE_ALERTS)


def _reason(error: ssl.SSLError) -> str:
    # OpenSSL sets the reason; other code that raises the error need not.
    return getattr(error, "reason", None) or ""


def advice(error: ssl.SSLError, *, of_transport: bool = False) -> str:
    """Return what to do about an error of the handshake, as a clause; empty if that is unknown.

    Args:
        error: The error.
        of_transport: Whether an httpx transport made the connection. A transport has no base_url
            and no cert=, and does not read PYWATS_CERT.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        # OpenSSL sets verify_code; other verifiers, such as truststore, do not.
        code = getattr(error, "verify_code", 0)
        if of_transport and code in _WRONG_HOST:
            return "the certificate is for another host: use a host name that the certificate has"
        return _certificate_advice(code)
    if isinstance(error, PlaintextError):
        return "the server expects TLS on this port: use an https:// address"
    reason = _reason(error)
    if refuses_certificate(error):
        to_do = (
            "load it into an ssl.SSLContext with load_cert_chain"
            if of_transport
            else "pass cert=(<certificate>.pem, <key>.pem) or set PYWATS_CERT"
        )
        return f"the server refuses the client certificate, or requires one: {to_do}"
    if "ALERT" in reason and _HANDSHAKE_FAILURE in reason:
        setting = (
            "an ssl.SSLContext with load_cert_chain" if of_transport else "cert= or PYWATS_CERT"
        )
        return (
            f"the server refuses the handshake: it may require a client certificate ({setting}), "
            "or other versions or ciphers of TLS"
        )
    if reason in _NOT_TLS:
        return "the server does not speak TLS on this port: is an http:// address meant?"
    if "PROTOCOL" in reason or "CIPHER" in reason or "VERSION" in reason:
        return "client and server have no version or cipher of TLS in common"
    return ""


def _certificate_advice(code: int) -> str:
    if code == _EXPIRED:
        return (
            "the certificate has expired, or the clock of this machine is wrong: have it renewed, "
            "or correct the clock"
        )
    if code == _NOT_YET_VALID:
        return "the certificate is not valid yet: correct the clock of this machine"
    if code == _REVOKED:
        return "the issuer has revoked the certificate: have a new one installed on the server"
    if code in _WRONG_HOST:
        return (
            "the certificate is for another host: use a host name in base_url that the "
            "certificate has"
        )
    if code in _UNKNOWN_ISSUER:
        return (
            "trust its issuer with SSL_CERT_FILE=<issuer>.pem, or with verify_ssl=<an "
            "ssl.SSLContext>"
        )
    if code in _WEAK:
        return "its key or signature is too weak: have a stronger certificate issued"
    if code in _STRICT:
        return (
            "the certificate breaks RFC 5280, which Python 3.13 and later check: have it issued "
            "again, or pass verify_ssl=<an ssl.SSLContext> without ssl.VERIFY_X509_STRICT in its "
            "verify_flags"
        )
    return "have the certificate of the server corrected, or pass verify_ssl=<an ssl.SSLContext>"
