"""The report service of a client with an outbox."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from pywats import services
from pywats.client import sync_services
from pywats.client.outbox.place import shown
from pywats.client.outbox.sending import CORRELATION, Sending, is_outage, seconds_left
from pywats.errors import OutboxFullError, ServerError
from pywats.models.report import InsertReportResult, Report
from pywats.models.report.wsjf_text import read_wsjf
from pywats.models.report.wsxf_text import same_id, split_wsxf
from pywats.observability import metrics
from pywats.observability.correlation import current_correlation_id
from pywats.observability.propagation import inject_context
from pywats.services import arguments
from pywats.services.report.submission import wsjf_content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from pywats.client.outbox.row import Format
    from pywats.client.outbox.store import Store
    from pywats.http.port import HttpPort
    from pywats.models.report import UURReport, UUTReport
    from pywats.sync import Engine

__all__ = ["KeepingReportService", "KeepingReports"]

logger = logging.getLogger("pywats.outbox")


class Keeper(Protocol):
    """Interface of the outbox that the service uses.

    Attributes:
        directory: Directory of the reports.
        store: The database of the reports.
    """

    directory: Path
    store: Store

    def wake(self, port: HttpPort, engine: Engine) -> bool:
        """Wake the background thread to send the waiting reports; return whether there is one."""
        ...


class KeepingReportService(services.ReportService):
    """A report service that writes each report to the disk before it sends it.

    Its coroutines do not suspend: the client's engine sends each report in a separate call.

    Args:
        port: Sends requests.
        outbox: Keeps reports.
        engine: Runs the calls that send reports.
    """

    def __init__(self, port: HttpPort, outbox: Keeper, engine: Engine) -> None:
        super().__init__(port)
        self._outbox = outbox
        self._engine = engine
        self._sending_port = port

    def through(self, engine: Engine) -> KeepingReportService:
        """Return this service with another engine."""
        return KeepingReportService(self._sending_port, self._outbox, engine)

    async def submit_report(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Keep a report, and send the waiting reports; see `pywats.Outbox`."""
        content = wsjf_content(report, check=check)
        result = self._keep_and_send([(read_wsjf(content).report_id, "WSJF", content)])
        if isinstance(report, Report):
            report.note_submitted()
        return result

    async def submit_report_xml(self, xml_content: str | bytes) -> InsertReportResult:
        """Keep the reports of a WSXF document, and send the waiting ones; see `pywats.Outbox`."""
        if isinstance(xml_content, str):
            content = arguments.text("xml_content", xml_content).encode()
        else:
            content = arguments.content("xml_content", xml_content)
        documents = split_wsxf(content, lambda _: str(uuid4()))
        return self._keep_and_send([(each, "WSXF", alone) for each, alone in documents])

    def _keep_and_send(self, documents: Sequence[tuple[str, Format, bytes]]) -> InsertReportResult:
        """Keep all documents before any is sent, and return the result of the first one."""
        outbox = self._outbox
        sending = Sending(outbox.store, self._sending_port, self._engine)
        carrier = inject_context()
        current = current_correlation_id()
        if current is not None:
            carrier[CORRELATION] = current
        for document in documents:
            self._keep(sending, document, carrier)
        ids = [report_id for report_id, _, _ in documents]
        if outbox.wake(self._sending_port, self._engine):
            return InsertReportResult.about(ids[0], kept=True)
        keys = [same_id(each) for each in ids]
        try:
            sent = sending.send(seconds_left(None), own=frozenset(keys))
        except OutboxFullError as full:
            # The reports are on the disk. Only the outcome of the sending could not be written, so
            # that they are sent again, and the server counts them once.
            logger.warning("the report %s is kept and will be sent later: %s", ids[0], full)
            return InsertReportResult.about(ids[0], kept=True)
        refused = next((sent.refused[key] for key in keys if key in sent.refused), None)
        error = sent.error
        try:
            if refused is not None:
                raise refused
            if keys[0] in sent.results:
                return sent.results[keys[0]]
            if error is not None and not is_outage(error) and not isinstance(error, ServerError):
                error.add_note(f"The report is kept in the outbox {shown(outbox.directory)}.")
                raise error
        finally:
            # Avoid a reference cycle: the tracebacks of the errors refer to this frame.
            del sent, refused, error
        # If it does not wait, another process has sent it, and only that process knows its number.
        return InsertReportResult.about(ids[0], kept=outbox.store.waits(ids[0]))

    def _keep(
        self, sending: Sending, document: tuple[str, Format, bytes], carrier: Mapping[str, str]
    ) -> None:
        store = self._outbox.store
        try:
            store.put(*document, carrier)
        except OutboxFullError:
            # The server may be available again: sending the waiting reports makes room.
            if not _made_room(sending):
                raise
            store.put(*document, carrier)
        metrics.record_outbox("kept", self._engine.instrumentation)


def _made_room(sending: Sending) -> bool:
    try:
        return bool(sending.send(seconds_left(None)).results)
    except OutboxFullError:
        # Nothing can be deleted from a database on a full disk.
        return False


class KeepingReports(sync_services.SyncReportService):
    """The synchronous face of `KeepingReportService`.

    The circuit breaker does not guard the writing to the disk, only the sending of each report.
    """

    def submit_report(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Keep a report, and send the waiting reports; see `pywats.Outbox`."""
        return self._keeping().submit_report(report, check=check)

    def submit(
        self,
        report: UUTReport | UURReport | Mapping[str, JsonValue] | str | bytes,
        *,
        check: bool = True,
    ) -> InsertReportResult:
        """Keep a report, and send the waiting reports; see `pywats.Outbox`."""
        return self._keeping().submit(report, check=check)

    def submit_report_xml(self, xml_content: str | bytes) -> InsertReportResult:
        """Keep the reports of a WSXF document, and send the waiting ones; see `pywats.Outbox`."""
        return self._keeping().submit_report_xml(xml_content)

    def _keeping(self) -> sync_services.SyncReportService:
        engine = self._family.engine
        service = self._wrapped
        if not isinstance(service, KeepingReportService):
            raise TypeError(f"{service!r}: must be a KeepingReportService")
        return sync_services.SyncReportService(
            service.through(engine), name="report", engine=engine.unguarded()
        )
