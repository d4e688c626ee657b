"""`Outbox`: keep reports on the disk until the server has them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pywats import validation
from pywats.client.outbox.background import Background
from pywats.client.outbox.reports import KeepingReports, KeepingReportService
from pywats.client.outbox.sending import CORRELATION, Sending
from pywats.client.outbox.store import Limits, Store
from pywats.observability import metrics
from pywats.progress import Reporter, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from pywats.client.outbox.sender import Sender
    from pywats.http.port import HttpPort
    from pywats.models.report import InsertReportResult, UURReport, UUTReport
    from pywats.progress import Progress
    from pywats.sync import Engine
    from pywats.validation import Duration

__all__ = ["KeptReport", "Outbox", "OutboxRun", "OutboxStatus"]


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report in an outbox.

    Attributes:
        report_id: Its id.
        kept_at: Time at which it was kept.
        size: Bytes of its document.
        failures: Number of failed attempts to send it.
        error: Error of the last attempt to send it; None before the first attempt.
        correlation_id: The correlation id of the call that kept it.
    """

    report_id: str
    kept_at: datetime
    size: int
    failures: int
    error: str | None
    correlation_id: str | None


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """Number and size of the reports in an outbox.

    Attributes:
        waiting: Number of reports that wait for the server.
        refused: Number of reports that the server has refused, and that wait for a correction.
        size: Bytes of the documents of both.
        oldest: Time at which the oldest waiting report was kept; None if no report waits.
    """

    waiting: int
    refused: int
    size: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxRun:
    """Result of sending the reports that waited in an outbox.

    Attributes:
        sent: Ids of the reports that the server has accepted.
        refused: Ids of the reports that the server has refused.
        waiting: Number of reports that still wait.
        error: Error that kept them from being sent; None if no report waits.
    """

    sent: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: int
    error: Exception | None


class Outbox:
    """Keeps reports in a directory until the server has them.

    ``pyWATS(outbox="directory")`` is the short form of ``pyWATS(outbox=Outbox("directory"))``.
    The methods ``report.submit_report`` and ``report.submit_report_xml`` of such a client write a
    report to the disk before they send it, and remove it when the server has confirmed it. While
    the server is unavailable they return a result whose ``kept`` is true. The next call, ``send``,
    ``pywats report submit --outbox`` or a background thread sends the waiting reports, in order. A
    report that the server refuses is set aside and does not hold up the others.

    The server identifies a report by its id and counts it once. The call that sends a report joins
    the trace and the correlation id of the call that kept it.

    Any number of threads and processes of one machine may use a directory at once, for one server.
    The directory must be on a disk of that machine, not in a shared network folder.

    Args:
        directory: The directory; created when the first report is kept. A leading ``~`` is the
            home directory of the user.
        api: Client that ``submit_report`` and ``send`` of this object use; None if only a client
            with this outbox submits, and ``send`` is called with a client.
        max_reports: Maximum number of reports in the outbox.
        max_bytes: Maximum total size of their documents in bytes.
        max_age: Maximum age of the oldest waiting report in seconds (or a timedelta); beyond it,
            further reports are refused. None for no limit.
        background: True sends the reports on a thread of this process, so that
            ``submit_report`` returns as soon as the report is on the disk.
        interval: Seconds (or a timedelta) between two attempts of this thread.

    Attributes:
        directory: The directory as an absolute path.
        store: The database in the directory, for the services of a client.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        api: Sender | None = None,
        *,
        max_reports: int = 100_000,
        max_bytes: int = 2**30,
        max_age: Duration | None = timedelta(days=30),
        background: bool = False,
        interval: Duration = 5.0,
    ) -> None:
        if not isinstance(directory, str | os.PathLike):
            raise TypeError(f"directory={directory!r}: must be a path")
        if not os.fspath(directory):
            raise ValueError("directory='': must be the path of a directory")
        limits = Limits(
            validation.whole_number("max_reports", max_reports, 1),
            validation.whole_number("max_bytes", max_bytes, 1),
            validation.optional_seconds("max_age", max_age),
        )
        # A shell expands the tilde of `--outbox ~/reports`; without this, a program with the same
        # text would keep its reports elsewhere. Path.expanduser() fails without a home directory.
        self.directory = Path(os.path.expanduser(directory)).absolute()  # noqa: PTH111 - see above
        self.store = Store(self.directory, limits)
        self._api = api
        self._in_background = validation.boolean("background", background)
        self._interval = validation.seconds("interval", interval)
        self._background: Background | None = None
        metrics.watch_outbox(self)

    def submit_report(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Write a report to the disk, send the waiting reports, and remove the confirmed ones.

        Args:
            report: The report, or a WSJF document with an id.
            check: True refuses a report with problems.

        Returns:
            The result; ``kept`` says whether the report still waits.

        Raises:
            OutboxFullError: The outbox is full, so the report is not kept.
            BadRequestError: The server refuses the report; it is set aside.
        """
        return self.service_of(self._client(None)).submit_report(report, check=check)

    def send(self, api: Sender | None = None, *, progress: Progress = False) -> OutboxRun:
        """Send all waiting reports in order; stop if the server is unavailable.

        Args:
            api: Client to send with; None takes the client that this object was made with.
            progress: True shows the number of reports that are done; a function is called after
                each report with the number done and the total. An exception of the function ends
                the run; the other reports remain in the outbox.

        Returns:
            The reports sent, refused and still waiting.

        Raises:
            OutboxError: The outbox cannot be read or written.
            TypeError: ``progress`` is neither a boolean nor a function.
            ValueError: Neither ``api`` nor this object has a client.
        """
        sending = Sending(self.store, *self._client(api)._port_and_engine())  # noqa: SLF001 - for the outbox
        with Reporter(check(progress), "reports") as reporter:
            sent = sending.send(None, told=None if progress is False else reporter.tell)
        try:
            return OutboxRun(
                tuple(sent.results), tuple(sent.refused), self.store.totals().waiting, sent.error
            )
        finally:
            # Avoid a reference cycle: the tracebacks of the errors refer to this frame.
            del sent

    def status(self) -> OutboxStatus:
        """Return the number and size of the reports in the outbox."""
        totals = self.store.totals()
        oldest = None if totals.oldest is None else _time(totals.oldest)
        return OutboxStatus(totals.waiting, totals.refused, totals.size, oldest)

    def counts(self) -> tuple[int, int]:
        """Return how many reports wait, and how many the server has refused."""
        totals = self.store.totals()
        return totals.waiting, totals.refused

    def waiting(self) -> list[KeptReport]:
        """Return the reports that wait for the server, in the order of sending."""
        return self._kept("waiting")

    def refused(self) -> list[KeptReport]:
        """Return the reports that the server has refused, with its reasons.

        A corrected report that is submitted with the same id replaces the refused one.
        """
        return self._kept("refused")

    def retry_refused(self) -> int:
        """Put the refused reports back among the waiting ones.

        Returns:
            The number of these reports.
        """
        return self.store.retry_refused()

    def service_of(self, client: Sender) -> KeepingReports:
        """Return the report service of a client, with this outbox."""
        port, engine = client._port_and_engine()  # noqa: SLF001 - for the outbox
        if engine.instrumentation.own_meter_provider is not None:
            metrics.watch_outbox(self, engine.instrumentation)
        service = KeepingReportService(port, self, engine)
        return KeepingReports(service, name="report", engine=engine)

    def wake(self, port: HttpPort, engine: Engine) -> bool:
        """Wake the background thread to send the waiting reports; return whether there is one."""
        if not self._in_background:
            return False
        if self._background is None or not self._background.serves(engine):
            self._background = Background(Sending(self.store, port, engine), engine, self._interval)
        self._background.wake()
        return True

    def _client(self, api: Sender | None) -> Sender:
        found = self._api if api is None else api
        if found is None:
            raise ValueError("api: no client to send with; give it, or make Outbox(directory, api)")
        return found

    def _kept(self, state: Literal["waiting", "refused"]) -> list[KeptReport]:
        return [
            KeptReport(
                row.report_id,
                _time(row.kept_at),
                row.size,
                row.failures,
                row.error,
                row.carrier.get(CORRELATION),
            )
            for row in self.store.rows(state)
        ]

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_background": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        metrics.watch_outbox(self)

    def __repr__(self) -> str:
        return f"<Outbox {str(self.directory)!r}>"


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
