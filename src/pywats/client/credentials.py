"""Credentials, given by the program or read from the environment, and never shown."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field

from pywats.http import Endpoint, parse_base_url
from pywats.redaction import Secrets

__all__ = ["Credentials", "resolve_base_url", "resolve_credentials"]

_TOKEN = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """HTTP Basic credentials.

    Attributes:
        token: Base64 of ``username:password`` (RFC 7617 section 2).
    """

    token: str = field(repr=False)

    def endpoint(self, base_url: str, correlation_header: str) -> Endpoint:
        """Return an endpoint with these credentials, which adds the password to its secrets."""
        secrets = Secrets({self.token})
        return Endpoint(base_url, f"Basic {self.token}", correlation_header, secrets)


def resolve_base_url(base_url: str | None) -> str:
    """Return the address given, else the address in ``PYWATS_BASE_URL``.

    Raises:
        TypeError: ``base_url`` is not a string.
        ValueError: The address is missing, or is not an absolute URL.
    """
    name = "base_url"
    if base_url is None:
        name = "PYWATS_BASE_URL"
        base_url = os.environ.get(name, "").strip()
    if not base_url:
        raise ValueError(
            "no address of the server: pass base_url='https://…' or set PYWATS_BASE_URL"
        )
    return parse_base_url(base_url, name)


def resolve_credentials(
    token: str | None, username: str | None, password: str | None
) -> Credentials:
    """Return the credentials given, else the credentials in the environment.

    Arguments win over ``PYWATS_TOKEN``, ``PYWATS_USERNAME`` and ``PYWATS_PASSWORD``. In the
    environment, the token wins over the name and password.

    Raises:
        TypeError: A value is not a string.
        ValueError: Credentials are missing, contradict each other or are malformed.
    """
    for name, value in (("token", token), ("username", username), ("password", password)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name}: must be a string, not {type(value).__name__}")
    if token is not None and (username is not None or password is not None):
        raise ValueError("pass either token= or username= and password=, not both")
    if token is not None:
        return _from_token("token", token)
    if username is None and password is None:
        token = os.environ.get("PYWATS_TOKEN", "").strip()
        if token:
            return _from_token("PYWATS_TOKEN", token)
    name = "username"
    if username is None:
        name = "PYWATS_USERNAME"
        username = os.environ.get(name)
    password = password if password is not None else os.environ.get("PYWATS_PASSWORD")
    return _from_password(name, username, password)


def _from_token(name: str, token: str) -> Credentials:
    token = token.strip().removeprefix("Basic ").strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"{name}: must be the base64 text of username:password (value not shown)")
    return Credentials(token)


def _from_password(name: str, username: str | None, password: str | None) -> Credentials:
    if not username and not password:
        raise ValueError(
            "no credentials: pass token=, or username= and password=, or set PYWATS_TOKEN, or "
            "PYWATS_USERNAME and PYWATS_PASSWORD"
        )
    if not username:
        raise ValueError("username is missing: pass username= or set PYWATS_USERNAME")
    if not password:
        raise ValueError("password is missing: pass password= or set PYWATS_PASSWORD")
    if ":" in username:
        # The value is not shown: the text after the colon is probably the password.
        raise ValueError(
            f"{name}: must not contain a colon (RFC 7617 section 2; value not shown); pass what "
            "follows it as password="
        )
    token = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return Credentials(token)
