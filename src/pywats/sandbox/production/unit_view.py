"""Units of the sandbox in the forms of the public and of the internal API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import xml_data
from pywats.sandbox.documents import rows_of
from pywats.sandbox.production.unit_phases import phase_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from pywats.sandbox.product.store import ProductStore
    from pywats.sandbox.production.unit_store import UnitStore
    from pywats.sandbox.requests import Row

__all__ = ["UnitView"]

_INNER = {"unitId", "process"}


class UnitView:
    """Unit rows with data of other stores."""

    def __init__(self, units: UnitStore, products: ProductStore) -> None:
        self._units = units
        self._products = products

    def public(self, unit: Row) -> Row:
        """Return a unit and its subunits, as ``Mes.Production.Public.Unit``."""
        parent = self._units.parent(unit)
        product, revision = self._product(unit)
        below: list[JsonValue] = [self.public(child) for child in self._units.children(unit)]
        own = {name: value for name, value in unit.items() if name not in _INNER}
        return {
            **own,
            "parentSerialNumber": None if parent is None else parent["serialNumber"],
            "unitPhase": phase_name(unit["unitPhaseId"]),
            "tags": _tags(unit),
            "product": None if product is None else product | {"revisions": None},
            "productRevision": revision,
            "subUnits": below,
        }

    def internal(self, unit: Row, level: int = 0) -> Row:
        """Return a unit and its subunits, as ``Mes.Production.Unit``."""
        parent = self._units.parent(unit)
        product, revision = self._product(unit)
        batch = self._units.batch(unit)
        code = unit["processCode"]
        below: list[JsonValue] = [
            self.internal(child, level + 1) for child in self._units.children(unit)
        ]
        return {
            "UnitId": unit["unitId"],
            "ParentUnitId": None if parent is None else parent["unitId"],
            "ProductRevisionId": None if revision is None else revision["productRevisionId"],
            "BatchSN": unit["batchNumber"],
            "SerialNumber": unit["serialNumber"],
            "SerialDate": unit["serialDate"],
            "CurrentLocation": unit["currentLocation"],
            "XMLData": unit["xmlData"],
            "UnitPhaseId": unit["unitPhaseId"],
            "ProcessCode": int(str(code)) if str(code).isdecimal() else None,
            "ProductId": None if product is None else product["productId"],
            "ProductionBatch": None
            if batch is None
            else {
                "BatchSN": batch["batchNumber"],
                "BatchSize": batch["batchSize"],
                "Produced": batch["produced"],
            },
            "Children": below,
            "Settings": _tags(unit),
            "Level": level,
        }

    def info(self, unit: Row) -> list[Row]:
        """Return a unit, then its parent and all units below it, as flat rows."""
        parent = self._units.parent(unit)
        return [self._info(each) for each in [*self._below(unit), *([parent] if parent else [])]]

    def contents(self, unit: Row, revision: str) -> Row:
        """Return a box build with the units in it, as ``Mes.UnitContent``."""
        rows = self._products.hierarchy(str(unit["partNumber"]), revision)
        below = list(self._below(unit))
        items: list[JsonValue] = [
            _content(row, [each for each in below if each["partNumber"] == row["PartNumber"]])
            for row in rows
            if row["hlevel"] == 1
        ]
        return {**_content(rows[0], [unit]), "Children": items}

    def _product(self, unit: Row) -> tuple[Row | None, Row | None]:
        for product in self._products.products():
            if product["partNumber"] == unit["partNumber"]:
                revisions = rows_of(product, "revisions")
                named = (each for each in revisions if each["revision"] == unit["revision"])
                return product, next(named, None)
        return None, None

    def _below(self, unit: Row) -> Iterator[Row]:
        yield unit
        for child in self._units.children(unit):
            yield from self._below(child)

    def _info(self, unit: Row) -> Row:
        parent = self._units.parent(unit)
        product, revision = self._product(unit)
        return {
            "UnitId": unit["unitId"],
            "ParentUnitID": None if parent is None else parent["unitId"],
            "SerialNumber": unit["serialNumber"],
            "SerialDate": unit["serialDate"],
            "PartNumber": unit["partNumber"],
            "Name": None if product is None else product["name"],
            "ProductDescription": None if product is None else product["description"],
            "Revision": unit["revision"],
            "RevisionName": None if revision is None else revision["name"],
            "RevisionDescription": None if revision is None else revision["description"],
            "BatchNumber": unit["batchNumber"],
            "UnitXML": unit["xmlData"],
            "ProductXML": None if product is None else product["xmlData"],
            "RevisionXML": None if revision is None else revision["xmlData"],
        }


def _tags(unit: Row) -> list[JsonValue]:
    text = unit["xmlData"]
    tags = xml_data.read_tags(text if isinstance(text, str) else None)
    return [{"key": tag.key, "value": tag.value, "change": 0} for tag in tags]


def _content(row: Row, units: list[Row]) -> Row:
    return {
        "PartNumber": row["PartNumber"],
        "Revision": row["Revision"],
        "RevisionMask": row.get("RevisionMask"),
        "Level": row["hlevel"],
        "ItemId": row["ProductRevisionId"],
        "ParentItemId": row.get("ParentProductRevisionId"),
        "Children": [],
        "Units": [
            {"SerialNumber": unit["serialNumber"], "UnitId": unit["unitId"]} for unit in units
        ],
    }
