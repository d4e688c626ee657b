"""Send the reports waiting in an outbox in order, each in a separate call."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from opentelemetry import trace

from pywats.errors import (
    BadRequestError,
    ConflictError,
    OutboxError,
    RateLimitError,
    ServerError,
    WATSConnectionError,
    WATSDecodeError,
    WATSError,
    WATSStatusError,
    WATSTimeoutError,
)
from pywats.models.report import InsertReportResult
from pywats.observability import metrics
from pywats.observability.call import current_call
from pywats.observability.correlation import correlation_id, current_correlation_id
from pywats.observability.guard import log_safely
from pywats.observability.propagation import attach_context
from pywats.redaction import one_line
from pywats.services import ReportService

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from pywats.client.outbox.row import Row
    from pywats.client.outbox.store import Store
    from pywats.http.port import HttpPort
    from pywats.sync import Engine

__all__ = ["CORRELATION", "SPAN", "Sending", "Sent", "is_outage", "is_refusal", "seconds_left"]

logger = logging.getLogger("pywats.outbox")

SPAN: Final = "pywats.outbox.send"
CORRELATION: Final = "correlation_id"
_REFUSED: Final = frozenset({400, 409, 413, 415, 422})
_UNAVAILABLE: Final = frozenset({502, 503, 504})
_MAX_FAILURES_IN_A_ROW: Final = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """Result of sending the reports that waited.

    Attributes:
        results: The results of the reports that the server has accepted, by their ids.
        refused: The errors of the reports that the server has refused, by their ids.
        error: The error that kept the others from being sent; None if nothing waits.
    """

    results: dict[str, InsertReportResult]
    refused: dict[str, WATSError]
    error: WATSError | None


class Sending:
    """Sends reports over a port, each as a call of an engine.

    Args:
        store: The outbox.
        port: Sends requests.
        engine: Runs calls.
    """

    def __init__(self, store: Store, port: HttpPort, engine: Engine) -> None:
        self._store = store
        self._service = ReportService(port)
        self._engine = engine

    def send(
        self,
        seconds: float | None,
        own: Container[str] = (),
        told: Callable[[int, int], None] | None = None,
    ) -> Sent:
        """Send all waiting reports in order; stop at an outage.

        A report that the server refuses is set aside and does not stop the others. A report
        that makes the server fail (500), or that it does not confirm, keeps waiting, and the next
        one is sent; three such failures in a row end the run.

        Args:
            seconds: Seconds to wait while another thread or process sends; None for no limit.
            own: Ids of the reports of the running call.
            told: Called after each report that was sent or refused, with the number of these
                reports and the total.

        Returns:
            The reports sent and refused, and the error that ended the run.
        """
        sent = Sent({}, {}, None)
        seq, failures, error = 0, 0, None
        try:
            with self._store.sending(seconds) as held:
                while held and (row := self._store.next_waiting(seq)) is not None:
                    seq = row.seq
                    if row.damage is not None:
                        self._set_aside(row, row.damage, sent)
                        self._tell(told, sent)
                        continue
                    try:
                        result = self._send(row, linked=row.report_id not in own)
                    except WATSError as failure:
                        if isinstance(failure, OutboxError):
                            raise
                        if isinstance(failure, WATSDecodeError) and not row.has_valid_id:
                            # No response could ever confirm it, and the next reports would wait.
                            self._set_aside(row, "its id is not a UUID", sent)
                            self._tell(told, sent)
                            continue
                        refused = is_refusal(failure)
                        self._note(row, failure, refused=refused)
                        if refused:
                            sent.refused[row.report_id] = failure
                            self._tell(told, sent)
                            continue
                        error, failures = failure, failures + 1
                        if not _is_about_the_report(failure) or failures == _MAX_FAILURES_IN_A_ROW:
                            break
                        continue
                    self._store.remove(row)
                    failures = 0
                    metrics.record_outbox("sent", self._engine.instrumentation)
                    sent.results[row.report_id] = result
                    self._tell(told, sent)
            return Sent(sent.results, sent.refused, error)
        finally:
            # Avoid a reference cycle: the tracebacks of the errors refer to this frame.
            del sent, error

    def _set_aside(self, row: Row, damage: str, sent: Sent) -> None:
        """Keep a damaged report among the refused reports, so that the others can be sent."""
        error = OutboxError(f"the report is damaged in the outbox and stays there: {damage}")
        self._note(row, error, refused=True)
        sent.refused[row.report_id] = error
        log_safely(
            logger,
            logging.WARNING,
            "the report %s is damaged in the outbox and stays there: %s",
            one_line(row.report_id),
            damage,
        )

    def _tell(self, told: Callable[[int, int], None] | None, sent: Sent) -> None:
        if told is not None:
            done = len(sent.results) + len(sent.refused)
            # Read the total each time: other threads and processes may add reports.
            told(done, done + self._store.totals().waiting)

    def _send(self, row: Row, *, linked: bool) -> InsertReportResult:
        sender = trace.get_current_span().get_span_context()

        async def send() -> InsertReportResult:
            call = current_call()
            if linked and sender.is_valid and call is not None:
                call.span.add_link(sender)
            if row.format == "WSJF":
                result = await self._service.submit_report(row.content, check=False)
            else:
                result = await self._service.submit_report_xml(row.content)
            try:
                result.confirm(row.report_id)
            except ValueError as error:
                raise WATSDecodeError(str(error), may_have_been_executed=True) from None
            return result

        with ExitStack() as joined:
            joined.enter_context(attach_context(row.carrier))
            kept = row.carrier.get(CORRELATION)
            if kept is not None and current_correlation_id() != kept:
                joined.enter_context(correlation_id(kept))
            return self._engine.run(SPAN, send)

    def _note(self, row: Row, error: WATSError, *, refused: bool) -> None:
        self._store.note_failure(row, f"{type(error).__name__}: {error}", refused=refused)
        metrics.record_outbox("refused" if refused else "failed", self._engine.instrumentation)


def is_refusal(error: Exception) -> bool:
    """Return whether the server refuses this report, and would refuse it again."""
    return isinstance(error, BadRequestError | ConflictError) or (
        isinstance(error, WATSStatusError) and error.status in _REFUSED
    )


def is_outage(error: Exception) -> bool:
    """Return whether the server is unavailable, so that it would accept no report now."""
    if isinstance(error, ServerError):
        return error.status in _UNAVAILABLE
    return isinstance(error, WATSConnectionError | WATSTimeoutError | RateLimitError)


def _is_about_the_report(error: WATSError) -> bool:
    failed = isinstance(error, ServerError) and error.status not in _UNAVAILABLE
    return failed or isinstance(error, WATSDecodeError)


def seconds_left(timeout: float | None) -> float | None:
    """Return the seconds until the deadline of the running call; ``timeout`` without a deadline."""
    call = current_call()
    if call is None or call.limit is None:
        return timeout
    return max(0.0, call.limit.expires_at - time.monotonic())
