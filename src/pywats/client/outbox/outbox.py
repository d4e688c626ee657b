"""`Outbox`: reports on the disk until the server has them."""

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
        kept_at: When it was kept.
        size: Bytes of its document.
        failures: How often it was sent in vain.
        error: Why it could not be sent the last time; None if it was not tried.
        correlation_id: The correlation id of the call that has kept it.
    """

    report_id: str
    kept_at: datetime
    size: int
    failures: int
    error: str | None
    correlation_id: str | None


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How much is in an outbox.

    Attributes:
        waiting: Reports that wait for the server.
        refused: Reports that the server has refused, and that wait for a correction.
        size: Bytes of the documents of both.
        oldest: When the oldest report that waits was kept; None if none waits.
    """

    waiting: int
    refused: int
    size: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxRun:
    """What became of the reports that waited in an outbox.

    Attributes:
        sent: Ids of the reports that the server has taken.
        refused: Ids of the reports that the server has refused.
        waiting: How many reports still wait.
        error: What kept them from being sent; None if none waits.
    """

    sent: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: int
    error: Exception | None


class Outbox:
    """Keeps reports in a directory until the server has them.

    ``pyWATS(outbox="directory")`` is the short form of ``pyWATS(outbox=Outbox("directory"))``. Of
    such a client, ``report.submit_report`` and ``report.submit_report_xml`` write a report to the
    disk before they send it, and remove it when the server has confirmed it. While the server is
    away they return a result that is ``kept``; the next call, or ``send``, or ``pywats report
    submit --outbox``, or a background thread sends what waits, in order. A report that the server
    refuses is set aside, and does not hold up the others.

    The server counts a report once, by its id. The call that sends it joins the trace and the
    correlation id of the call that has kept it.

    Any number of threads and processes of one machine may use a directory at once, for one server.
    It must be on a disk of that machine, not in a shared network folder.

    Args:
        directory: The directory; made when the first report is kept.
        api: The client that ``submit_report`` and ``send`` of this object use; None if they are
            not used without a client.
        max_reports: How many reports it may hold.
        max_bytes: How many bytes their documents may have together.
        max_age: How long the oldest report may have waited, in seconds (or a timedelta), before
            further reports are refused; None for any time.
        background: True has a thread of this process send the reports, so that
            ``submit_report`` returns as soon as the report is on the disk.
        interval: Seconds (or a timedelta) between two attempts of that thread.

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
        self.directory = Path(directory).absolute()
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
        """Write a report to the disk, send what waits, and remove what the server has.

        Args:
            report: The report, or a WSJF document with an id.
            check: True refuses a report with problems.

        Returns:
            The result; ``kept`` says whether the report still waits.

        Raises:
            OutboxFullError: There is no room, so the report is not kept.
            BadRequestError: The server refuses the report; it is set aside.
        """
        return self.service_of(self._client(None)).submit_report(report, check=check)

    def send(self, api: Sender | None = None, *, progress: Progress = False) -> OutboxRun:
        """Send all reports that wait, in order, until the server is away.

        Args:
            api: The client to send with; None takes the client that this object was made with.
            progress: True shows how many reports no longer wait, a function is called with their
                number and the total number after each report. What the function raises ends the
                run; the other reports go on waiting.

        Returns:
            What became of them.

        Raises:
            OutboxError: The outbox cannot be read or written.
            TypeError: ``progress`` is neither a truth value nor a function.
            ValueError: There is no client.
        """
        sending = Sending(self.store, *self._client(api)._port_and_engine())  # noqa: SLF001 - for the outbox
        with Reporter(check(progress), "reports") as reporter:
            sent = sending.send(None, told=None if progress is False else reporter.tell)
        return OutboxRun(
            tuple(sent.results), tuple(sent.refused), self.store.totals().waiting, sent.error
        )

    def status(self) -> OutboxStatus:
        """Return how much is in it."""
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

        Submit a corrected report with the same id, and it takes the place of the refused one.
        """
        return self._kept("refused")

    def retry_refused(self) -> int:
        """Let the reports that the server has refused wait again.

        Returns:
            How many there are.
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
        """Have the background thread send what waits; return whether there is one."""
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
