"""Asset tree of the sandbox: assets that are part of other assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["AssetTree"]


class AssetTree:
    """Assets by id, each with the id of its parent; callers must hold the owner's lock."""

    def __init__(self) -> None:
        self._assets: dict[str, Row] = {}

    def all(self) -> list[Row]:
        """Return all assets."""
        return list(self._assets.values())

    def get(self, asset_id: JsonValue) -> Row | None:
        """Return the asset of an id."""
        return self._assets.get(str(asset_id))

    def by_serial_number(self, serial_number: JsonValue) -> Row | None:
        """Return the asset of a serial number."""
        return next((row for row in self.all() if row["serialNumber"] == serial_number), None)

    def find(self, asset_id: str | None, serial_number: str | None) -> Row:
        """Return the asset of an id or a serial number.

        Raises:
            ApiError: Neither is given (400), or the asset does not exist (404).
        """
        if not asset_id and not serial_number:
            raise ApiError(400, "The id or the serialNumber of an asset is required.")
        found = self.get(asset_id) if asset_id else self.by_serial_number(serial_number)
        if found is None:
            raise ApiError(404, f"Asset '{asset_id or serial_number}' does not exist.")
        return found

    def put(self, row: Row) -> None:
        """Add an asset, or replace the one with its id."""
        self._assets[str(row["assetId"])] = row

    def remove(self, row: Row) -> None:
        """Remove an asset; its parts become parts of its parent."""
        for child in self.below(row, 1):
            child["parentAssetId"] = row["parentAssetId"]
        del self._assets[str(row["assetId"])]

    def below(self, row: Row, level: int) -> Iterator[Row]:
        """Yield the assets that are part of an asset, down to a level; 0 is all."""
        for child in self.all():
            if child["parentAssetId"] == row["assetId"]:
                yield child
                if level != 1:
                    yield from self.below(child, level - 1)

    def parent(self, row: Row) -> Row | None:
        """Return the asset that an asset is part of."""
        return self.get(row["parentAssetId"])

    def parent_for(self, sent: Row, row: Row) -> JsonValue:
        """Return the id of the new parent of an asset.

        Args:
            sent: Row that names the parent. If it has both an id and a serial number, the id is
                used; if it has neither, the parent does not change.
            row: The asset.

        Raises:
            ApiError: The parent does not exist, or it is part of the asset (400).
        """
        if not {"parentAssetId", "parentSerialNumber"} & sent.keys():
            return row["parentAssetId"]
        asset_id, serial_number = sent.get("parentAssetId"), sent.get("parentSerialNumber")
        if not asset_id and not serial_number:
            return None
        parent = self.get(asset_id) if asset_id else self.by_serial_number(serial_number)
        if parent is None:
            raise ApiError(400, f"The parent asset '{asset_id or serial_number}' does not exist.")
        if parent["assetId"] in [each["assetId"] for each in (row, *self.below(row, 0))]:
            raise ApiError(400, "An asset cannot be part of itself.")
        return parent["assetId"]
