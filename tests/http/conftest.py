"""A certificate authority: for servers, and for clients that trust it."""

from __future__ import annotations

import ssl

import pytest
import trustme

from pywats.http import ConnectionSettings


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


@pytest.fixture
def trusting(authority: trustme.CA) -> ConnectionSettings:
    made = ssl.create_default_context()
    authority.configure_trust(made)
    return ConnectionSettings(made)
