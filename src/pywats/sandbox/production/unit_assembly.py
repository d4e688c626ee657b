"""Assembly of units of the sandbox, by the rules of the API."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pywats.sandbox.documents import rows_of
from pywats.sandbox.production.unit_phases import is_phase, phase_name
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.product.store import ProductStore
    from pywats.sandbox.production.unit_store import UnitStore
    from pywats.sandbox.requests import Row

__all__ = ["UnitAssembly"]

_FINALIZED = "Finalized"
_PHASE_TAG = "PhaseFinalized"


class UnitAssembly:
    """Build units into units, take them out, and compare them with the box build."""

    def __init__(self, units: UnitStore, products: ProductStore) -> None:
        self._units = units
        self._products = products

    def add(
        self,
        parent: Row,
        child: Row,
        part_number: str | None,
        revision: str | None,
        *,
        check_phase: bool = True,
    ) -> None:
        """Build a unit into another.

        Args:
            parent: The outer unit.
            child: The inner unit.
            part_number: Part number that the inner unit must have; None or blank takes the box
                build.
            revision: Revision that it must have; None or blank allows any.
            check_phase: False allows any phase.

        Raises:
            ApiError: The inner unit breaks a rule (400), or has a parent or would form a loop
                (409).
        """
        with self._units.lock:
            name = f"Unit '{child['serialNumber']}'"
            if self._units.parent(child) is not None:
                raise ApiError(409, f"{name} already has a parent.")
            if self._above(parent, child):
                raise ApiError(409, f"{name} would be part of itself.")
            if part_number:
                fits = child["partNumber"] == part_number and (
                    not revision or child["revision"] == revision
                )
            else:
                fits = any(_fits(item, child) for item in self._box_build(parent))
            if not fits:
                raise ApiError(400, f"{name} is not a valid child of '{parent['serialNumber']}'.")
            if check_phase and not self._finalized(child):
                phase = phase_name(child["unitPhaseId"])
                raise ApiError(400, f"{name} is not finalized, but in phase {phase}.")
            self._units.set_parent(child, parent)

    def remove(self, parent: Row, child: Row) -> None:
        """Take a unit out of another."""
        with self._units.lock:
            if self._units.parent(child) != parent:
                raise ApiError(
                    404,
                    f"Unit '{child['serialNumber']}' is not a child of '{parent['serialNumber']}'.",
                )
            self._units.set_parent(child, None)

    def remove_all(self, parent: Row) -> None:
        """Take all units out of a unit."""
        with self._units.lock:
            for child in self._units.children(parent):
                self._units.set_parent(child, None)

    def check(self, parent: Row) -> Row:
        """Compare the children of a unit with its box build."""
        with self._units.lock:
            children = self._units.children(parent)
            items = self._box_build(parent)
            problems: list[JsonValue] = []
            for child in children:
                name = f"Unit '{child['serialNumber']}'"
                if not any(_fits(item, child) for item in items):
                    problems.append(f"{name} is not in the box build.")
                if not self._finalized(child):
                    problems.append(f"{name} is not finalized.")
            for item in items:
                found = sum(_fits(item, child) for child in children)
                wanted = item.get("Quantity")
                if found != wanted:
                    problems.append(f"{item['PartNumber']}: {found} of {wanted} units.")
            return {"isValid": not problems, "messages": problems}

    def _above(self, unit: Row, wanted: Row) -> bool:
        above: Row | None = unit
        while above is not None:
            if above == wanted:
                return True
            above = self._units.parent(above)
        return False

    def _box_build(self, unit: Row) -> list[Row]:
        rows = self._products.hierarchy(str(unit["partNumber"]), str(unit["revision"]))
        return [row for row in rows if row["hlevel"] == 1]

    def _finalized(self, unit: Row) -> bool:
        if is_phase(unit["unitPhaseId"], _FINALIZED):
            return True
        revision = self._products.revision(str(unit["partNumber"]), str(unit["revision"]))
        named = [tag["value"] for tag in rows_of(revision, "tags") if tag["key"] == _PHASE_TAG]
        return any(is_phase(unit["unitPhaseId"], str(name)) for name in named)


def _fits(item: Row, unit: Row) -> bool:
    if item["PartNumber"] != unit["partNumber"]:
        return False
    mask, revision = item.get("RevisionMask"), str(unit["revision"])
    if mask:
        # The masks of the server are not documented; the sandbox uses the wildcard of SQL.
        return fnmatchcase(revision, str(mask).replace("%", "*"))
    return item["Revision"] == revision
