"""Product groups of the sandbox and the rules that fill them."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError, required_text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity

    Row = dict[str, JsonValue]

__all__ = ["GroupStore"]


class GroupStore:
    """Groups and rules, as the JSON that goes over the wire; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self._groups: dict[int, Row] = {}
        self._rules: dict[int, Row] = {}
        self._numbers = count(1)

    def all(self, *, with_rules: bool) -> list[Row]:
        """Return all product groups."""
        with self._lock:
            groups = [dict(group) for group in self._groups.values()]
            for group in groups:
                rules: list[JsonValue] = [
                    rule
                    for rule in self._rules.values()
                    if rule["productSelectionId"] == group["id"]
                ]
                group["details"] = rules if with_rules else None
            return groups

    def save(self, sent: Row, *, new: bool) -> Row:
        """Add or update a product group."""
        required_text(sent, "name")
        with self._lock:
            number = sent.get("id")
            if new:
                number = next(self._numbers)
            elif number not in self._groups:
                raise ApiError(404, f"Product group {number} does not exist.")
            fresh: Row = {
                "owner": None,
                "description": None,
                "type": 0,
                "syncId": self._identity.uuid(),
            }
            known = fresh if new else self._groups[int(str(number))]
            row = known | {key: value for key, value in sent.items() if key != "details"}
            self._groups[int(str(number))] = row | {"id": number}
            return row | {"id": number}

    def delete(self, numbers: list[int]) -> None:
        """Delete product groups with their rules."""
        with self._lock:
            for number in numbers:
                if self._groups.pop(number, None) is None:
                    raise ApiError(404, f"Product group {number} does not exist.")
                for key, rule in list(self._rules.items()):
                    if rule["productSelectionId"] == number:
                        del self._rules[key]

    def add_rule(self, name: str, part_number: str, revision: str | None, *, exclude: bool) -> None:
        """Add a rule to the product group of a name."""
        with self._lock:
            for group in self._groups.values():
                if group["name"] == name:
                    number = next(self._numbers)
                    self._rules[number] = {
                        "id": number,
                        "productSelectionId": group["id"],
                        "partNumber": part_number,
                        "revision": revision,
                        "prodSel": 0,
                        "exclude": exclude,
                        "orderNo": len(self._rules),
                    }
                    return
            raise ApiError(404, f"Product group '{name}' does not exist.")

    def of_product(self, part_number: str, revision: str | None) -> list[Row]:
        """Return the groups that hold a product."""
        with self._lock:
            chosen: dict[JsonValue, bool] = {}
            for rule in self._rules.values():
                if rule["partNumber"] == part_number and rule["revision"] in {None, revision}:
                    # The last rule that matches the product decides.
                    chosen[rule["productSelectionId"]] = not rule["exclude"]
            return [g for g in self.all(with_rules=False) if chosen.get(g["id"], False)]
