"""Asset types of the sandbox."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from uuid import UUID

from pywats.models import AssetType
from pywats.sandbox.responses import ApiError, required_text, well_formed

if TYPE_CHECKING:
    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["AssetTypeStore"]


class AssetTypeStore:
    """Types, as the JSON that goes over the wire; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.Lock()
        self._types: dict[str, Row] = {}

    def all(self) -> list[Row]:
        """Return all types."""
        with self._lock:
            return list(self._types.values())

    def get(self, type_id: str) -> Row:
        """Return the type of an id."""
        with self._lock:
            found = self._types.get(_key(type_id))
        if found is None:
            raise ApiError(400, f"The asset type with the id {type_id} does not exist.")
        return found

    def save(self, sent: Row) -> Row:
        """Add a type, or update the one with the same id."""
        name = required_text(sent, "typeName")
        well_formed(sent, AssetType)
        with self._lock:
            key = _key(str(sent.get("typeId") or self._identity.uuid()))
            for other in self._types.values():
                if other["typeName"] == name and other["typeId"] != key:
                    raise ApiError(409, f"There is an asset type '{name}' already.")
            # A new type has every property of the definition, because the server sends them all.
            fresh: Row = {
                "typeId": key,
                "typeName": name,
                "runningCountLimit": None,
                "totalCountLimit": None,
                "maintenanceInterval": None,
                "calibrationInterval": None,
                "warningThreshold": None,
                "alarmThreshold": None,
                "isReadonly": False,
                "icon": None,
            }
            row = self._types.get(key, fresh) | sent | {"typeId": key}
            self._types[key] = row
            return row


def _key(type_id: str) -> str:
    try:
        return str(UUID(type_id))
    except ValueError as error:
        raise ApiError(400, f"The value '{type_id}' is not valid for typeId.") from error
