"""Outcomes of files and of the outbox, printed as text or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pywats.cli.screen import console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["OutboxOutcome", "Outcome", "show", "show_one"]

_STATUSES = ("submitted", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a file.

    Attributes:
        file: The file; a name that is not UTF-8 has the form that `os.fsdecode` gives it.
        status: ``submitted`` now, ``skipped`` because the journal has it, or ``failed``.
        reports: Ids of the reports that the server has confirmed.
        number: Number that the server gave the first report.
        error: Reason of the failure, or of a failed move after the submission.
        correlation_id: Id of the failed call in logs and traces.
        moved_to: Path to which it was moved.
    """

    file: str
    status: Literal["submitted", "skipped", "failed"]
    reports: tuple[str, ...] = ()
    number: int | None = None
    error: str | None = None
    correlation_id: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxOutcome:
    """Outcome of the reports that waited in an outbox.

    Attributes:
        directory: Directory of the outbox.
        sent: Number of reports that the server has accepted.
        refused: Number of reports that the server has refused.
        waiting: Number of reports that still wait.
        error: Error that kept them from being sent.
    """

    directory: str
    sent: int = 0
    refused: int = 0
    waiting: int = 0
    error: str | None = None


def show(
    outcomes: Sequence[Outcome],
    journal: Path | None,
    outbox: OutboxOutcome | None,
    *,
    as_json: bool,
    one_by_one: bool = False,
) -> None:
    """Print the outcomes of a run.

    Args:
        outcomes: The outcomes of the files.
        journal: Path of the journal; None if there were no files.
        outbox: The outcome of the outbox; None without an outbox.
        as_json: Whether to print one JSON object.
        one_by_one: Whether the outcome of each file was printed already.
    """
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in _STATUSES}
    if as_json:
        rows = [] if one_by_one else [asdict(outcome) for outcome in outcomes]
        place = None if journal is None else str(journal)
        kept = None if outbox is None else asdict(outbox)
        print_json({**counts, "journal": place, "outbox": kept, "files": rows})
        return
    if not one_by_one:
        _show_errors([outcome for outcome in outcomes if outcome.error is not None])
    if outbox is not None:
        _show_outbox(outbox)
    if journal is not None:
        _print(
            f"{counts['submitted']} submitted, {counts['skipped']} submitted before, "
            f"{counts['failed']} failed; journal: {journal}"
        )
    if counts["failed"] or (outbox is not None and outbox.waiting):
        _print("Run the same command again to submit what is left.")


def _show_outbox(outbox: OutboxOutcome) -> None:
    if outbox.error is not None:
        _print(f"outbox: {outbox.error}", style="red")
    _print(
        f"{outbox.sent} sent, {outbox.refused} refused, {outbox.waiting} waiting; outbox: "
        f"{outbox.directory}"
    )


def _show_errors(outcomes: list[Outcome]) -> None:
    for _, same in groupby(outcomes, key=lambda outcome: (outcome.status, outcome.error)):
        first, *others = same
        more = f" and {len(others)} more" if others else ""
        show_one(replace(first, file=first.file + more), as_json=False)


def show_one(outcome: Outcome, *, as_json: bool) -> None:
    """Print the outcome of one file, as one line of JSON or of text."""
    if as_json:
        print_json(asdict(outcome))
        return
    reason = "" if outcome.error is None else f": {outcome.error}"
    _print(
        f"{outcome.status}: {outcome.file}{reason}", style=None if outcome.error is None else "red"
    )


def _print(text: str, style: str | None = None) -> None:
    # File names that are not UTF-8 contain lone surrogates, which cannot be encoded for a terminal.
    encodable = text.encode("utf-8", "backslashreplace").decode()
    console().print(encodable, style=style, markup=False, soft_wrap=True)
