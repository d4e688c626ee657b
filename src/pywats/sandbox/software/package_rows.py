"""JSON rows of packages, their folders and files."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from pywats.models import PackageStatus
from pywats.sandbox.software.package_tags import tag_document

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.requests import Row
    from pywats.sandbox.software.package_contents import Folder, PackageContents, StoredFile

__all__ = ["entity_rows", "file_row", "folder_entity", "internal_row", "public_file_row"]

# The API file does not give the numbers; its text names files first.
_FILE, _FOLDER = 0, 1
_SAME = (
    "packageId",
    "name",
    "version",
    "description",
    "rootDirectory",
    "modified",
    "modifiedBy",
    "priority",
    "virtualFolderId",
    "created",
    "createdBy",
    "released",
    "releasedBy",
    "revoked",
    "revokedBy",
)


def internal_row(package: Row, contents: PackageContents, *, restricted: bool) -> Row:
    """Return a package in the form of the internal API, with its folders and files."""
    package_id = str(package["packageId"])
    row: Row = {name[0].upper() + name[1:]: package[name] for name in _SAME}
    return row | {
        "PackageFolder": not package["installOnRoot"],
        "Tags": tag_document(package),
        "Status": PackageStatus(str(package["status"])).number,
        "VirtualFolder": None,
        "PackageFolders": [
            _folder_row(folder, contents) for folder in contents.folders(package_id, None)
        ],
        "PackageSiteRelations": [],
        "IsRestricted": restricted,
        "Validation": None,
        "ValidationDescription": None,
    }


def _folder_row(folder: Folder, contents: PackageContents) -> JsonValue:
    return {
        "PackageFolderId": folder.folder_id,
        "PackageId": folder.package_id,
        "ParentFolderId": folder.parent_id,
        "Name": folder.name,
        "Modified": folder.modified,
        "Parent": None,
        "PackageFolders": [
            _folder_row(below, contents)
            for below in contents.folders(folder.package_id, folder.folder_id)
        ],
        "PackageFolderFiles": [file_row(file) for file in contents.files(folder.folder_id)],
    }


def file_row(file: StoredFile) -> Row:
    """Return a file in the form of the internal API."""
    checksum = hashlib.md5(file.content, usedforsecurity=False).digest()
    return {
        "PackageFolderFileId": file.file_id,
        "PackageFolderId": file.folder_id,
        "RepositoryFolderFileId": file.stored_id,
        "Attributes": file.attributes,
        "RepositoryFolderFile": {
            "RepositoryFolderFileId": file.stored_id,
            "Name": file.name,
            "Version": file.version,
            "Description": None,
            "Valid": True,
            "Uploaded": file.uploaded,
            "FileModifiedDate": file.modified,
            "Checksum": base64.b64encode(checksum).decode(),
            "FileVersion": None,
            "FileSize": len(file.content),
        },
    }


def public_file_row(file: StoredFile, folder_name: str) -> Row:
    """Return a file in the form of the public API."""
    return {
        "packageFileId": file.file_id,
        "name": file.name,
        "packageFolderName": folder_name,
        "attributes": file.attribute_names,
        "Description": None,
    }


def entity_rows(package_id: str, contents: PackageContents) -> list[Row]:
    """Return all folders and files of a package, as an administrator sees them."""
    rows: list[Row] = []
    for folder in contents.all_folders(package_id):
        rows.append(folder_entity(folder))
        rows += [_file_entity(file) for file in contents.files(folder.folder_id)]
    return rows


def folder_entity(folder: Folder) -> Row:
    """Return a folder, as an administrator sees it."""
    return {
        "id": folder.folder_id,
        "type": _FOLDER,
        "parentId": folder.parent_id,
        "name": folder.name,
        "lastModifiedDate": folder.modified,
    }


def _file_entity(file: StoredFile) -> Row:
    return {
        "id": file.file_id,
        "type": _FILE,
        "parentId": file.folder_id,
        "name": file.name,
        "fileVersion": None,
        "repositoryVersion": file.version,
        "fileSize": len(file.content),
        "lastModifiedDate": file.modified,
        "uploadedDate": file.uploaded,
        "attributes": file.attributes,
        "repositoryFolderFileId": file.stored_id,
        "valid": True,
        "information": None,
    }
