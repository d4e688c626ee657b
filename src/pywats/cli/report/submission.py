"""Submits one file, whatever becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pywats.cli.report.files import read_report_file

if TYPE_CHECKING:
    from pathlib import Path

    from pywats import pyWATS
    from pywats.cli.report.journal import Journal

__all__ = ["Outcome", "submit_file"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Attributes:
        file: The file.
        status: ``submitted`` now, ``skipped`` for the journal has it, or ``failed``.
        reports: Ids of its reports.
        number: Number that the server gave the first one.
        error: Why it failed.
        correlation_id: Id of the failed call in logs and traces.
    """

    file: str
    status: Literal["submitted", "skipped", "failed"]
    reports: tuple[str, ...] = ()
    number: int | None = None
    error: str | None = None
    correlation_id: str | None = None


def submit_file(api: pyWATS, journal: Journal, path: Path) -> Outcome:
    """Submit a file, unless the journal has it, and return what became of it."""
    file = str(path)
    try:
        found = read_report_file(path)
        known = journal.find(found.digest)
        if known is not None:
            return Outcome(file, "skipped", known.reports, known.number)
        if isinstance(found.content, bytes):
            result = api.report.submit_report_xml(found.content)
        else:
            result = api.report.submit_report(found.content)
        journal.add(file, found.digest, found.report_ids, result.report_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, the next one is sent
        return Outcome(
            file,
            "failed",
            error=f"{type(error).__name__}: {error}",
            correlation_id=getattr(error, "correlation_id", None),
        )
    return Outcome(file, "submitted", found.report_ids, result.report_id)
