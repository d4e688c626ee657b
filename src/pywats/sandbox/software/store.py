"""Package store of the sandbox, as the JSON that goes over the wire."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pywats.models import PackageStatus
from pywats.sandbox.responses import ApiError, required_text
from pywats.sandbox.software.package_contents import PackageContents
from pywats.sandbox.software.package_tags import checked_tags
from pywats.sandbox.software.virtual_folder_store import VirtualFolderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["SoftwareStore", "checked_status", "version_of"]

_LEADS_TO = {
    PackageStatus.DRAFT: {PackageStatus.PENDING},
    PackageStatus.PENDING: {PackageStatus.DRAFT, PackageStatus.RELEASED},
    PackageStatus.RELEASED: {PackageStatus.REVOKED},
    PackageStatus.REVOKED: set[PackageStatus](),
}
_DELETABLE = {PackageStatus.DRAFT, PackageStatus.REVOKED}
_DETAILS = (
    "name",
    "description",
    "installOnRoot",
    "rootDirectory",
    "priority",
    "virtualFolderId",
)


class SoftwareStore:
    """Packages in all versions, with their files and folders; safe to use from any thread.

    Methods take and return JSON in the form of the public API, and raise `ApiError` where a WATS
    server responds with an error.

    Attributes:
        contents: Folders and files; use it under `lock`.
        folders: Virtual folders.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self.contents = PackageContents(identity)
        self.folders = VirtualFolderStore(identity)
        self._packages: dict[str, Row] = {}
        self._downloads: list[Row] = []

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Lock that every reader and writer of `contents` holds."""
        return self._lock

    def packages(self, test: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """Return all packages that pass a test, the oldest first."""
        with self._lock:
            return [dict(row) for row in self._packages.values() if test(row)]

    def package(self, package_id: str) -> Row:
        """Return a package."""
        with self._lock:
            if package_id not in self._packages:
                raise ApiError(404, f"Package {package_id} does not exist.")
            return dict(self._packages[package_id])

    def named(self, name: str, status: str | None, version: int | None) -> Row:
        """Return the highest version of a package with the given status and version."""
        found = self.packages(
            lambda row: (
                row["name"] == name
                and status in (None, row["status"])
                and version in (None, row["version"])
            )
        )
        if not found:
            raise ApiError(404, f"Package '{name}' does not exist with that status and version.")
        return max(found, key=version_of)

    def create(self, sent: Row, user: str) -> Row:
        """Add a draft: version 1 of a package, or the next."""
        name = required_text(sent, "name")
        with self._lock:
            others = self.packages(lambda row: row["name"] == name)
            now = self._identity.timestamp()
            row: Row = {
                "packageId": self._identity.uuid(),
                "name": name,
                "installOnRoot": False,
                "version": max(map(version_of, others), default=0) + 1,
                "description": None,
                "rootDirectory": None,
                "tags": checked_tags(sent),
                "modified": now,
                "modifiedBy": user,
                "status": PackageStatus.DRAFT,
                "priority": 0,
                "virtualFolderId": None,
                "created": now,
                "createdBy": user,
                "released": None,
                "releasedBy": None,
                "revoked": None,
                "revokedBy": None,
            }
            row |= self._details(sent)
            self._packages[str(row["packageId"])] = row
            return dict(row)

    def save(self, package_id: str, sent: Row, user: str) -> Row:
        """Change a package; only status and tags if it is not a draft."""
        with self._lock:
            row = self.package(package_id)
            changes = {
                name: value for name, value in self._details(sent).items() if value != row[name]
            }
            if changes and row["status"] != PackageStatus.DRAFT:
                raise ApiError(
                    409, f"Only status and tags of a {row['status']} package can be changed."
                )
            row |= changes
            required_text(row, "name")
            if self.packages(lambda other: _same_version(other, row)):
                raise ApiError(409, f"Package '{row['name']}' has that version already.")
            if "tags" in sent:
                row["tags"] = checked_tags(sent)
            status = sent.get("status") or row["status"]
            if status != row["status"]:
                self._move(row, str(status), user)
            return self._kept(row, user)

    def set_status(self, package_id: str, status: str, user: str) -> Row:
        """Change the status of a package, if the change is allowed."""
        with self._lock:
            row = self.package(package_id)
            self._move(row, status, user)
            return self._kept(row, user)

    def delete(self, package_id: str) -> None:
        """Delete a draft or a revoked package with all that it holds."""
        with self._lock:
            row = self.package(package_id)
            if row["status"] not in _DELETABLE:
                raise ApiError(409, f"A {row['status']} package cannot be deleted.")
            self.contents.clear(package_id)
            del self._packages[package_id]

    def delete_virtual_folders(self, folder_ids: list[str]) -> None:
        """Delete virtual folders that hold no package."""
        with self._lock:
            if self.packages(lambda row: row["virtualFolderId"] in folder_ids):
                raise ApiError(409, "A virtual folder that holds packages cannot be deleted.")
            self.folders.delete(folder_ids)

    def draft(self, package_id: str) -> str:
        """Return the id of a package whose contents can be changed."""
        if self.package(package_id)["status"] != PackageStatus.DRAFT:
            raise ApiError(409, f"Package {package_id} is not a draft.")
        return package_id

    def newer(self, package_ids: list[str]) -> Iterator[Row]:
        """Yield the highest released version of each package, if it is newer than the given one."""
        installed = [row for row in self.packages() if row["packageId"] in package_ids]
        for name in dict.fromkeys(str(row["name"]) for row in installed):
            version = max(version_of(row) for row in installed if row["name"] == name)
            released = [row for row in self._released(name) if version_of(row) > version]
            if released:
                yield max(released, key=version_of)

    def gone(self, package_ids: list[str], *, without_successor: bool) -> list[str]:
        """Return the ids whose packages are deleted or revoked.

        Args:
            package_ids: The ids to choose from.
            without_successor: Leave out packages of which another version is released.
        """
        known = {str(row["packageId"]): row for row in self.packages()}

        def is_gone(row: Row | None) -> bool:
            if row is None:
                return True
            replaced = without_successor and bool(self._released(str(row["name"])))
            return row["status"] == PackageStatus.REVOKED and not replaced

        return [each for each in package_ids if is_gone(known.get(each))]

    def log_download(self, package_id: str, size: int) -> None:
        """Record that a package was downloaded."""
        row = self.package(package_id)
        with self._lock:
            self._downloads.append(
                {
                    "PackageId": package_id,
                    "Name": row["name"],
                    "Version": row["version"],
                    "DownloadSize": size,
                    "Downloaded": self._identity.timestamp(),
                }
            )

    def downloads(self) -> list[Row]:
        """Return the noted downloads, the oldest first."""
        with self._lock:
            return list(self._downloads)

    def _details(self, sent: Row) -> Row:
        given = {name: sent[name] for name in _DETAILS if name in sent}
        if "virtualFolderId" in given:
            given["virtualFolderId"] = self.folders.known(given["virtualFolderId"])
        return given

    def _released(self, name: str) -> list[Row]:
        return self.packages(
            lambda row: row["name"] == name and row["status"] == PackageStatus.RELEASED
        )

    def _move(self, row: Row, status: str, user: str) -> None:
        known = checked_status(status)
        if known not in _LEADS_TO[PackageStatus(str(row["status"]))]:
            raise ApiError(409, f"A {row['status']} package cannot become {known}.")
        row["status"] = known
        if known in {PackageStatus.RELEASED, PackageStatus.REVOKED}:
            row[known.lower()] = self._identity.timestamp()
            row[f"{known.lower()}By"] = user

    def _kept(self, row: Row, user: str) -> Row:
        row |= {"modified": self._identity.timestamp(), "modifiedBy": user}
        self._packages[str(row["packageId"])] = row
        return dict(row)


def checked_status(status: str) -> PackageStatus:
    """Return the status of a name.

    Raises:
        ApiError: The status does not exist (400).
    """
    try:
        return PackageStatus(status)
    except ValueError as error:
        raise ApiError(400, f"The value '{status}' is not valid for status.") from error


def version_of(row: Row) -> int:
    """Return the version of a package."""
    return int(str(row["version"]))


def _same_version(one: Row, other: Row) -> bool:
    names = ("name", "version")
    return one["packageId"] != other["packageId"] and all(one[n] == other[n] for n in names)
