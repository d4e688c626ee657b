"""``pywats report submit``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pywats.cli.connection import connect
from pywats.cli.exits import FAILED
from pywats.cli.report.journal import Journal
from pywats.cli.report.submission import Outcome, submit_file
from pywats.cli.screen import console, print_json

__all__ = ["JOURNAL", "submit"]

JOURNAL = ".pywats-submitted.jsonl"


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="WSJF or WSXF documents.")],
    *,
    base_url: Annotated[
        str | None, typer.Option(help="Address of the server; else PYWATS_BASE_URL.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(help=f"Where to note what was taken; else {JOURNAL} beside the first FILE."),
    ] = None,
    retries: Annotated[
        int, typer.Option(min=0, help="Attempts after the first one, for each file.")
    ] = 3,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what became of each file as JSON.")
    ] = False,
) -> None:
    """Submit report files to WATS, each once, however often the command is run.

    The format, WSJF (JSON) or WSXF (XML), is told by the content of each file. A file that fails
    stops no other: the rest is submitted, the failure is shown with its correlation id, and the
    exit code is 1. Run the same command again to submit what is left: the journal knows what the
    server has taken. Even without the journal nothing is counted twice, for the server recognises
    a report by its id, and a report without an id gets one that the bytes of its file decide.

    Credentials come from PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD.

        pywats report submit results/*.json
    """
    path = journal or files[0].parent / JOURNAL
    # The id of a report makes a second submission harmless, so that a lost answer is no reason
    # to give up.
    with connect(base_url, max_retries=retries, retry_unsafe=True) as api:
        try:
            taken = Journal(path, api.base_url)
        except OSError as error:
            raise typer.BadParameter(
                f"{path} cannot be written ({error.strerror}): give another place",
                param_hint="--journal",
            ) from None
        with taken, _progress() as progress:
            outcomes = [
                submit_file(api, taken, file)
                for file in progress.track(files, description="Submitting")
            ]
    _show(outcomes, path, as_json=as_json)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(FAILED)


def _progress() -> Progress:
    screen = console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
    )


def _show(outcomes: list[Outcome], journal: Path, *, as_json: bool) -> None:
    counts = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("submitted", "skipped", "failed")
    }
    if as_json:
        rows = [asdict(outcome) for outcome in outcomes]
        print_json({**counts, "journal": str(journal), "files": rows})
        return
    screen = console()
    for outcome in outcomes:
        if outcome.status == "failed":
            screen.print(f"failed: {outcome.file}: {outcome.error}", style="red", markup=False)
    screen.print(
        f"{counts['submitted']} submitted, {counts['skipped']} submitted before, "
        f"{counts['failed']} failed; journal: {journal}",
        markup=False,
        soft_wrap=True,
    )
    if counts["failed"]:
        screen.print("Run the same command again to submit what is left.")
