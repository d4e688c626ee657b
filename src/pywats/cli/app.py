"""The application: all commands of the command line."""

from typing import Annotated

import typer

from pywats._version import __version__
from pywats.cli.demo import demo
from pywats.cli.doctor import doctor
from pywats.cli.exits import EXIT_CODES
from pywats.cli.report import report
from pywats.cli.sandbox import sandbox
from pywats.cli.screen import CleanGroup, Command
from pywats.cli.trace import trace

__all__ = ["app"]

app = typer.Typer(
    cls=CleanGroup,
    context_settings={"help_option_names": ["--help", "-h"]},
    no_args_is_help=True,
    rich_markup_mode="markdown",
    # Pretty tracebacks show the values of variables, and so credentials.
    pretty_exceptions_enable=False,
    epilog=EXIT_CODES,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"pywats {__version__}")
        raise typer.Exit


@app.callback()
def pywats(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Try pywats, check a station, submit reports, look at traces.

    A first round, without a server of your own:

        pywats demo
        pywats sandbox

    On a test station, with PYWATS_BASE_URL and PYWATS_TOKEN (or PYWATS_USERNAME and
    PYWATS_PASSWORD) set:

        pywats doctor
        pywats report submit results/*.json
    """
    del version


for _command in (demo, doctor, sandbox, trace):
    app.command(cls=Command, epilog=EXIT_CODES)(_command)
app.add_typer(report, name="report")
