"""Run ``pywats report submit`` with its arguments."""

from __future__ import annotations

import math
import signal
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["submit_files"]

_POLL_SECONDS = 0.5


def submit_files(
    paths: list[Path],
    *,
    base_url: str | None,
    journal: Path | None,
    journal_name: str,
    outbox: Path | None,
    move_to: Path | None,
    watch: bool,
    replace: bool,
    retries: int,
    wait: float,
    as_json: bool,
) -> None:
    """Submit files, show the outcomes, and end the command with its exit code.

    Args:
        paths: Files and folders.
        journal_name: Name of the journal beside the files, if ``journal`` is None.
        base_url: Address of the server; else ``PYWATS_BASE_URL``.
        journal: Path of the journal.
        outbox: Folder of the outbox; else ``PYWATS_OUTBOX``.
        move_to: Folder to move the submitted files to.
        watch: Whether to submit files as they appear, until Ctrl-C.
        replace: Whether the reports are corrections that replace reports on the server.
        retries: Attempts after the first one.
        wait: Seconds to wait for an unavailable server.
        as_json: Whether to print JSON.
    """
    keeper = outbox_of(outbox or NOT_GIVEN)
    if not paths and keeper is None:
        raise typer.BadParameter(f"give files or folders, --outbox, or set {OUTBOX_VARIABLE}")
    rules = Rules(math.inf if watch else wait, move_to, replace)
    # retry_unsafe: the server recognises a report by its id, so submitting it again after a lost
    # response is safe.
    with connect(base_url, max_retries=retries, retry_unsafe=True) as api:
        place = _journal_of(paths, journal, journal_name)
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


def _journal_of(files: list[Path], journal: Path | None, name: str) -> Path | None:
    if journal is not None or not files:
        return journal
    return (files[0] if is_folder(files[0]) else files[0].parent) / name


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
    """Submit files as they appear; return whether Ctrl-C has ended the loop."""
    try:
        while not run.over:
            run.send_outbox()
            for outcome in run.submit(watch.new()):
                if outcome.status != "skipped" or outcome.error or outcome.moved_to:
                    show_one(outcome, as_json=as_json)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return True
    return False


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Handle SIGTERM, which service managers send, like Ctrl-C."""
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
