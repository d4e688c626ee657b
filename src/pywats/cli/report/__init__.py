"""``pywats report``."""

import typer

from pywats.cli.exits import EXIT_CODES
from pywats.cli.report.command import submit
from pywats.cli.screen import CleanGroup, Command

__all__ = ["report"]

report = typer.Typer(
    cls=CleanGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    epilog=EXIT_CODES,
    help="Submit reports of tests and repairs.",
)


@report.callback()
def _report() -> None:
    # Without a callback, typer makes the only command the group itself.
    pass


report.command("submit", cls=Command, epilog=EXIT_CODES)(submit)
