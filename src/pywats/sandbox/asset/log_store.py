"""Asset log of the sandbox."""

from __future__ import annotations

import json
import threading
from itertools import count
from typing import TYPE_CHECKING

from pywats.models import AssetLogType

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["AssetLogStore"]


class AssetLogStore:
    """Log records, as the JSON that goes over the wire; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._records: list[Row] = []

    def all(self) -> list[Row]:
        """Return all records, the oldest first."""
        with self._lock:
            return list(self._records)

    def add(
        self,
        asset: Row,
        kind: AssetLogType,
        user: str,
        *,
        name: str | None = None,
        value: JsonValue = None,
        comment: str | None = None,
    ) -> None:
        """Add a record.

        Args:
            asset: The asset.
            kind: Type of the record.
            user: Name of the user who made the change.
            name: Name of the changed property.
            value: Its new value.
            comment: A remark of the user.
        """
        with self._lock:
            self._records.append(
                {
                    "logId": next(self._numbers),
                    "assetId": asset["assetId"],
                    "serialNumber": asset["serialNumber"],
                    "date": self._identity.timestamp(),
                    "user": user,
                    "type": int(kind),
                    "property": name,
                    "value": _text(value),
                    "comment": comment,
                }
            )

    def add_changes(self, before: Row, after: Row, user: str) -> None:
        """Add a record for each property that was changed."""
        for name, value in after.items():
            if value != before.get(name):
                state = name == "state"
                kind = AssetLogType.STATE_CHANGE if state else AssetLogType.UPDATE
                self.add(after, kind, user, name=name, value=value)

    def delete(self, asset_id: JsonValue) -> None:
        """Delete the records of an asset."""
        with self._lock:
            self._records = [each for each in self._records if each["assetId"] != asset_id]


def _text(value: JsonValue) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
