"""Unit store of the sandbox: units that were saved, and units that reports name."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pywats.models import xml_data
from pywats.sandbox.documents import rows_of
from pywats.sandbox.production.unit_changes import UnitChanges
from pywats.sandbox.production.unit_phases import FIRST_PHASE, phase_name
from pywats.sandbox.report.header import info_of
from pywats.sandbox.responses import ApiError, required_text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.product.store import ProductStore
    from pywats.sandbox.report.store import ReportStore
    from pywats.sandbox.requests import Row

__all__ = ["Key", "UnitStore", "key_of"]

Key = tuple[str, str]

# Fields that the server calculates, or that other endpoints save.
_READ_ONLY = {"tags", "unitPhase", "productRevision", "product", "subUnits", "parentSerialNumber"}
_NEVER_EMPTY = {"revision", "serialDate", "unitPhaseId"}


def key_of(unit: Row) -> Key:
    """Return the key of a unit: serial number and part number."""
    return str(unit["serialNumber"]), str(unit["partNumber"])


class UnitStore:
    """Units by serial number and part number; safe to use from any thread.

    A submitted report adds its unit if it does not exist, and sets its revision, batch and process.

    Attributes:
        lock: Held while a unit is read or changed; hold it to make several steps atomic.
        changes: Queue of the changes of units.
    """

    def __init__(self, identity: Identity, products: ProductStore, reports: ReportStore) -> None:
        self._identity = identity
        self._products = products
        self._reports = reports
        self.lock = threading.RLock()
        self.changes = UnitChanges()
        self._units: dict[Key, Row] = {}
        self._parents: dict[Key, Key] = {}
        self._states: dict[Key, list[tuple[str | None, str, str]]] = {}
        self._batches: dict[str, Row] = {}
        self._seen: dict[str, Row] = {}

    def find(self, serial_number: str, part_number: str | None) -> Row:
        """Return a unit; without a part number, the serial number must be unique."""
        with self.lock:
            self._read_reports()
            if part_number:
                found = [self._units.get((serial_number, part_number))]
            else:
                found = [u for (serial, _), u in self._units.items() if serial == serial_number]
            if not found or found[0] is None:
                named = f" of '{part_number}'" if part_number else ""
                raise ApiError(404, f"Unit '{serial_number}'{named} does not exist.")
            if len(found) > 1:
                raise ApiError(400, f"Several products have a unit '{serial_number}'.")
            return found[0]

    def first_changes(self, count: int) -> list[Row]:
        """Return the oldest changes that were not handled."""
        with self.lock:
            self._read_reports()
            return self.changes.first(count)

    def parent(self, unit: Row) -> Row | None:
        """Return the unit that a unit is built into."""
        with self.lock:
            parent = self._parents.get(key_of(unit))
            return None if parent is None else self._units[parent]

    def children(self, unit: Row) -> list[Row]:
        """Return the units that are built into a unit."""
        with self.lock:
            key = key_of(unit)
            return [self._units[child] for child, parent in self._parents.items() if parent == key]

    def set_parent(self, unit: Row, parent: Row | None) -> None:
        """Build a unit into another, or take it out."""
        with self.lock:
            if parent is None:
                self._parents.pop(key_of(unit), None)
            else:
                self._parents[key_of(unit)] = key_of(parent)
            self.changes.add(unit, None if parent is None else str(parent["serialNumber"]))

    def states(self, unit: Row) -> list[tuple[str | None, str, str]]:
        """Return process, phase and time of each state that a unit was in, the last one first."""
        with self.lock:
            return self._states[key_of(unit)][::-1]

    def save(self, sent: Row) -> bool:
        """Add or update a unit.

        Returns:
            True if it was added.
        """
        key = required_text(sent, "serialNumber"), required_text(sent, "partNumber")
        with self.lock:
            self._read_reports()
            known = self._units.get(key)
            row = (known or self._fresh(*key)) | {
                name: value
                for name, value in sent.items()
                if name not in _READ_ONLY and not (name in _NEVER_EMPTY and value is None)
            }
            if known is None or row["processCode"] != known["processCode"]:
                row["process"] = row["processCode"]
            phase_name(row["unitPhaseId"])
            self._check_tags(row)
            self._make_product(row)
            parent = sent.get("parentSerialNumber")
            above = None if parent is None else self.find(str(parent), None)
            self._put(row)
            if "parentSerialNumber" in sent and above != self.parent(row):
                self.set_parent(row, above)
            return known is None

    def create(self, serial_number: str, part_number: str, values: Row) -> Row:
        """Add a unit."""
        with self.lock:
            self._read_reports()
            if (serial_number, part_number) in self._units:
                raise ApiError(409, f"Unit '{serial_number}' of '{part_number}' exists already.")
            self.save({**values, "serialNumber": serial_number, "partNumber": part_number})
            return self.find(serial_number, part_number)

    def update(self, unit: Row, values: Row) -> None:
        """Change fields of a unit."""
        with self.lock:
            row = self._units[key_of(unit)] | values
            phase_name(row["unitPhaseId"])
            self._put(row)

    def set_tag(self, unit: Row, name: str, value: str) -> None:
        """Add a tag to a unit, or give a tag another value."""
        with self.lock:
            try:
                text = xml_data.add_tag(_text(unit["xmlData"]), name, value)
            except ValueError as error:
                raise ApiError(400, f"The attribute is invalid: {error}") from error
            self._put(unit | {"xmlData": text})

    def rename(self, unit: Row, part_number: str, revision: str) -> None:
        """Change the product and revision of a unit."""
        with self.lock:
            old, row = key_of(unit), unit | {"partNumber": part_number, "revision": revision}
            new = key_of(row)
            if new != old and new in self._units:
                raise ApiError(409, f"Unit '{new[0]}' of '{new[1]}' exists already.")
            self._make_product(row)
            self._states[new] = self._states.pop(old)
            del self._units[old]
            self._units[new] = row
            self._parents = {
                (new if child == old else child): (new if parent == old else parent)
                for child, parent in self._parents.items()
            }
            self._changed(row)

    def save_batch(self, sent: Row) -> None:
        """Add or update a batch."""
        number = required_text(sent, "batchNumber")
        with self.lock:
            known = self._batches.get(number, {"batchNumber": number, "batchSize": None})
            self._batches[number] = known | sent

    def batch(self, unit: Row) -> Row | None:
        """Return the batch of a unit, with the number of units that it has so far."""
        with self.lock:
            number = unit["batchNumber"]
            if number is None:
                return None
            known = self._batches.get(str(number), {"batchNumber": number, "batchSize": None})
            made = [u for u in self._units.values() if u["batchNumber"] == number]
            return known | {"produced": len(made)}

    def _fresh(self, serial_number: str, part_number: str) -> Row:
        # Every field of the definition, because the server sends them all.
        return {
            "unitId": self._identity.uuid(),
            "serialNumber": serial_number,
            "partNumber": part_number,
            "revision": None,
            "batchNumber": None,
            "serialDate": self._identity.timestamp(),
            "currentLocation": None,
            "xmlData": None,
            "unitPhaseId": FIRST_PHASE,
            "process": None,
            "processCode": None,
        }

    def _put(self, row: Row, time: str | None = None) -> None:
        key = key_of(row)
        known = self._units.get(key)
        self._units[key] = row
        if known is not None and any(known[n] != row[n] for n in ("revision", "unitPhaseId")):
            self._changed(row)
        if known is None or any(known[n] != row[n] for n in ("process", "unitPhaseId")):
            process = _text(row["process"])
            state = (process, phase_name(row["unitPhaseId"]), time or self._identity.timestamp())
            self._states.setdefault(key, []).append(state)

    def _changed(self, row: Row) -> None:
        above = self.parent(row)
        self.changes.add(row, None if above is None else str(above["serialNumber"]))

    def _read_reports(self) -> None:
        for document in self._reports.documents():
            # A report that was submitted again is a new object with the same id.
            if self._seen.get(str(document["id"])) is not document:
                self._seen[str(document["id"])] = document
                self._note(document)

    def _note(self, document: Row) -> None:
        key = str(document["sn"]), str(document["pn"])
        told: Row = {
            "revision": document["rev"],
            "batchNumber": info_of(document).get("batchSN"),
            "currentLocation": document.get("location"),
            "process": document.get("processName") or document.get("processCode"),
            "processCode": document.get("processCode"),
        }
        row = self._units.get(key) or self._fresh(*key) | {"serialDate": document["start"]}
        told = {name: value for name, value in told.items() if value is not None and value != ""}
        texts: Row = {name: str(told[name]) for name in ("process", "processCode") if name in told}
        self._put(row | told | texts, str(document["start"]))

    def _make_product(self, row: Row) -> None:
        part_number, revision = str(row["partNumber"]), row["revision"]
        products = {product["partNumber"]: product for product in self._products.products()}
        product = products.get(part_number) or self._products.save_product(
            {"partNumber": part_number}
        )
        if product["nonSerial"]:
            raise ApiError(400, f"Product '{part_number}' cannot have units.")
        revisions = [each["revision"] for each in rows_of(product, "revisions")]
        if revision is not None and revision not in revisions:
            self._products.save_revision({"partNumber": part_number, "revision": revision})

    @staticmethod
    def _check_tags(row: Row) -> None:
        try:
            xml_data.read_tags(_text(row["xmlData"]))
        except ValueError as error:
            raise ApiError(400, f"xmlData is invalid: {error}") from error


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
