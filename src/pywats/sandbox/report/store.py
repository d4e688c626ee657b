"""Report store of the sandbox: the WSJF documents that were submitted."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from pywats.sandbox.documents import report_key, rows_of
from pywats.sandbox.report.completeness import check_report
from pywats.sandbox.report.header import header_of
from pywats.sandbox.report.step_numbers import with_step_numbers
from pywats.sandbox.responses import ApiError
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["ReportStore"]


class ReportStore:
    """Reports by their id; safe to use from any thread.

    A report that is submitted again replaces the one with its id and is counted once.
    """

    def __init__(self, identity: Identity, process_names: Mapping[str, str]) -> None:
        self._identity = identity
        self._process_names = process_names
        self._lock = threading.RLock()
        self._documents: dict[str, Row] = {}
        self._numbers: dict[str, int] = {}
        self._received: dict[str, int] = {}
        self._listeners: list[Callable[[Row], None]] = []

    def on_new_report(self, listener: Callable[[Row], None]) -> None:
        """Call a function with each report that is submitted for the first time."""
        self._listeners.append(listener)

    def submit(self, document: Row) -> Row:
        """Keep a report and return the response to its submission."""
        check_report(document)
        key = report_key(str(document["id"]))
        with self._lock:
            new = key not in self._numbers
            self._numbers.setdefault(key, self._identity.number())
            self._received[key] = self._received.get(key, 0) + 1
            files: list[JsonValue] = [
                {"id": self._identity.uuid(), **file} for file in rows_of(document, "binaryData")
            ]
            kept: Row = {**with_step_numbers(document), "id": key}
            name = self._process_names.get(str(kept["processCode"]))
            if name is not None:
                kept.setdefault("processName", name)
            self._documents[key] = {**kept, "binaryData": files} if files else kept
        for listener in self._listeners if new else ():
            listener(kept)
        return {"ID": key, "uuid": key, "Report_ID": self._numbers[key]}

    def now(self) -> str:
        """Return the time of the server."""
        return self._identity.timestamp()

    def documents(self) -> list[Row]:
        """Return all reports in the order of their submission."""
        with self._lock:
            return [self._documents[key] for key in sorted(self._numbers, key=self._order)]

    def document(self, report_id: str) -> Row:
        """Return one report."""
        with self._lock:
            found = self._documents.get(report_key(report_id))
        if found is None:
            raise ApiError(404, f"Report {report_id} does not exist.")
        return found

    def headers(self) -> list[Row]:
        """Return the row of each report in the report list, the oldest first."""
        documents = self.documents()
        return [
            header_of(
                document,
                run=_run(document, documents),
                number=self._numbers[str(document["id"])],
                received=self._received[str(document["id"])],
                size=len(json.dumps(document)),
            )
            for document in documents
        ]

    def _order(self, key: str) -> int:
        return self._numbers[key]


def _run(document: Row, documents: list[Row]) -> int:
    same = ("type", "sn", "pn", "processCode")
    start = time_of(document["start"])
    earlier = [
        other
        for other in documents
        if all(other.get(name) == document.get(name) for name in same)
        and time_of(other["start"]) < start
    ]
    return len(earlier) + 1
