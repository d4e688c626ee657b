from __future__ import annotations

import json

import pytest

from pywats.models import (
    DistributedVirtualFolder,
    FileAttribute,
    InternalPackage,
    PackageFile,
    PackageStatus,
    VirtualFolder,
    VirtualFolderType,
)

INTERNAL = {
    "PackageId": "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A",
    "Status": 2,
    "Tags": "<PackageInfo><Part>A</Part></PackageInfo>",
    "Released": "2026-01-02T03:04:05.1234567",
    "PackageSiteRelations": [{"SiteCode": "1"}],
    "VirtualFolder": {"id": None, "type": 3, "Packages": []},
    "PackageFolders": [
        {
            "Name": "bin",
            "Parent": None,
            "PackageFolders": [{"Name": "sub", "Parent": {"Name": "bin"}}],
            "PackageFolderFiles": [
                {"Attributes": 5, "RepositoryFolderFile": {"Checksum": "+X==", "FileSize": 7}}
            ],
        }
    ],
}


def test_a_status_is_the_same_whether_it_came_as_a_name_or_a_number() -> None:
    assert [status.number for status in PackageStatus] == [0, 1, 2, 3]
    package = InternalPackage.model_validate_json('{"Status": 3}')
    assert package.status is PackageStatus.REVOKED
    package.status = PackageStatus.DRAFT
    assert package.to_wire_json() == b'{"Status":0}'
    assert InternalPackage(status=PackageStatus.PENDING).to_wire_json() == b'{"Status":1}'
    assert InternalPackage.model_validate({"Status": "Released"}).to_wire_json() == b'{"Status":2}'


@pytest.mark.parametrize("number", [9, -1, None])
def test_a_status_that_is_not_known_goes_back_as_it_came(number: int | None) -> None:
    body = json.dumps({"Status": number}, separators=(",", ":")).encode()
    package = InternalPackage.model_validate_json(body)
    assert package.status == number
    assert package.to_wire_json() == body


def test_an_internal_package_goes_back_as_it_came() -> None:
    package = InternalPackage.model_validate_json(json.dumps(INTERNAL))
    assert json.loads(package.to_wire_json()) == INTERNAL
    (folder,) = package.package_folders or []
    (below,) = folder.package_folders or []
    assert below.parent is not None
    assert (below.name, below.parent.name) == ("sub", "bin")
    assert package.virtual_folder == VirtualFolder.model_validate(
        {"id": None, "type": VirtualFolderType.RESTRICTED_PACKAGE, "Packages": []}
    )


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("None", FileAttribute.NONE),
        ("ExecuteOnce, TopLevelFile", "ExecuteOnce, TopLevelFile"),
        ("Future", "Future"),
        (None, None),
    ],
)
def test_attributes_of_a_file(text: str | None, attributes: FileAttribute | str | None) -> None:
    file = PackageFile.model_validate({"attributes": text, "Description": None})
    assert (file.attributes, type(file.attributes)) == (attributes, type(attributes))
    assert json.loads(file.to_wire_json()) == {"attributes": text, "Description": None}


def test_both_forms_of_a_virtual_folder_have_the_same_attributes() -> None:
    sent = {
        "VirtualFolderId": "6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a",
        "ParentVirtualFolderId": None,
        "VirtualFolders": [{"Name": "x", "Type": 99}],
    }
    folder = DistributedVirtualFolder.model_validate_json(json.dumps(sent))
    assert (str(folder.id), folder.parent_id) == (sent["VirtualFolderId"], None)
    assert [below.type for below in folder.virtual_folders or []] == [99]
    assert json.loads(folder.to_wire_json()) == sent
