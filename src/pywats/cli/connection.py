"""Make the client of a command from the environment and a few options."""

from __future__ import annotations

import typer

from pywats import RetryConfig, pyWATS

__all__ = ["connect", "in_words_of_the_command_line"]

# The messages of the clients name keyword arguments; a command has options and variables instead.
_WORDS = (
    ("pass base_url='https://…' or set", "give --base-url or set"),
    ("base_url", "--base-url"),
    ("pass token=, or username= and password=, or set", "set"),
    ("pass username= or set", "set"),
    ("pass password= or set", "set"),
    (
        "pass them as username= and password=, or token=",
        "set them as PYWATS_USERNAME and PYWATS_PASSWORD",
    ),
    ("pass what follows it as password=", "set what follows it as PYWATS_PASSWORD"),
    ("username is", "PYWATS_USERNAME is"),
    ("password is", "PYWATS_PASSWORD is"),
)


def in_words_of_the_command_line(error: ValueError) -> str:
    """Return the message of an error, with options and variables in place of keyword arguments."""
    message = str(error)
    for argument, option in _WORDS:
        if argument in message:
            message = message.replace(argument, option, 1)
    return message


def connect(base_url: str | None, *, max_retries: int, retry_unsafe: bool) -> pyWATS:
    """Return a client.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``. Credentials come only
            from the environment, because other users of the machine can read command lines.
        max_retries: Attempts after the first one.
        retry_unsafe: Whether to retry requests that may have been executed already.

    Returns:
        The client; no connection is made yet.

    Raises:
        typer.BadParameter: Address or credentials are missing, or a setting is wrong.
    """
    try:
        # RetryConfig reads the environment too, so a wrong variable may be reported here.
        retry = RetryConfig(max_retries=max_retries, retry_unsafe=retry_unsafe)
        return pyWATS(base_url, retry_config=retry, outbox=None)
    except ValueError as error:
        raise typer.BadParameter(
            f"{in_words_of_the_command_line(error)} (pywats doctor tells more)"
        ) from None
    except OSError as error:
        # The certificates of this machine cannot be read; nothing was connected yet.
        raise typer.BadParameter(f"{error.strerror} (pywats doctor tells more)") from None
