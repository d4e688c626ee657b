"""What all commands print with: a console that a file or a pipe can read as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["console", "print_json"]

_WIDTH_OF_A_FILE = 118


def console(*, stderr: bool = False) -> Console:
    """Return a console as wide as the terminal, or wide enough for a file."""
    made = Console(stderr=stderr, highlight=False)
    if made.is_terminal:
        return made
    return Console(stderr=stderr, highlight=False, width=_WIDTH_OF_A_FILE)


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on one line, for programs."""
    typer.echo(json.dumps(value))
