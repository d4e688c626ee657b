"""Checks of the settings: address, credentials, limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.cli.connection import in_words_of_the_command_line
from pywats.cli.doctor.finding import Finding, failed, passed
from pywats.client.credentials import resolve_base_url, resolve_credentials
from pywats.config import SyncConfig
from pywats.http import Endpoint

if TYPE_CHECKING:
    from pywats.validation import Duration

__all__ = ["Settings", "check_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The findings, and the server to check next.

    Attributes:
        findings: The findings.
        endpoint: The server; None if its address is not known.
        authorized: Whether there are credentials to send.
    """

    findings: tuple[Finding, ...]
    endpoint: Endpoint | None
    authorized: bool


def check_settings(base_url: str | None) -> Settings:
    """Check the address, and the credentials and limits in the environment."""
    findings: list[Finding] = []
    address = credentials = None
    try:
        address = resolve_base_url(base_url)
        findings.append(passed("address", address))
    except ValueError as error:
        findings.append(
            failed(
                "address",
                in_words_of_the_command_line(error),
                "Set PYWATS_BASE_URL to the address of your WATS server.",
            )
        )
    try:
        credentials = resolve_credentials(None, None, None)
        findings.append(passed("credentials set", "found in the environment"))
    except ValueError as error:
        findings.append(
            failed(
                "credentials set",
                in_words_of_the_command_line(error),
                "Set PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD.",
            )
        )
    try:
        config = SyncConfig()
        retries = f"{config.retry.max_retries} retries" if config.retry_enabled else "no retries"
        findings.append(
            passed(
                "limits",
                f"timeout {_seconds(config.timeout)}, deadline {_seconds(config.deadline)}, "
                f"{retries}",
            )
        )
    except ValueError as error:
        findings.append(
            failed(
                "limits", in_words_of_the_command_line(error), "Correct the variable, or unset it."
            )
        )
    endpoint = None
    if address:
        endpoint = (
            Endpoint(address, "")
            if credentials is None
            else credentials.endpoint(address, "X-Correlation-ID")
        )
    return Settings(tuple(findings), endpoint, credentials is not None)


def _seconds(limit: Duration | None) -> str:
    return "none" if limit is None else f"{limit} s"
