"""One run of the command: send the reports waiting in an outbox, then submit files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pywats.cli.report.batch import Batch
from pywats.cli.report.outcome import OutboxOutcome
from pywats.client.outbox.sending import is_outage
from pywats.errors import OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pywats import Outbox, pyWATS
    from pywats.cli.report.batch import Rules
    from pywats.cli.report.journal import Journal
    from pywats.cli.report.outcome import Outcome
    from pywats.client.outbox.outbox import OutboxRun

__all__ = ["Run"]

_WAIT = 5.0


class Run:
    """Submits the outbox and the files, and collects the outcomes.

    Args:
        api: The client.
        journal: The journal of the files; None if there are no files.
        rules: How files are submitted.
        outbox: The outbox; None without an outbox.
    """

    def __init__(
        self, api: pyWATS, journal: Journal | None, rules: Rules, outbox: Outbox | None
    ) -> None:
        self._api = api
        self._rules = rules
        self._batch = None if journal is None else Batch(api, journal, rules)
        self._outbox = outbox
        self.outbox: OutboxOutcome | None = None
        self.outcomes: list[Outcome] = []

    @property
    def over(self) -> bool:
        """Whether the run has ended early, so that nothing more is sent."""
        return self._batch is not None and self._batch.over is not None

    @property
    def failed(self) -> bool:
        """Whether something was not submitted, or not moved."""
        outbox = self.outbox is not None and (self.outbox.error or self.outbox.refused)
        return bool(outbox) or any(outcome.error for outcome in self.outcomes)

    def send_outbox(self) -> None:
        """Send the waiting reports; wait for an unavailable server as long as the rules allow."""
        if self._outbox is None:
            return
        until = time.monotonic() + self._rules.wait
        while True:
            try:
                run = self._sent_by(self._outbox)
            except OutboxError as error:
                self.outbox = OutboxOutcome(str(self._outbox.directory), error=str(error))
                return
            away = run.error is not None and is_outage(run.error)
            if not away or time.monotonic() + _WAIT > until:
                break
            time.sleep(_WAIT)
        if away and self._batch is not None:
            self._batch.over = "the server is away"

    def _sent_by(self, outbox: Outbox) -> OutboxRun:
        """Send the waiting reports once, and add the result to the outcome."""
        before = outbox.status()
        try:
            run = outbox.send(self._api)
        except KeyboardInterrupt:
            # send() did not return its result: calculate it from the reports that are left.
            try:
                after = outbox.status()
                refused = max(0, after.refused - before.refused)
                self._add(outbox, max(0, before.waiting - after.waiting - refused), refused, None)
            except OutboxError as error:
                self.outbox = OutboxOutcome(str(outbox.directory), error=str(error))
            raise
        why = None if run.error is None else f"{type(run.error).__name__}: {run.error}"
        self._add(outbox, len(run.sent), len(run.refused), why)
        return run

    def _add(self, outbox: Outbox, sent: int, refused: int, error: str | None) -> None:
        before = self.outbox or OutboxOutcome("")
        self.outbox = OutboxOutcome(
            str(outbox.directory),
            before.sent + sent,
            before.refused + refused,
            outbox.status().waiting,
            error,
        )

    def submit(self, files: Iterable[Path]) -> Iterator[Outcome]:
        """Submit files and yield the outcome of each."""
        if self._batch is not None:
            for outcome in self._batch.run(files):
                self.outcomes.append(outcome)
                yield outcome
