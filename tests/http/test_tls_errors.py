"""Errors of TLS: what is permanent, what was executed, and what to do."""

from __future__ import annotations

import socket
import ssl
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from pywats.errors import WATSConnectionError
from pywats.http import ConnectionSettings, Request, Response
from pywats.http.tls_errors import advice, find_tls_error, is_permanent, refuses_certificate
from tests.http.faces import FACES, GET, POST
from tests.http.network.proxies.test_environment import relay
from tests.http.raw_server import RawServer, saying
from tests.http.tcp_server import TcpServer

if TYPE_CHECKING:
    from collections.abc import Callable

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LARGE = Request(method="POST", template="/api/Report/WSJF", content=b"x" * 2_000_000)
each_face = pytest.mark.parametrize("face", FACES)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def refused(face: Face, base_url: str, trusted: trustme.CA, request: Request = POST) -> str:
    context = ssl.create_default_context()
    trusted.configure_trust(context)
    with pytest.raises(WATSConnectionError) as caught:
        face(base_url, request, settings=ConnectionSettings(context))
    assert not caught.value.transient
    assert not caught.value.may_have_been_executed
    return str(caught.value)


def expired(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1", not_before=NOW - 9 * DAY, not_after=NOW - DAY)


def not_valid_yet(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1", not_before=NOW + DAY, not_after=NOW + 9 * DAY)


def of_another_host(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("wats.example")


def of_another_issuer(_: trustme.CA) -> trustme.LeafCert:
    return trustme.CA().issue_cert("127.0.0.1")


@each_face
@pytest.mark.parametrize(
    ("issue", "reason", "to_do"),
    [
        (expired, "certificate has expired", "have it renewed, or correct the clock"),
        (not_valid_yet, "certificate is not yet valid", "correct the clock of this machine"),
        (of_another_host, "IP address mismatch", "use a host name in base_url that the cert"),
        (of_another_issuer, "unable to get local issuer", "trust its issuer with SSL_CERT_FILE="),
    ],
)
def test_the_advice_fits_the_reason(
    face: Face,
    authority: trustme.CA,
    issue: Callable[[trustme.CA], trustme.LeafCert],
    reason: str,
    to_do: str,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issue(authority).configure_cert(context)
    with RawServer(saying(OK), tls=context) as server:
        said = refused(face, server.base_url, authority)
    assert f"the certificate was refused ({reason}" in said
    assert to_do in said
    assert server.heads == []


@pytest.mark.parametrize(
    ("code", "to_do"),
    [
        (23, "the issuer has revoked the certificate"),
        (18, "trust its issuer"),
        (62, "the certificate is for another host"),
        (68, "too weak"),
        (85, "breaks RFC 5280, which Python 3.13 and later check"),
        (89, "without ssl.VERIFY_X509_STRICT"),
        (92, "breaks RFC 5280"),
        (7, "have the certificate of the server corrected"),
    ],
)
def test_each_reason_of_openssl_has_its_advice(code: int, to_do: str) -> None:
    error = ssl.SSLCertVerificationError("refused")
    error.verify_code = code
    assert to_do in advice(error)
    assert is_permanent(error)


@each_face
@pytest.mark.skipif(sys.version_info < (3, 13), reason="Python checks strictly from 3.13 on")
def test_the_strict_mode_of_python_is_named(face: Face) -> None:
    ca, context = without_key_identifier()
    with RawServer(saying(OK), tls=context) as server:
        said = refused(face, server.base_url, ca)
    assert "(Missing Authority Key Identifier)" in said
    assert "which Python 3.13 and later check" in said


def without_key_identifier() -> tuple[trustme.CA, ssl.SSLContext]:
    """Return an authority, and the TLS of a server whose certificate breaks RFC 5280."""
    import tempfile  # noqa: PLC0415
    from ipaddress import ip_address  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    ca = trustme.CA()
    issuer = x509.load_pem_x509_certificate(ca.cert_pem.bytes())
    signer = serialization.load_pem_private_key(ca.private_key_pem.bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    cert = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(names, critical=True)
        .sign(signer, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(
            cert.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context.load_cert_chain(file)
    return ca, context


@each_face
@pytest.mark.parametrize("through_proxy", [False, True], ids=["direct", "TLS proxy"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("request_", [GET, POST, LARGE], ids=["GET", "POST", "large"])
def test_a_missing_client_certificate_is_permanent_and_nothing_was_executed(
    face: Face,
    through_proxy: bool,  # noqa: FBT001 - a parameter of the table
    version: ssl.TLSVersion,
    request_: Request,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demanding = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(demanding)
    authority.configure_trust(demanding)
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.maximum_version = version

    def tunnel(client: socket.socket, _: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, onward)

    proxy_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(proxy_tls)
    with RawServer(saying(OK), tls=demanding) as server, RawServer(tunnel, tls=proxy_tls) as proxy:
        if through_proxy:
            monkeypatch.setenv("https_proxy", proxy.base_url)
            monkeypatch.setenv("no_proxy", "")
        said = refused(face, server.base_url, authority, request_)
    assert "client certificate" in said
    assert "PYWATS_CERT" in said
    assert server.heads == []


@each_face
def test_a_client_certificate_of_another_issuer_is_permanent(
    face: Face, authority: trustme.CA
) -> None:
    demanding = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(demanding)
    authority.configure_trust(demanding)
    demanding.verify_mode = ssl.CERT_REQUIRED
    client = ssl.create_default_context()
    authority.configure_trust(client)
    trustme.CA().issue_cert("station@wats.example").configure_cert(client)
    with (
        RawServer(saying(OK), tls=demanding) as server,
        pytest.raises(WATSConnectionError, match="refuses the client certificate") as caught,
    ):
        face(server.base_url, POST, settings=ConnectionSettings(client))
    assert not caught.value.transient
    assert not caught.value.may_have_been_executed


@each_face
def test_https_to_an_http_port(face: Face, authority: trustme.CA) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        connection.recv(65536)

    with TcpServer(serve) as server:
        said = refused(face, f"https://127.0.0.1:{server.port}", authority)
    assert "the server does not speak TLS on this port: is an http:// address meant?" in said
    assert server.accepted == 1


@each_face
def test_http_to_an_https_port(face: Face, authority: trustme.CA) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(bytes.fromhex("15030100020246"))  # protocol_version
        connection.recv(65536)

    with TcpServer(serve) as server:
        said = refused(face, f"http://127.0.0.1:{server.port}", authority)
    assert "the server expects TLS on this port: use an https:// address" in said


@each_face
def test_no_version_in_common(face: Face, authority: trustme.CA, context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    client = ssl.create_default_context()
    authority.configure_trust(client)
    client.minimum_version = ssl.TLSVersion.TLSv1_3
    with (
        RawServer(saying(OK), tls=context) as server,
        pytest.raises(WATSConnectionError, match="no version or cipher of TLS") as caught,
    ):
        face(server.base_url, POST, settings=ConnectionSettings(client))
    assert not caught.value.transient


@each_face
def test_a_handshake_that_the_server_leaves_may_succeed_the_next_time(
    face: Face, trusting: ConnectionSettings
) -> None:
    with (
        TcpServer(lambda connection: connection.recv(65536)) as server,
        pytest.raises(WATSConnectionError, match="no connection") as caught,
    ):
        face(f"https://127.0.0.1:{server.port}", POST, settings=trusting)
    assert caught.value.transient
    assert not caught.value.may_have_been_executed


@pytest.mark.parametrize(
    ("reason", "permanent"),
    [
        ("TLSV1_ALERT_INTERNAL_ERROR", False),
        ("SSLV3_ALERT_BAD_RECORD_MAC", False),
        ("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", False),
        ("TLSV1_ALERT_USER_CANCELLED", False),
        ("UNEXPECTED_EOF_WHILE_READING", False),
        (None, False),
        ("TLSV1_UNRECOGNIZED_NAME", True),
        ("TLSV1_ALERT_PROTOCOL_VERSION", True),
    ],
)
def test_damage_and_trouble_of_the_server_are_not_permanent(
    reason: str | None,
    permanent: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    error = ssl.SSLError(1, "failed")
    error.reason = reason  # type: ignore[assignment]  # OpenSSL may have none
    assert is_permanent(error) is permanent
    assert not refuses_certificate(error)
    assert not is_permanent(ssl.SSLEOFError(8, "EOF"))


def test_a_reason_without_advice() -> None:
    error = ssl.SSLError(1, "failed")
    error.reason = "TLSV1_UNRECOGNIZED_NAME"
    assert advice(error) == ""


def test_the_error_is_found_among_the_causes() -> None:
    inner = ssl.SSLError(1, "failed")
    outer = OSError("broken")
    outer.__cause__ = inner
    assert find_tls_error(outer) is inner
    assert find_tls_error(OSError()) is None


def test_an_error_that_openssl_has_not_made() -> None:
    error = ssl.SSLError("made by another library")
    assert not is_permanent(error)
    assert not refuses_certificate(error)
    assert advice(error) == ""
