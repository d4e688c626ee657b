"""How commands end: their exit codes, and what is said where one cannot run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EXIT_CODES", "FAILED", "USAGE", "fail", "needs_extra"]

FAILED = 1
USAGE = 2
EXIT_CODES = (
    "Exit codes: 0 all is well, 1 a check or a file failed, 2 the command was used wrongly."
)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say on standard error why the command ends here, and end it."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Say what to install where an import inside the ``with`` block does not find its package."""
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "pywats").partition(".")[0]
        if package == "pywats":
            raise
        fail(f"This command needs {package}: pip install 'pywats[cli,{extra}]'", USAGE)
