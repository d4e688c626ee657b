"""Submit one file, and return its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.cli.report.files import Document, ReportFile, read_report_file
from pywats.cli.report.journal import JournalError
from pywats.cli.report.outcome import Outcome
from pywats.models.report.wsxf_text import same_id

if TYPE_CHECKING:
    from pathlib import Path

    from pywats import pyWATS
    from pywats.cli.report.journal import Journal

__all__ = ["Submission"]


class Submission:
    """Submits files to one server and notes them in one journal.

    Args:
        api: The client.
        journal: The journal.
        replace: Whether a report may replace another report that has its id.
    """

    def __init__(self, api: pyWATS, journal: Journal, *, replace: bool) -> None:
        self._api = api
        self._journal = journal
        self._replace = replace
        # By report id: digest and name of a file whose report may have reached the server, although
        # no response has confirmed it.
        self._in_doubt: dict[str, tuple[str, str]] = {}

    def submit(self, path: Path, api: pyWATS | None = None) -> tuple[Outcome, Exception | None]:
        """Submit a file, unless the journal has it.

        Args:
            path: The file.
            api: A client with other options.

        Returns:
            The outcome, and the error of the call that failed.

        Raises:
            JournalError: The journal cannot be written, so nothing was sent.
        """
        name = str(path)
        try:
            file = read_report_file(path)
        except (OSError, ValueError) as error:
            return failed(name, error), None
        with self._journal.exclusive():
            return self._submit(name, file, api or self._api)

    def _submit(self, name: str, file: ReportFile, api: pyWATS) -> tuple[Outcome, Exception | None]:
        known = self._journal.find(file.digest)
        taken = () if known is None else known.reports
        left = [each for each in file.documents if each.report_id not in taken]
        if known is not None and not left:
            return Outcome(name, "skipped", known.reports, known.number), None
        confirmed, number = list(taken), None if known is None else known.number
        for document in left:
            try:
                self._refuse_other_contents(name, file, document)
                number = self._send(api, name, file.digest, document, number)
            except JournalError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, others are sent
                return failed(name, error, tuple(confirmed), number), error
            confirmed.append(document.report_id)
        return Outcome(name, "submitted", tuple(confirmed), number), None

    def _send(
        self, api: pyWATS, name: str, digest: str, document: Document, number: int | None
    ) -> int | None:
        with self._journal.room_for(name, digest, (document.report_id,)) as slot:
            self._in_doubt[same_id(document.report_id)] = (digest, name)
            try:
                if document.format == "WSJF":
                    result = api.report.submit_report(document.content, check=False)
                else:
                    result = api.report.submit_report_xml(document.content)
            except Exception as error:
                if not getattr(error, "may_have_been_executed", False):
                    del self._in_doubt[same_id(document.report_id)]
                raise
            result.confirm(document.report_id)
            slot.note(result.report_id)
        return result.report_id if number is None else number

    def _refuse_other_contents(self, name: str, file: ReportFile, document: Document) -> None:
        if self._replace:
            return
        owner = self._journal.owner(document.report_id)
        if owner is not None:
            digest, other = owner.sha256, owner.file
        else:
            digest, other = self._in_doubt.get(same_id(document.report_id), (file.digest, name))
        if digest != file.digest:
            where = "this file with other contents" if other == name else other
            raise ValueError(
                f"its id {document.report_id} is the id of a report submitted before, from "
                f"{where}, which it would replace on the server: give it an id of its own, or "
                "submit it with --replace if it corrects that report"
            )


def failed(
    name: str, error: Exception, reports: tuple[str, ...] = (), number: int | None = None
) -> Outcome:
    """Return the outcome of a file whose submission raised an error."""
    return Outcome(
        name,
        "failed",
        reports,
        number,
        error=f"{type(error).__name__}: {error}",
        correlation_id=getattr(error, "correlation_id", None),
    )
