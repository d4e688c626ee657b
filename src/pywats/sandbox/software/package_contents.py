"""Folders and files of the packages of the sandbox."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from pywats.models import FileAttribute
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox.ids import Identity

__all__ = ["MAX_UNPACKED", "Folder", "PackageContents", "StoredFile"]

MAX_UNPACKED = 64 * 2**20
"""Maximum total size of the files of a zip archive in bytes."""

_MAX_ENTRIES = 10_000

# In the order of the API file, which does not give their numbers.
_ATTRIBUTES = [each for each in FileAttribute if each is not FileAttribute.NONE]


@dataclass(slots=True)
class Folder:
    """A folder of a package."""

    folder_id: str
    package_id: str
    parent_id: str | None
    name: str
    modified: str


@dataclass(slots=True)
class StoredFile:
    """A file of a package; ``stored_id`` identifies its current content."""

    file_id: str
    folder_id: str
    name: str
    stored_id: str
    version: int
    content: bytes
    modified: str
    uploaded: str
    attributes: int = 0

    @property
    def attribute_names(self) -> str:
        """The attributes as the public API writes them."""
        names = [each for bit, each in enumerate(_ATTRIBUTES) if self.attributes >> bit & 1]
        return ", ".join(names or [FileAttribute.NONE])


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a zip archive; a folder has no content."""

    path: PurePosixPath
    content: bytes | None
    modified: str


class PackageContents:
    """Folders and files by their ids; callers must hold a lock."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._folders: dict[str, Folder] = {}
        self._files: dict[str, StoredFile] = {}

    def folders(self, package_id: str, parent_id: str | None) -> list[Folder]:
        """Return the folders of a package inside a folder; None for the top level."""
        return [
            folder
            for folder in self._folders.values()
            if folder.package_id == package_id and folder.parent_id == parent_id
        ]

    def all_folders(self, package_id: str, parent_id: str | None = None) -> Iterator[Folder]:
        """Yield the folders of a package, each before the folders inside it."""
        for folder in self.folders(package_id, parent_id):
            yield folder
            yield from self.all_folders(package_id, folder.folder_id)

    def files(self, folder_id: str) -> list[StoredFile]:
        """Return the files that a folder holds."""
        return [file for file in self._files.values() if file.folder_id == folder_id]

    def folder(self, folder_id: str) -> Folder:
        """Return a folder."""
        if folder_id not in self._folders:
            raise ApiError(404, f"Folder {folder_id} does not exist.")
        return self._folders[folder_id]

    def file(self, file_id: str) -> StoredFile:
        """Return a file."""
        if file_id not in self._files:
            raise ApiError(404, f"File {file_id} does not exist.")
        return self._files[file_id]

    def stored(self, stored_id: str) -> StoredFile:
        """Return the file with this content."""
        for file in self._files.values():
            if file.stored_id == stored_id:
                return file
        raise ApiError(404, f"File {stored_id} does not exist.")

    def path(self, folder: Folder) -> str:
        """Return the path of a folder: the names of its parents and its own."""
        above = f"{self.path(self.folder(folder.parent_id))}/" if folder.parent_id else ""
        return above + folder.name

    def add_folder(self, package_id: str, name: str, parent_id: str | None) -> Folder:
        """Add a folder."""
        self._check_place(package_id, name, parent_id)
        folder = Folder(
            self._identity.uuid(), package_id, parent_id, name, self._identity.timestamp()
        )
        self._folders[folder.folder_id] = folder
        return folder

    def change_folder(self, folder: Folder, name: str, parent_id: str | None) -> None:
        """Give a folder another name, or put it into another folder."""
        if (name, parent_id) == (folder.name, folder.parent_id):
            return
        self._check_place(folder.package_id, name, parent_id)
        if parent_id in {folder.folder_id, *self._ids_below(folder)}:
            raise ApiError(400, f"Folder {folder.folder_id} cannot be below itself.")
        folder.name, folder.parent_id = name, parent_id
        folder.modified = self._identity.timestamp()

    def delete_folder(self, folder_id: str) -> None:
        """Delete a folder with all that it holds."""
        folder = self.folder(folder_id)
        for below in self.folders(folder.package_id, folder_id):
            self.delete_folder(below.folder_id)
        for file in self.files(folder_id):
            self.delete_file(file.file_id)
        del self._folders[folder_id]

    def delete_file(self, file_id: str) -> None:
        """Delete a file."""
        del self._files[self.file(file_id).file_id]

    def clear(self, package_id: str) -> None:
        """Delete all folders and files of a package."""
        for folder in self.folders(package_id, None):
            self.delete_folder(folder.folder_id)

    def add_attribute(self, file_id: str, name: str) -> None:
        """Add an attribute to a file; ``None`` removes all attributes."""
        file = self.file(file_id)
        for bit, each in enumerate(_ATTRIBUTES):
            if each.lower() == name.lower():
                file.attributes |= 1 << bit
                return
        if name.lower() != FileAttribute.NONE.lower():
            raise ApiError(400, f"The value '{name}' is not valid for attribute.")
        file.attributes = 0

    def unpack(self, package_id: str, archive: bytes, *, clean: bool) -> None:
        """Unpack a zip archive; a file of the same name gets a new version.

        Args:
            package_id: Id of the package.
            archive: The bytes of the archive.
            clean: True first deletes all folders and files of the package.
        """
        entries = _entries(archive)
        if clean:
            self.clear(package_id)
        for entry in entries:
            if entry.content is None:
                self._made(package_id, entry.path)
            else:
                self._keep(self._made(package_id, entry.path.parent), entry, entry.content)

    def _keep(self, folder: Folder, entry: _Entry, content: bytes) -> None:
        name = entry.path.name
        twin = next((file for file in self.files(folder.folder_id) if file.name == name), None)
        file = StoredFile(
            file_id=twin.file_id if twin else self._identity.uuid(),
            folder_id=folder.folder_id,
            name=name,
            stored_id=self._identity.uuid(),
            version=twin.version + 1 if twin else 1,
            content=content,
            modified=entry.modified,
            uploaded=self._identity.timestamp(),
            attributes=twin.attributes if twin else 0,
        )
        self._files[file.file_id] = file

    def _made(self, package_id: str, path: PurePosixPath) -> Folder:
        above = None if len(path.parts) == 1 else self._made(package_id, path.parent).folder_id
        for folder in self.folders(package_id, above):
            if folder.name == path.name:
                return folder
        return self.add_folder(package_id, path.name, above)

    def _check_place(self, package_id: str, name: str, parent_id: str | None) -> None:
        if parent_id is not None and self.folder(parent_id).package_id != package_id:
            raise ApiError(404, f"Folder {parent_id} does not exist in package {package_id}.")
        if any(folder.name == name for folder in self.folders(package_id, parent_id)):
            raise ApiError(409, f"There is a folder '{name}' already.")

    def _ids_below(self, folder: Folder) -> set[str]:
        below = self.all_folders(folder.package_id, folder.folder_id)
        return {each.folder_id for each in below}


def _entries(archive: bytes) -> list[_Entry]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            # Checked before unpacking: 1 KB in the archive may unpack to 1 MB of zeros.
            size = sum(info.file_size for info in opened.infolist())
            if size > MAX_UNPACKED or len(opened.infolist()) > _MAX_ENTRIES:
                raise ApiError(
                    413,
                    f"The zip file holds {size} bytes in {len(opened.infolist())} files: "
                    f"{MAX_UNPACKED} bytes in {_MAX_ENTRIES} files are allowed.",
                )
            return [_entry(opened, info) for info in opened.infolist()]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ApiError(400, f"The zip file is invalid: {error}") from error


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Entry:
    # Checked as a Windows path, because there a backslash or a drive can also lead elsewhere.
    given = PureWindowsPath(info.filename)
    is_folder = info.filename.endswith(("/", "\\"))
    outside = given.drive or given.root or ".." in given.parts
    if outside or len(given.parts) < (1 if is_folder else 2):
        raise ApiError(400, f"'{info.filename}' must be in a folder of the zip file.")
    modified = f"{datetime(*info.date_time).isoformat()}Z"  # noqa: DTZ001 - zip files know no time zone
    path = PurePosixPath(*given.parts)
    return _Entry(path, None if is_folder else archive.read(info), modified)
