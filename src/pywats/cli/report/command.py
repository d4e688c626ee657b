"""``pywats report submit``."""

import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pywats.cli.connection import connect
from pywats.cli.exits import FAILED
from pywats.cli.report.batch import Rules
from pywats.cli.report.journal import Journal
from pywats.cli.report.listing import Watch, is_folder, report_files
from pywats.cli.report.outcome import show, show_one
from pywats.cli.report.run import Run
from pywats.cli.screen import console
from pywats.client.settings import OUTBOX_VARIABLE, outbox_of
from pywats.validation import NOT_GIVEN

__all__ = ["JOURNAL", "submit"]

JOURNAL = ".pywats-submitted.jsonl"
_LOOK_EVERY = 0.5


def submit(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            # What cannot be read is the failure of one file, not of the command.
            readable=False,
            help="WSJF or WSXF documents, and folders of them.",
        ),
    ] = None,
    *,
    base_url: Annotated[
        str | None, typer.Option(help="Address of the server; else PYWATS_BASE_URL.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            readable=False, help=f"Where to note what was taken; else {JOURNAL} beside the files."
        ),
    ] = None,
    outbox: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            readable=False,
            metavar="FOLDER",
            help=f"Send what waits in this outbox first; else {OUTBOX_VARIABLE}.",
        ),
    ] = None,
    move_to: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, metavar="FOLDER", help="Move the files that the server has here."
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Submit files as they appear, until Ctrl-C.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Submit corrected reports: each replaces the one it was."),
    ] = False,
    retries: Annotated[
        int, typer.Option(min=0, help="Attempts after the first one, for each file.")
    ] = 3,
    wait: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="Wait for a server that is away still then."),
    ] = 0.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what became of each file as JSON.")
    ] = False,
) -> None:
    """Submit report files to WATS; safe to run again: nothing is submitted twice.

    The format, WSJF (JSON) or WSXF (XML), is told by the content of each file. Of a folder, all
    files below it that end in .json, .wsjf, .xml or .wsxf are submitted. A document that is valid
    JSON is sent as it is, to the last digit.

    A file that fails does not stop the others: they are submitted, the failure is shown with its
    correlation id, and the exit code is 1. If the server is away, the first file that finds this
    out makes its retries and waits as `--wait` says. If the server comes back, the run goes on;
    if not, the other files are not tried. Run the same command again to submit what is left: the
    journal knows what the server has confirmed. Even without the journal nothing is counted twice,
    because the server recognises a report by its id, and a report without an id gets one that the
    bytes of its file decide. For the same reason a file fails whose report has the id of another
    file's report: it would replace it.

    What a client of this machine has kept in an [outbox](../guides/outbox.md) is sent before the
    files; with an outbox no PATH is needed.

    With `--watch` the command goes on and submits files as they appear; a file is taken when it
    has not changed for a second. The server may then be away for any time.

    Credentials come from PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD.

        pywats report submit results/*.json

    On a test station that writes a file for each unit:

        pywats report submit results --watch --move-to submitted
    """
    keeper = outbox_of(outbox or NOT_GIVEN)
    if not files and keeper is None:
        raise typer.BadParameter(f"give files or folders, --outbox, or set {OUTBOX_VARIABLE}")
    paths = files or []
    rules = Rules(math.inf if watch else wait, move_to, replace)
    # The id of a report makes a second submission harmless, so that a lost response is not a
    # reason to give up.
    with connect(base_url, max_retries=retries, retry_unsafe=True) as api:
        place = _journal_of(paths, journal)
        try:
            noted = None if place is None else Journal(place, api.base_url)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise typer.BadParameter(
                f"{place} cannot be used ({reason}): give another place", param_hint="--journal"
            ) from None
        run = Run(api, noted, rules, keeper)
        with nullcontext() if noted is None else noted, _stopped_by_signals():
            if watch:
                interrupted = _watch(run, Watch(paths, move_to), as_json=as_json)
            else:
                interrupted = _submit_all(run, list(report_files(paths, move_to)))
    show(run.outcomes, place, run.outbox, as_json=as_json, one_by_one=watch)
    if interrupted and not watch:
        console(stderr=True).print("Stopped before the last file.")
    if (interrupted and not watch) or run.failed:
        raise typer.Exit(FAILED)


def _journal_of(files: list[Path], journal: Path | None) -> Path | None:
    if journal is not None or not files:
        return journal
    return (files[0] if is_folder(files[0]) else files[0].parent) / JOURNAL


def _submit_all(run: Run, files: list[Path]) -> bool:
    """Submit files; return whether the run was stopped before the last one."""
    try:
        with _progress() as progress:
            run.send_outbox()
            for _ in run.submit(progress.track(files, description="Submitting")):
                pass
    except KeyboardInterrupt:
        return True
    return False


def _watch(run: Run, watch: Watch, *, as_json: bool) -> bool:
    """Submit files as they appear; return whether Ctrl-C has ended it."""
    try:
        while not run.over:
            run.send_outbox()
            for outcome in run.submit(watch.new()):
                if outcome.status != "skipped" or outcome.error or outcome.moved_to:
                    show_one(outcome, as_json=as_json)
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        return True
    return False


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Make the signal that service managers send do what Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
