"""Exit codes of commands, and the messages of commands that cannot run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from pywats.cli.screen import print_text
from pywats.extras import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EXIT_CODES", "FAILED", "USAGE", "fail", "needs_extra"]

FAILED = 1
USAGE = 2
EXIT_CODES = (
    "Exit codes: 0 all is well, 1 a check or a file failed, 2 the command was used wrongly."
)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Print the reason on standard error and end the command."""
    print_text(message, stderr=True)
    raise typer.Exit(code)


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """End the command if an import in the ``with`` block fails; say what to install."""
    try:
        with needs(f"cli,{extra}", "This command"):
            yield
    except ModuleNotFoundError as missing:
        if missing.__cause__ is None:  # a module of pywats
            raise
        fail(str(missing), USAGE)
