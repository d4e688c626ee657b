"""The client that commands use: as the environment says, with little from the command line."""

from __future__ import annotations

import typer

from pywats import RetryConfig, pyWATS

__all__ = ["connect"]


def connect(base_url: str | None, *, max_retries: int, retry_unsafe: bool) -> pyWATS:
    """Return a client.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``. Credentials come from
            the environment alone, for other users of a machine can read its command lines.
        max_retries: Attempts after the first one.
        retry_unsafe: Whether to try again what may have been executed already.

    Returns:
        The client; no connection is made yet.

    Raises:
        typer.BadParameter: Address or credentials are missing, or a setting is wrong.
    """
    try:
        # The settings of retries read the environment as well, so a mistake in it may show here.
        retry = RetryConfig(max_retries=max_retries, retry_unsafe=retry_unsafe)
        return pyWATS(base_url, retry_config=retry)
    except ValueError as error:
        raise typer.BadParameter(f"{error} (pywats doctor tells more)") from None
    except OSError as error:
        # The certificates of this machine; nothing was connected yet.
        raise typer.BadParameter(f"{error.strerror} (pywats doctor tells more)") from None
