"""Queue of the changes of units of the sandbox."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["UnitChanges"]


class UnitChanges:
    """Changes by their id; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._changes: dict[int, Row] = {}

    def add(self, unit: Row, parent_serial_number: str | None) -> None:
        """Add the current state of a unit as a change."""
        with self._lock:
            number = next(self._numbers)
            self._changes[number] = {
                "id": number,
                "unitSerialNumber": unit["serialNumber"],
                "newParentSerialNumber": parent_serial_number,
                "newPartNumber": unit["partNumber"],
                "newRevision": unit["revision"],
                "newUnitPhaseId": unit["unitPhaseId"],
            }

    def first(self, count: int) -> list[Row]:
        """Return the oldest changes."""
        with self._lock:
            return list(self._changes.values())[:count]

    def delete(self, number: int) -> None:
        """Delete a change."""
        with self._lock:
            if self._changes.pop(number, None) is None:
                raise ApiError(404, f"Unit change {number} does not exist.")
