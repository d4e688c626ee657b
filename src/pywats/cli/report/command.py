"""``pywats report submit``."""

from pathlib import Path
from typing import Annotated

import typer

from pywats.client.settings import OUTBOX_VARIABLE

__all__ = ["JOURNAL", "submit"]

JOURNAL = ".pywats-submitted.jsonl"


def submit(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            # typer must not check this: an unreadable file fails alone, not the whole command.
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
            file_okay=False, metavar="FOLDER", help="Move each file here once the server has it."
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Submit files as they appear, until Ctrl-C.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Submit corrected reports: each replaces the report with its id."
        ),
    ] = False,
    retries: Annotated[
        int, typer.Option(min=0, help="Attempts after the first one, for each file.")
    ] = 3,
    wait: Annotated[
        float,
        typer.Option(
            min=0, metavar="SECONDS", help="After these attempts, wait so long for the server."
        ),
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
    because the server recognises a report by its id; a report without an id gets an id calculated
    from the bytes of its file. For the same reason, a file whose report has the id of another
    file's report fails: it would replace that report.

    Reports that a client of this machine has kept in an [outbox](../guides/outbox.md) are sent
    before the files; with an outbox no PATH is needed.

    With `--watch` the command goes on and submits files as they appear; a file is taken when it
    has not changed for a second. The server may then be away for any time.

    Credentials come from PYWATS_TOKEN, or PYWATS_USERNAME and PYWATS_PASSWORD.

        pywats report submit results/*.json

    On a test station that writes a file for each unit:

        pywats report submit results --watch --move-to submitted
    """
    # Imported here: loading the models of reports takes half a second, and no other command needs
    # them.
    from pywats.cli.report.submitting import submit_files  # noqa: PLC0415

    submit_files(
        files or [],
        base_url=base_url,
        journal=journal,
        journal_name=JOURNAL,
        outbox=outbox,
        move_to=move_to,
        watch=watch,
        replace=replace,
        retries=retries,
        wait=wait,
        as_json=as_json,
    )
