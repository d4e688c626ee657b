"""Submit many files; at an outage, retry and wait once for the whole run, not for each file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pywats.cli.report.journal import JournalError
from pywats.cli.report.moving import move
from pywats.cli.report.outcome import Outcome
from pywats.cli.report.submission import Submission
from pywats.errors import (
    AuthenticationError,
    RateLimitError,
    ServerError,
    WATSConnectionError,
    WATSError,
    WATSTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pywats import pyWATS
    from pywats.cli.report.journal import Journal

__all__ = ["Batch", "Rules"]

_UNAVAILABLE = frozenset({502, 503, 504})
_MAX_FAILURES = 3  # in a row
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 15.0
_PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rules:
    """How files are submitted.

    Attributes:
        wait: Seconds to wait for an unavailable server, after the retries of a call.
        move_to: Folder for the files that the server has; None does not move them.
        replace: Whether a report may replace another report that has its id.
    """

    wait: float = 0.0
    move_to: Path | None = None
    replace: bool = False


class Batch:
    """A run over files.

    The first call that meets an outage makes its retries, and then the run waits as long as its
    rules allow. If the server is still unavailable, the run is over: the other files are not sent.

    Args:
        api: The client.
        journal: The journal.
        rules: How files are submitted.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        api: pyWATS,
        journal: Journal,
        rules: Rules,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api
        self._impatient = api.with_options(max_retries=0)
        self._submission = Submission(api, journal, replace=rules.replace)
        self._rules = rules
        self._sleep = sleep
        self._failures = 0
        self.over: str | None = None

    def run(self, files: Iterable[Path]) -> Iterator[Outcome]:
        """Submit files and yield the outcome of each.

        When the run is over (``over`` has the reason), the outcome of each remaining file is
        ``failed``.
        """
        for path in files:
            if self.over is not None:
                yield Outcome(str(path), "failed", error=f"not sent: {self.over}")
                continue
            yield self._moved(path, self._submit(path))

    def _submit(self, path: Path) -> Outcome:
        wait, until = _FIRST_WAIT, None
        while True:
            try:
                # After a call has failed with all its retries, the next calls do not retry.
                api = self._impatient if self._failures else self._api
                outcome, error = self._submission.submit(path, api)
            except JournalError as full:
                self.over = str(full)
                return Outcome(str(path), "failed", error=f"not sent: {full}")
            if isinstance(error, AuthenticationError):
                self.over = f"the server does not accept the credentials, see {path}"
                return outcome
            if error is None or not _is_outage(error):
                if outcome.status != "skipped":
                    self._failures = 0
                return outcome
            if until is None:
                self._failures += 1
                until = time.monotonic() + self._rules.wait
            if self._failures < _MAX_FAILURES and not _asks_for_pause(error) and self._is_reached():
                # The server responds, so the failure is about this file.
                return outcome
            wait = max(wait, getattr(error, "retry_after", None) or 0.0)
            if time.monotonic() + wait > until:
                self.over = f"the server is away, see {path}"
                return outcome
            self._sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _is_reached(self) -> bool:
        try:
            self._impatient.with_options(timeout=_PROBE_SECONDS).analytics.get_version()
        except WATSError as error:
            return not _is_outage(error)
        return True

    def _moved(self, path: Path, outcome: Outcome) -> Outcome:
        if self._rules.move_to is None or outcome.status == "failed":
            return outcome
        return move(path, self._rules.move_to, outcome)


def _is_outage(error: Exception) -> bool:
    if isinstance(error, ServerError):
        return error.status in _UNAVAILABLE
    return isinstance(error, WATSConnectionError | WATSTimeoutError | RateLimitError)


def _asks_for_pause(error: Exception) -> bool:
    """Return whether the server itself asks for a pause."""
    return isinstance(error, ServerError | RateLimitError)
