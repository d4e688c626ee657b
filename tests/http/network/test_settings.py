"""Settings of connections: client certificate, age, certificate store."""

from __future__ import annotations

import ssl
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pywats import AsyncWATS, SyncClientConfig, SyncWATSClient, pyWATS
from pywats.http import ConnectionSettings, Endpoint, Response
from tests.http.faces import FACES
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import trustme

    Face = Callable[..., Response]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
HTTPS = Endpoint("https://wats.invalid", "")


@pytest.fixture
def files(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a certificate of a client, and trust the authority by SSL_CERT_FILE."""
    issued = authority.issue_cert("station@wats.example")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    encrypt(tmp_path / "key.pem", tmp_path / "encrypted.pem", b"hunter2")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return tmp_path


def encrypt(plain: Path, encrypted: Path, password: bytes) -> None:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - loads OpenSSL

    key = serialization.load_pem_private_key(plain.read_bytes(), None)
    encrypted.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password),
        )
    )


@pytest.fixture
def demanding(authority: trustme.CA, context: ssl.SSLContext) -> ssl.SSLContext:
    """Return the TLS of a server that demands a client certificate."""
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    return context


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    "cert",
    [
        lambda files: files / "both.pem",
        lambda files: str(files / "both.pem"),
        lambda files: (files / "cert.pem", files / "key.pem"),
        lambda files: (str(files / "cert.pem"), str(files / "encrypted.pem"), "hunter2"),
    ],
)
def test_a_client_certificate_is_presented(
    face: Face,
    version: ssl.TLSVersion,
    cert: Callable[[Path], Any],
    files: Path,
    demanding: ssl.SSLContext,
) -> None:
    demanding.maximum_version = version
    with RawServer(saying(OK), tls=demanding) as server:
        settings = ConnectionSettings(cert=cert(files))
        assert face(server.base_url, settings=settings).content == b"{}"
    assert "hunter2" not in repr(settings)


def test_the_environment_may_name_it(
    files: Path, demanding: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_CERT", str(files / "both.pem"))
    with RawServer(saying(OK), tls=demanding) as server:
        assert FACES[0](server.base_url, settings=ConnectionSettings()).content == b"{}"
    # A context of the program decides for itself.
    assert ConnectionSettings(ssl.create_default_context()).cert is None


@pytest.mark.parametrize(
    "cert",
    [
        lambda files: files / "nowhere.pem",
        lambda files: files / "cert.pem",
        lambda files: files / "authority.pem",
        lambda files: (files / "cert.pem", files / "encrypted.pem"),
        lambda files: (files / "cert.pem", files / "encrypted.pem", "wrong"),
        lambda files: (files / "authority.pem", files / "key.pem"),
    ],
)
def test_a_certificate_that_cannot_be_read_is_refused_when_the_client_is_made(
    cert: Callable[[Path], Any], files: Path
) -> None:
    with pytest.raises(OSError, match=r"cert='.*\.pem': must be a certificate and its private key"):
        ConnectionSettings(cert=cert(files)).ssl_context(HTTPS)
    # Plain http presents none.
    assert ConnectionSettings(cert=cert(files)).ssl_context(Endpoint("http://wats", "")) is None


@pytest.mark.parametrize(
    "cert",
    [
        7,
        b"cert.pem",
        (),
        ("a",),
        ("a", "b", "c", "d"),
        ("a", None),
        ("a", "b", b"hunter2"),
        ("", "b"),
    ],
)
def test_what_is_not_a_certificate_is_refused(cert: Any) -> None:
    with pytest.raises(TypeError, match="cert: must be the path of a PEM file") as caught:
        ConnectionSettings(cert=cert)
    assert "hunter2" not in str(caught.value)


def test_a_certificate_beside_a_context_is_refused() -> None:
    with pytest.raises(ValueError, match="cert: cannot be given with verify_ssl=<an ssl.SSLCon"):
        ConnectionSettings(ssl.create_default_context(), cert="both.pem")


CLIENTS: dict[str, Callable[..., Any]] = {
    "pyWATS": lambda **options: pyWATS("http://wats", "eDp5", **options),
    "AsyncWATS": lambda **options: AsyncWATS("http://wats", "eDp5", **options),
    "SyncWATSClient": lambda **options: (
        SyncWATSClient(SyncClientConfig("http://wats", "eDp5"), **options)._api
    ),
}


@pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)
def test_each_client_has_the_settings(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make()._connection.max_connection_age == 30.0
    assert make(max_connection_age=None)._connection.max_connection_age is None
    assert make(max_connection_age=timedelta(minutes=5))._connection.max_connection_age == 300.0
    assert make(cert=("a.pem", "b.pem"))._connection.cert == ("a.pem", "b.pem")
    monkeypatch.setenv("PYWATS_MAX_CONNECTION_AGE", "7")
    monkeypatch.setenv("PYWATS_CERT", "c.pem")
    assert make()._connection.max_connection_age == 7.0
    assert make()._connection.cert == "c.pem"
    assert make(max_connection_age=9)._connection.max_connection_age == 9.0
    monkeypatch.setenv("PYWATS_MAX_CONNECTION_AGE", "none")
    assert make()._connection.max_connection_age is None
    monkeypatch.setenv("PYWATS_MAX_CONNECTION_AGE", "-1")
    with pytest.raises(ValueError, match="PYWATS_MAX_CONNECTION_AGE='-1' in the environment: must"):
        make()
    with pytest.raises(ValueError, match="max_connection_age=0"):
        make(max_connection_age=0)


def test_the_certificates_of_the_system_count_beside_those_of_certifi(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA
) -> None:
    """As where a company's CA was installed by update-ca-certificates, or in Windows."""

    def load(self: ssl.SSLContext, purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH) -> None:  # noqa: ARG001 - the signature
        authority.configure_trust(self)

    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", load)
    issued = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(issued)
    with RawServer(saying(OK), tls=issued) as server:
        assert FACES[0](server.base_url, settings=ConnectionSettings()).content == b"{}"
    context = ConnectionSettings().verification()
    assert context.cert_store_stats()["x509_ca"] > 50  # certifi's


def test_which_store_decides_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert ConnectionSettings().trust().startswith("the certificate store of the system (/")
    assert ConnectionSettings().trust().endswith(", and certifi's")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        assert ConnectionSettings().trust() == "the certificate store of Windows, and certifi's"
    assert ConnectionSettings(verify_ssl=False).trust() == "nothing: verify_ssl is False"
    own = ssl.create_default_context()
    assert ConnectionSettings(own).trust() == "the ssl.SSLContext of verify_ssl"
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert ConnectionSettings().trust() == f"SSL_CERT_DIR={tmp_path}"
    monkeypatch.setenv("SSL_CERT_FILE", "x.pem")
    assert ConnectionSettings().trust() == "SSL_CERT_FILE=x.pem"
