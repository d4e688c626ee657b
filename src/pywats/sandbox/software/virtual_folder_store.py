"""Virtual folders of the sandbox."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pywats.models import VirtualFolderType
from pywats.sandbox.responses import ApiError, required_text
from pywats.sandbox.software.query import uuid_key

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["VirtualFolderStore"]

_OF_PACKAGES = {VirtualFolderType.PACKAGE, VirtualFolderType.RESTRICTED_PACKAGE}


class VirtualFolderStore:
    """Virtual folders by their ids; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self._folders: dict[str, Row] = {}

    def public_rows(self) -> list[Row]:
        """Return the folders of packages in the form of the public API."""
        with self._lock:
            return [
                {name: folder[name] for name in ("id", "parentId", "name", "description")}
                for folder in self._folders.values()
                if folder["type"] in _OF_PACKAGES
            ]

    def distributed(self, folder_id: str) -> Row:
        """Return a folder and the folders inside it, in the form that servers exchange."""
        with self._lock:
            folder = self._folder(folder_id)
            below = [each for each in self._folders.values() if each["parentId"] == folder_id]
            return {
                "VirtualFolderId": folder_id,
                "ParentVirtualFolderId": folder["parentId"],
                "Name": folder["name"],
                "Description": folder["description"],
                "Type": folder["type"],
                "VirtualFolders": [self.distributed(str(each["id"])) for each in below],
            }

    def is_restricted(self, folder_id: JsonValue) -> bool:
        """Return True if only some users may see a folder; False without a folder."""
        with self._lock:
            folder = None if folder_id is None else self._folder(str(folder_id))
            return bool(folder and folder["type"] == VirtualFolderType.RESTRICTED_PACKAGE)

    def known(self, folder_id: JsonValue) -> JsonValue:
        """Return the id of a folder in its canonical form; None stays None.

        Raises:
            ApiError: The folder does not exist (400).
        """
        if folder_id is None:
            return None
        key = uuid_key(str(folder_id))
        with self._lock:
            if key not in self._folders:
                raise ApiError(400, f"Virtual folder {key} does not exist.")
        return key

    def add(self, sent: Row) -> Row:
        """Add a folder."""
        with self._lock:
            return self._save(self._identity.uuid(), sent)

    def put(self, sent: Row) -> Row:
        """Save a folder in the form that servers exchange, with its id."""
        key = uuid_key(required_text(sent, "VirtualFolderId"))
        names = {
            "ParentVirtualFolderId": "parentId",
            "Name": "name",
            "Description": "description",
            "Type": "type",
        }
        with self._lock:
            self._save(key, {names[name]: sent[name] for name in names if name in sent})
            return self.distributed(key)

    def delete(self, folder_ids: list[str]) -> None:
        """Delete folders; a folder inside them must be deleted in the same request."""
        with self._lock:
            going = [self._folder(folder_id) for folder_id in folder_ids]
            if any(
                each["parentId"] in folder_ids and each not in going
                for each in self._folders.values()
            ):
                raise ApiError(409, "A virtual folder that holds others cannot be deleted.")
            for folder_id in set(folder_ids):
                del self._folders[folder_id]

    def _save(self, key: str, sent: Row) -> Row:
        fresh: Row = {"parentId": None, "name": None, "description": None, "type": 0}
        known = self._folders.get(key, fresh)
        given = {name: sent[name] for name in fresh if name in sent}
        folder: Row = {"id": key, **known, **given}
        required_text(folder, "name")
        above = folder["parentId"] = self.known(folder["parentId"])
        while above is not None:
            if above == key:
                raise ApiError(400, f"Virtual folder {key} cannot be below itself.")
            above = self._folders[str(above)]["parentId"]
        self._folders[key] = folder
        return folder

    def _folder(self, folder_id: str) -> Row:
        if folder_id not in self._folders:
            raise ApiError(404, f"Virtual folder {folder_id} does not exist.")
        return self._folders[folder_id]
