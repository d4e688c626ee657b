"""The client that commands use: as the environment says, with little from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pywats import pyWATS

if TYPE_CHECKING:
    from pywats import RetryConfig

__all__ = ["connect"]


def connect(base_url: str | None, retry_config: RetryConfig) -> pyWATS:
    """Return a client.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``. Credentials come from
            the environment alone, for other users of a machine can read its command lines.
        retry_config: When to try again.

    Raises:
        typer.BadParameter: Address or credentials are missing, or a setting is wrong.
    """
    try:
        return pyWATS(base_url, retry_config=retry_config)
    except ValueError as error:
        raise typer.BadParameter(f"{error} (pywats doctor tells more)") from None
