"""Print text for people and JSON for programs.

The names of files, spans and servers come from outside. Escape sequences, control characters and
bidirectional marks, which a terminal would execute instead of showing, are removed from all text
that a command prints.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.segment import Segment
from typer.core import TyperCommand, TyperGroup

from pywats.redaction import several_lines
from pywats.terminal import width_of_a_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import ConsoleOptions, RenderableType

__all__ = ["CleanGroup", "Command", "console", "print_json", "print_text"]


class _CleanConsole(Console):
    """A console that removes escape sequences and control characters from every text."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(several_lines(text), style)


def console(*, stderr: bool = False) -> Console:
    """Return a console as wide as the terminal, or wide enough for a file."""
    made = _CleanConsole(stderr=stderr, highlight=False)
    if made.is_terminal:
        return made
    return _CleanConsole(stderr=stderr, highlight=False, width=width_of_a_file())


def print_text(text: str, *, stderr: bool = False) -> None:
    """Print text unchanged, but without control characters other than line feeds."""
    typer.echo(several_lines(text), err=stderr)


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on one line, for programs.

    JSON escapes control characters. Numbers that JSON does not have (NaN, the infinities) are
    printed as strings.
    """
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        text = json.dumps(json.loads(json.dumps(value), parse_constant=str))
    typer.echo(text)


# Any below: click has no fixed place to import from. Some versions of typer contain it, others
# require it.
class Command(TyperCommand):
    """A command whose help shows no type after a flag, because a flag takes no value."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` included."""
        params: list[Any] = super().get_params(ctx)
        return _without_types_of_flags(params)


def _without_types_of_flags(params: list[Any]) -> list[Any]:
    for each in params:
        if getattr(each, "is_flag", False):
            each.metavar = ""
    return params


class CleanGroup(TyperGroup):
    """A group of commands whose usage errors quote arguments without control characters."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` included."""
        params: list[Any] = super().get_params(ctx)
        return _without_types_of_flags(params)

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Parse the arguments of the group."""
        with _clean_messages():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        """Parse the arguments of a command and run it."""
        with _clean_messages():
            return super().invoke(ctx)


@contextmanager
def _clean_messages() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # typer prints errors that have format_message as usage errors, and raises the others.
        if hasattr(error, "format_message"):
            vars(error)["message"] = several_lines(str(vars(error)["message"]))
        raise
