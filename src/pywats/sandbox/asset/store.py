"""Asset store of the sandbox: assets and their parts, as the JSON that goes over the wire."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import Asset, AssetLogType, AssetState, xml_data
from pywats.sandbox.asset.file_store import AssetFileStore
from pywats.sandbox.asset.log_store import AssetLogStore
from pywats.sandbox.asset.status import status_of, whole
from pywats.sandbox.asset.tree import AssetTree
from pywats.sandbox.asset.type_store import AssetTypeStore
from pywats.sandbox.documents import rows_of
from pywats.sandbox.ids import api_time
from pywats.sandbox.responses import ApiError, required_text, well_formed

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["AssetStore"]

# A save does not change these fields: the server calculates them, or other endpoints change them.
_NOT_SAVED = frozenset(
    {
        "assetId",
        "parentAssetId",
        "parentSerialNumber",
        "lastMaintenanceDate",
        "nextMaintenanceDate",
        "lastCalibrationDate",
        "nextCalibrationDate",
        "totalCount",
        "runningCount",
        "assetChildren",
        "assetType",
        "assetLog",
    }
)


class AssetStore:
    """Assets, in their hierarchy; safe to use from any thread.

    Methods take and return JSON in the form of the API, and raise `ApiError` where a WATS server
    responds with an error. They name an asset by its id or its serial number.

    Attributes:
        types: The types of assets.
        log: The asset log.
        files: The files of assets.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.types = AssetTypeStore(identity)
        self.log = AssetLogStore(identity)
        self.files = AssetFileStore()
        self._lock = threading.RLock()
        self._tree = AssetTree()

    def views(self) -> list[Row]:
        """Return the row of each asset in the asset list."""
        with self._lock:
            return [self._view(row) for row in self._tree.all()]

    def asset(self, asset_id: str | None, serial_number: str | None) -> Row:
        """Return an asset."""
        with self._lock:
            return self._whole(self._tree.find(asset_id, serial_number))

    def asset_named(self, name: str) -> Row:
        """Return the asset whose id or serial number this is."""
        with self._lock:
            found = self._tree.get(name) or self._tree.find(None, name)
            return self._whole(found)

    def save(self, sent: Row, user: str) -> Row:
        """Add an asset, or update the one with the same id or serial number."""
        serial_number = required_text(sent, "serialNumber")
        kept = {name: value for name, value in sent.items() if name not in _NOT_SAVED}
        kept["typeId"] = self.types.get(required_text(sent, "typeId"))["typeId"]
        well_formed(sent, Asset)
        if "state" in sent:
            kept["state"] = _checked_state(sent["state"])
        if "tags" in sent:
            kept["tags"] = _checked_tags(sent)
        with self._lock:
            same = self._tree.by_serial_number(serial_number)
            key = sent.get("assetId") or (same["assetId"] if same else self._identity.uuid())
            if same is not None and same["assetId"] != key:
                raise ApiError(409, f"There is an asset '{serial_number}' already.")
            known = self._tree.get(key)
            row = (known or self._fresh(key)) | kept
            row["parentAssetId"] = self._tree.parent_for(sent, row)
            self._tree.put(row)
            if known is None:
                self.log.add(row, AssetLogType.REGISTER, user)
            else:
                self.log.add_changes(known, row, user)
            return self._whole(row)

    def delete(self, asset_id: str | None, serial_number: str | None) -> Row:
        """Delete an asset with its log and files; its parts become parts of its parent."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            deleted = self._whole(row)
            self._tree.remove(row)
            self.log.delete(row["assetId"])
            self.files.delete(str(row["assetId"]))
            return deleted

    def below(self, asset_id: str | None, serial_number: str | None, level: int) -> list[Row]:
        """Return the assets that are part of an asset, down to a level; 0 is all."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            return [self._whole(each) for each in self._tree.below(row, level)]

    def set_state(
        self, asset_id: str | None, serial_number: str | None, state: int, user: str
    ) -> None:
        """Set the state of an asset."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            changed = row | {"state": _checked_state(state)}
            self._tree.put(changed)
            self.log.add_changes(row, changed, user)

    def status(self, asset_id: str | None, serial_number: str | None) -> Row:
        """Return the counts and dates of an asset against the limits of its type."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            return status_of(row, self.types.get(str(row["typeId"])), self._identity.now())

    def count(
        self,
        asset_id: str | None,
        serial_number: str | None,
        *,
        total: int | None,
        by: int | None,
        children: bool,
    ) -> None:
        """Add to the counts of an asset.

        Args:
            asset_id: Id of the asset.
            serial_number: Serial number of the asset.
            total: New total count; the difference is added.
            by: Number to add.
            children: Whether to add the same number to the assets that are part of it.
        """
        if (total is None) == (by is None):
            raise ApiError(400, "Either totalCount or incrementBy is required.")
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            uses = (by or 0) if total is None else total - whole(row["totalCount"])
            if uses < 0:
                raise ApiError(400, "The total count cannot be made less.")
            for each in [row, *(self._tree.below(row, 0) if children else ())]:
                self._use(each, uses)

    def count_uses(self, report: Row) -> None:
        """Add the uses in a report to its assets; assets that do not exist are ignored."""
        with self._lock:
            for used in rows_of(report, "assets"):
                row = self._tree.by_serial_number(used.get("sn"))
                uses = used.get("usageCount")
                if row is not None:
                    self._use(row, uses if isinstance(uses, int) else 1)

    def reset_running_count(
        self, asset_id: str | None, serial_number: str | None, comment: str | None, user: str
    ) -> None:
        """Set the running count of an asset to 0."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            row["runningCount"] = 0
            self.log.add(row, AssetLogType.RESET_COUNT, user, comment=comment)

    def record(
        self,
        event: AssetLogType,
        asset_id: str | None,
        serial_number: str | None,
        *,
        time: datetime | None,
        comment: str | None,
        user: str,
    ) -> None:
        """Record that an asset was calibrated or maintained, and calculate the next due date."""
        name = event.name.capitalize()
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            done = time or self._identity.now()
            days = self.types.get(str(row["typeId"]))[f"{name.lower()}Interval"]
            row[f"last{name}Date"] = api_time(done)
            row[f"next{name}Date"] = (
                api_time(done + timedelta(days=float(str(days)))) if days else None
            )
            self.log.add(row, event, user, value=api_time(done), comment=comment)

    def add_message(
        self, asset_id: str | None, serial_number: str | None, text: str, user: str
    ) -> None:
        """Add a message to the log of an asset."""
        with self._lock:
            row = self._tree.find(asset_id, serial_number)
            self.log.add(row, AssetLogType.MESSAGE, user, comment=text)

    def _fresh(self, key: JsonValue) -> Row:
        # Every property of the definition, because the server sends them all.
        return {
            "assetId": key,
            "parentAssetId": None,
            "serialNumber": None,
            "assetName": None,
            "partNumber": None,
            "revision": None,
            "typeId": None,
            "ClientId": None,
            "state": int(AssetState.UNKNOWN),
            "description": None,
            "location": None,
            "firstSeenDate": self._identity.timestamp(),
            "lastSeenDate": None,
            "lastMaintenanceDate": None,
            "nextMaintenanceDate": None,
            "lastCalibrationDate": None,
            "nextCalibrationDate": None,
            "totalCount": 0,
            "runningCount": 0,
            "tags": [],
        }

    def _use(self, row: Row, uses: int) -> None:
        for name in ("totalCount", "runningCount"):
            row[name] = whole(row[name]) + uses
        row["lastSeenDate"] = self._identity.timestamp()

    def _view(self, row: Row) -> Row:
        tags = {str(tag["key"]): str(tag["value"]) for tag in rows_of(row, "tags")}
        document = xml_data.set_tags(None, tags) if tags else None
        shown = {name: value for name, value in row.items() if name not in {"tags", "ClientId"}}
        return shown | {"parentSerialNumber": self._parent_serial_number(row), "xmlData": document}

    def _whole(self, row: Row) -> Row:
        return row | {
            "parentSerialNumber": self._parent_serial_number(row),
            "assetChildren": None,
            "assetType": None,
            "assetLog": None,
        }

    def _parent_serial_number(self, row: Row) -> JsonValue:
        parent = self._tree.parent(row)
        return None if parent is None else parent["serialNumber"]


def _checked_state(state: JsonValue) -> JsonValue:
    if state not in list(AssetState):
        raise ApiError(400, f"The value '{state}' is not valid for state.")
    return state


def _checked_tags(sent: Row) -> JsonValue:
    tags = {str(tag["key"]): str(tag.get("value") or "") for tag in rows_of(sent, "tags")}
    try:
        xml_data.set_tags(None, tags)
    except ValueError as error:
        raise ApiError(400, f"tags are invalid: {error}") from error
    return [{"key": key, "value": value, "change": 0} for key, value in tags.items()]
