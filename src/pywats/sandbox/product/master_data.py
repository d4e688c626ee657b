"""Vendors and product categories of the sandbox."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pywats.sandbox.responses import required_text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity

    Row = dict[str, JsonValue]

__all__ = ["MasterData"]


class MasterData:
    """Vendors and categories, as the JSON that goes over the wire; safe from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.Lock()
        self._vendors: dict[str, Row] = {}
        self._categories: dict[str, Row] = {}

    def vendors(self) -> list[Row]:
        """Return all vendors."""
        with self._lock:
            return list(self._vendors.values())

    def save_vendors(self, sent: list[Row]) -> None:
        """Add the vendors that do not exist."""
        with self._lock:
            for vendor in sent:
                self._vendors.setdefault(required_text(vendor, "VendorName"), vendor)

    def delete_vendors(self, sent: list[Row]) -> None:
        """Delete vendors; missing vendors are ignored."""
        with self._lock:
            for vendor in sent:
                self._vendors.pop(required_text(vendor, "VendorName"), None)

    def categories(self) -> list[Row]:
        """Return all categories."""
        with self._lock:
            return list(self._categories.values())

    def save_categories(self, sent: list[Row]) -> None:
        """Add or update categories."""
        with self._lock:
            for category in sent:
                required_text(category, "Name")
                key = str(category.get("ProductCategoryId") or self._identity.uuid())
                known = self._categories.get(key, {"Description": None})
                self._categories[key] = known | category | {"ProductCategoryId": key}
