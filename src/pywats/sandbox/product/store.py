"""Product store of the sandbox: products and their parts, as the JSON that goes over the wire."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pywats.models import Bom, xml_data
from pywats.models.product.wsbf import read_wsbf
from pywats.sandbox.product.group_store import GroupStore
from pywats.sandbox.product.master_data import MasterData
from pywats.sandbox.responses import ApiError, required_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity

    Row = dict[str, JsonValue]

__all__ = ["ProductStore"]


class ProductStore:
    """Products, revisions, bills of materials and box builds; safe to use from any thread.

    Methods take and return JSON in the form of the API, and raise `ApiError` where a WATS server
    responds with an error.

    Attributes:
        groups: The product groups.
        master_data: Vendors and categories.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.groups = GroupStore(identity)
        self.master_data = MasterData(identity)
        self._lock = threading.RLock()
        self._products: dict[str, Row] = {}
        self._revisions: dict[str, Row] = {}
        self._relations: dict[str, Row] = {}
        self._boms: dict[tuple[str, str], Bom] = {}

    def products(self) -> list[Row]:
        """Return all products."""
        with self._lock:
            return [self.product(str(row["partNumber"])) for row in self._products.values()]

    def product(self, part_number: str) -> Row:
        """Return a product with its revisions and tags."""
        with self._lock:
            row = self._products.get(part_number)
            if row is None:
                raise ApiError(404, f"Product '{part_number}' does not exist.")
            revisions: list[JsonValue] = [
                _with_tags(revision)
                for revision in self._revisions.values()
                if revision["productId"] == row["productId"]
            ]
            return {**_with_tags(row), "revisions": revisions}

    def save_product(self, sent: Row) -> Row:
        """Add a product, or update the one with the same id or part number."""
        part_number = required_text(sent, "partNumber")
        with self._lock:
            found = self._by("productId", sent, self._products) or self._products.get(part_number)
            # A new product has every field of the definition, because the server sends them all.
            known = found or {
                "productId": self._identity.uuid(),
                "partNumber": part_number,
                "name": None,
                "description": None,
                "nonSerial": False,
                "state": 1,
                "xmlData": None,
                "productCategoryId": None,
                "productCategoryName": None,
            }
            ignored = {"tags", "revisions", "productId"}
            row = known | {key: value for key, value in sent.items() if key not in ignored}
            _with_tags(row)
            self._products.pop(str(known["partNumber"]), None)
            self._products[part_number] = row
            for revision in self._list(sent, "revisions"):
                self.save_revision(revision | {"productId": row["productId"]})
            return self.product(part_number)

    def delete_product(self, part_number: str) -> None:
        """Delete a product with its revisions."""
        with self._lock:
            for revision in self._list(self.product(part_number), "revisions"):
                self.delete_revision(str(revision["productRevisionId"]))
            del self._products[part_number]

    def revision(self, part_number: str, name: str) -> Row:
        """Return a revision with its tags."""
        for revision in self._list(self.product(part_number), "revisions"):
            if revision["revision"] == name:
                return revision
        raise ApiError(404, f"Revision '{name}' of product '{part_number}' does not exist.")

    def save_revision(self, sent: Row) -> Row:
        """Add a revision, or update the one with the same id or name."""
        name = required_text(sent, "revision")
        with self._lock:
            product = self._product_of(sent)
            same_name = [
                row
                for row in self._revisions.values()
                if row["productId"] == product["productId"] and row["revision"] == name
            ]
            found = self._by("productRevisionId", sent, self._revisions)
            known = found or next(
                iter(same_name),
                {
                    "productRevisionId": self._identity.uuid(),
                    "productId": product["productId"],
                    "revision": name,
                    "name": None,
                    "description": None,
                    "state": 1,
                    "xmlData": None,
                    "PartNumber": product["partNumber"],
                },
            )
            ignored = {"tags", "productRevisionId", "productId", "partNumber"}
            row = known | {key: value for key, value in sent.items() if key not in ignored}
            self._revisions[str(row["productRevisionId"])] = row
            return _with_tags(row)

    def delete_revision(self, revision_id: str) -> None:
        """Delete a revision with its relations."""
        with self._lock:
            if self._revisions.pop(revision_id, None) is None:
                raise ApiError(404, f"Revision {revision_id} does not exist.")
            ends = ("ParentProductRevisionId", "ProductRevisionId")
            for key, relation in list(self._relations.items()):
                if revision_id in [relation[end] for end in ends]:
                    del self._relations[key]

    def save_bom(self, document: bytes) -> None:
        """Insert or update a bill of materials from a WSBF document."""
        try:
            _check_numbers(document)
            bom = Bom.from_wsbf(document)
        except ValueError as error:
            # The API file declares 500 for an invalid document.
            raise ApiError(500, f"The BOM is invalid: {error}") from error
        self.put_bom(bom)

    def put_bom(self, bom: Bom) -> None:
        """Insert or update a bill of materials."""
        with self._lock:
            self._boms[bom.part_number, bom.revision] = bom

    def bom(self, part_number: str, revision: str) -> Bom:
        """Return a bill of materials; an empty one if none was saved."""
        self.revision(part_number, revision)
        with self._lock:
            empty = Bom(part_number=part_number, revision=revision)
            return self._boms.get((part_number, revision), empty)

    def hierarchy(self, part_number: str, revision: str) -> list[Row]:
        """Return a revision and all its subunits, parents first."""
        with self._lock:
            root = self.revision(part_number, revision)
            return list(self._below(root, None, 0))

    def save_relation(self, sent: Row, *, new: bool) -> Row:
        """Add or update a relation of a box build."""
        with self._lock:
            for end in ("ParentProductRevisionId", "ProductRevisionId"):
                if str(sent.get(end)) not in self._revisions:
                    raise ApiError(400, f"{end} names no revision.")
            key = self._identity.uuid() if new else str(sent.get("ProductRevisionRelationId"))
            if not new and key not in self._relations:
                raise ApiError(404, f"Relation {key} does not exist.")
            row = self._relations.get(key, {}) | sent | {"ProductRevisionRelationId": key}
            self._relations[key] = row
            return row

    def delete_relation(self, relation_id: str) -> None:
        """Delete a relation of a box build."""
        with self._lock:
            if self._relations.pop(relation_id, None) is None:
                raise ApiError(404, f"Relation {relation_id} does not exist.")

    def _below(self, revision: Row, relation: Row | None, level: int) -> Iterator[Row]:
        row: Row = {
            "hlevel": level,
            "PartNumber": revision["PartNumber"],
            "Revision": revision["revision"],
            "ProductRevisionId": revision["productRevisionId"],
        }
        yield row if relation is None else relation | row
        for below in list(self._relations.values()):
            if below["ParentProductRevisionId"] == revision["productRevisionId"]:
                child = self._revisions[str(below["ProductRevisionId"])]
                yield from self._below(child, below, level + 1)

    def _product_of(self, sent: Row) -> Row:
        part_number = sent.get("PartNumber", sent.get("partNumber"))
        for product in self._products.values():
            if sent.get("productId") == product["productId"]:
                return product
            if not sent.get("productId") and part_number == product["partNumber"]:
                return product
        raise ApiError(404, "The product of the revision does not exist.")

    @staticmethod
    def _by(key: str, sent: Row, rows: dict[str, Row]) -> Row | None:
        if not sent.get(key):
            return None
        for row in rows.values():
            if row[key] == sent[key]:
                return row
        raise ApiError(404, f"There is nothing with the {key} {sent[key]}.")

    @staticmethod
    def _list(row: Row, name: str) -> list[Row]:
        items = row.get(name)
        return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _with_tags(row: Row) -> Row:
    text = row["xmlData"]
    try:
        tags = xml_data.read_tags(text if isinstance(text, str) else None)
    except ValueError as error:
        raise ApiError(400, f"xmlData is invalid: {error}") from error
    listed: list[JsonValue] = [{"key": t.key, "value": t.value, "change": 0} for t in tags]
    return {**row, "tags": listed}


def _check_numbers(document: bytes) -> None:
    # Checked here: the model also accepts other names for a part number, which WSBF does not have.
    for index, row in enumerate(read_wsbf(document)[1], start=1):
        if not row.get("Number"):
            raise ValueError(f"component {index} has no Number")
