"""Scenarios of the software service; details: `tests.services.software.test_software_requests`."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from pywats.models import FileAttribute, PackageStatus, SoftwareEntity, Tag
from pywats.services import SoftwareService

if TYPE_CHECKING:
    from pywats.models import Package
    from tests.services.bench import Bench, Scenario

SERVICE = SoftwareService
PUBLIC = "/api/Software"
INTERNAL = "/api/internal/Software"
DISTRIBUTION = "/api/internal/Distribution"


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


async def released(bench: Bench, name: str) -> Package:
    package: Package = await bench.call("create_package", name, tags=[Tag(key="Part", value="A")])
    await bench.call("submit_for_review", package.package_id)
    released: Package = await bench.call("release_package", package.package_id)
    return released


async def packages(bench: Bench) -> None:
    created = await bench.call(
        "create_package", "ICT/1", "d", True, "C:/x", 2, [Tag(key="Part", value="A")]
    )
    assert bench.sent == [f"POST {PUBLIC}/Package"]
    assert bench.last == {
        "name": "ICT/1",
        "description": "d",
        "installOnRoot": True,
        "rootDirectory": "C:/x",
        "priority": 2,
        "tags": [{"key": "Part", "value": "A"}],
    }
    assert (created.version, created.status) == (1, PackageStatus.DRAFT)
    assert (created.created_by, created.priority) == ("station", 2)
    package = await bench.call("get_package", created.package_id)
    assert bench.sent == [f"GET {PUBLIC}/Package/{created.package_id}"]
    assert package == created
    package.description = "better"
    saved = await bench.call("update_package", package)
    assert bench.sent == [f"PUT {PUBLIC}/Package/{created.package_id}"]
    assert bench.last["description"] == "better"
    assert (saved.description, saved.tags) == ("better", created.tags)
    second = await bench.call("create_package", "ICT/1")
    assert (second.version, second.tags) == (2, [])
    assert await bench.call("get_packages") == [saved, second]
    assert bench.sent == [f"GET {PUBLIC}/Packages"]
    await bench.call("delete_package", second.package_id)
    assert bench.sent == [f"DELETE {PUBLIC}/Package/{second.package_id}"]
    await bench.call("delete_package_by_name", "ICT/1", 1)
    assert bench.sent == [f"DELETE {PUBLIC}/PackageByName?name=ICT%2F1&version=1"]
    assert await bench.call("get_packages") == []


async def statuses(bench: Bench) -> None:
    package = await bench.call("create_package", "ICT")
    path = f"POST {PUBLIC}/PackageStatus/{package.package_id}?status="
    steps = [
        ("submit_for_review", PackageStatus.PENDING),
        ("return_to_draft", PackageStatus.DRAFT),
        ("submit_for_review", PackageStatus.PENDING),
        ("release_package", PackageStatus.RELEASED),
        ("revoke_package", PackageStatus.REVOKED),
    ]
    for method, status in steps:
        package = await bench.call(method, package.package_id)
        assert bench.sent == [path + status]
        assert package.status is status
    assert package.released < package.revoked
    assert (package.released_by, package.revoked_by) == ("station", "station")
    other = await bench.call("create_package", "ICT")
    await bench.call("set_package_status", other.package_id, "Pending")
    assert bench.sent == [f"POST {PUBLIC}/PackageStatus/{other.package_id}?status=Pending"]


async def searches(bench: Bench) -> None:
    first = await released(bench, "ICT")
    second = await released(bench, "ICT")
    draft = await bench.call("create_package", "ICT", tags=[Tag(key="Part", value="A")])
    assert await bench.call("get_released_package", "ICT") == second
    assert bench.sent == [f"GET {PUBLIC}/PackageByName?name=ICT&status=Released"]
    assert await bench.call("get_package_by_name", "ICT", "Draft") == draft
    assert bench.sent == [f"GET {PUBLIC}/PackageByName?name=ICT&status=Draft"]
    assert await bench.call("get_package_by_name", "ICT", version=1) == first
    assert bench.sent == [f"GET {PUBLIC}/PackageByName?name=ICT&status=Released&version=1"]
    assert await bench.call("get_packages_by_tag", "Part", "a") == [first, second]
    assert bench.sent == [f"GET {PUBLIC}/PackagesByTag?tag=Part%3Da&status=Released"]
    found = await bench.call("get_packages_by_tags", {"Part": "A"})
    xpath = "//%2A%5BPart%5B.%3D%22A%22%5D%5D".replace("/", "%2F")
    assert bench.sent == [f"GET {INTERNAL}/GetPackagesByTag?tags={xpath}&status=2"]
    assert [each.package_id for each in found] == [first.package_id, second.package_id]
    assert {each.status for each in found} == {PackageStatus.RELEASED}
    assert found[0].tags == "<PackageInfo><Part>A</Part></PackageInfo>"
    (found,) = await bench.call("get_packages_by_tag_internal", "//*[Part='A']", "Draft")
    assert bench.sent == [
        f"GET {INTERNAL}/GetPackagesByTag?tags=%2F%2F%2A%5BPart%3D%27A%27%5D&status=0"
    ]
    assert found.package_id == draft.package_id
    (newest,) = await bench.call("get_package_history", "//*", 2)
    assert bench.sent == [f"GET {INTERNAL}/GetPackageHistory?tags=%2F%2F%2A&status=2"]
    assert newest.package_id == second.package_id
    history = await bench.call("get_package_history", "//*", all_versions=True)
    assert bench.sent == [f"GET {INTERNAL}/GetPackageHistory?tags=%2F%2F%2A&allVersions=true"]
    assert [each.version for each in history] == [1, 2, 3]


async def files(bench: Bench) -> None:
    package = await bench.call("create_package", "ICT")
    package_id = package.package_id
    await bench.call("upload_zip", package_id, zipped({"bin/a.exe": b"one", "bin/sub/b.txt": b""}))
    assert bench.sent == [f"POST {PUBLIC}/Package/UploadZip/{package_id}?cleanInstall=false"]
    assert (bench.requests[-1].header("content-type") or "").startswith("multipart/form-data; b")
    assert b"Content-Type: application/zip\r\n" in bench.requests[-1].body
    rows = await bench.call("get_package_files", package_id)
    assert bench.sent == [f"GET {PUBLIC}/PackageFiles/{package_id}"]
    assert [(row.name, row.package_folder_name, row.attributes) for row in rows] == [
        ("a.exe", "bin", FileAttribute.NONE),
        ("b.txt", "bin/sub", FileAttribute.NONE),
    ]
    file_id = rows[0].package_file_id
    await bench.call("update_file_attribute", file_id, FileAttribute.EXECUTE_ONCE)
    assert bench.sent == [f"POST {PUBLIC}/Package/FileAttribute/{file_id}?attribute=ExecuteOnce"]
    full = await bench.call("get_package_full", package_id)
    assert bench.sent == [f"GET {INTERNAL}/GetPackage?packageId={package_id}"]
    (folder,) = full.package_folders
    (file,) = folder.package_folder_files
    assert (file.attributes, file.repository_folder_file.file_size) == (1, 3)
    stored = file.repository_folder_file_id
    assert await bench.call("download_package_file", stored) == b"one"
    assert bench.sent == [f"GET {INTERNAL}/DownloadFile?repositoryFolderFileId={stored}"]
    known = await bench.call("get_file", file_id)
    assert bench.sent == [f"GET {INTERNAL}/File/{file_id}"]
    assert known["RepositoryFolderFileId"] == str(stored)
    response = await bench.call(
        "check_file",
        package_id,
        folder.package_folder_id,
        "a.exe",
        "f97c5d29941bfb1b2fdab0874906ab82",
        5,
    )
    assert bench.sent == [
        f"GET {INTERNAL}/CheckFile?packageId={package_id}"
        f"&parentFolderId={folder.package_folder_id}"
        "&filePath=a.exe&checksum=f97c5d29941bfb1b2fdab0874906ab82&fileDateEpoch=5"
    ]
    assert response == {"Exists": True, "PackageFolderFileId": file_id}
    await bench.call("delete_package_folder_files", [file_id, rows[1].package_file_id])
    assert bench.sent == [
        f"POST {INTERNAL}/DeletePackageFolderFiles"
        f"?packageFolderFileIds={file_id}%2C{rows[1].package_file_id}"
    ]
    assert await bench.call("get_package_files", package_id) == []


async def folders(bench: Bench) -> None:
    package = await bench.call("create_package", "ICT")
    package_id = package.package_id
    made = await bench.call("create_package_folder", package_id, SoftwareEntity(name="bin"))
    assert bench.sent == [f"POST {INTERNAL}/PostPackageFolder?packageId={package_id}"]
    assert bench.last == {"name": "bin"}
    below = await bench.call(
        "create_package_folder", package_id, SoftwareEntity(name="sub", parent_id=made.id)
    )
    assert below.parent_id == made.id
    made.name = "tools"
    assert (await bench.call("update_package_folder", made)).name == "tools"
    assert bench.sent == [f"POST {INTERNAL}/UpdatePackageFolder"]
    assert bench.last["id"] == str(made.id)
    details = await bench.call("get_software_entity_details", package_id)
    assert bench.sent == [f"GET {INTERNAL}/GetSoftwareEntityDetails?packageId={package_id}"]
    assert [entity["name"] for entity in details] == ["tools", "sub"]
    await bench.call("delete_package_folder", made.id)
    assert bench.sent == [f"POST {INTERNAL}/DeletePackageFolder?packageFolderId={made.id}"]
    assert await bench.call("get_software_entity_details", package_id) == []


async def virtual_folders(bench: Bench) -> None:
    top = await bench.call("create_virtual_folder", "Line 1")
    assert bench.sent == ["POST /api/internal/Mes/PostVirtualFolder"]
    assert bench.last == {"name": "Line 1", "description": "", "type": 1}
    folder = await bench.call("create_virtual_folder", "ICT", top.id, "d", True)
    assert bench.last == {
        "name": "ICT",
        "parentId": str(top.id),
        "description": "d",
        "type": 3,
    }
    changed = await bench.call("update_virtual_folder", folder.id, "FCT")
    assert bench.sent == [
        f"GET {DISTRIBUTION}/VirtualFolders/{folder.id}",
        f"PUT {DISTRIBUTION}/VirtualFolder",
    ]
    assert bench.last == {
        "VirtualFolderId": str(folder.id),
        "ParentVirtualFolderId": str(top.id),
        "Name": "FCT",
        "Description": "d",
        "Type": 3,
        "VirtualFolders": [],
    }
    assert (changed.id, changed.name) == (folder.id, "FCT")
    package = await bench.call("create_package", "P", virtual_folder_id=folder.id)
    assert (await bench.call("get_package_full", package.package_id)).is_restricted is True
    listed = await bench.call("get_virtual_folders")
    assert bench.sent == [f"GET {PUBLIC}/VirtualFolders"]
    assert [(each.id, each.parent_id, each.name) for each in listed] == [
        (top.id, None, "Line 1"),
        (folder.id, top.id, "FCT"),
    ]
    await bench.call("delete_package", package.package_id)
    await bench.call("delete_virtual_folder", folder.id)
    assert bench.sent == [f"DELETE {DISTRIBUTION}/Multi/VirtualFolders"]
    assert bench.last == [str(folder.id)]
    assert [each.name for each in await bench.call("get_virtual_folders")] == ["Line 1"]


async def stations(bench: Bench) -> None:
    assert await bench.call("is_connected") is True
    assert bench.sent == [f"GET {INTERNAL}/isConnected"]
    old, other = await released(bench, "ICT"), await released(bench, "FCT")
    new = await released(bench, "ICT")
    for revoked in (old, other):
        await bench.call("revoke_package", revoked.package_id)
    ids = [old.package_id, other.package_id]
    query = f"installedPackages={ids[0]}%2C{ids[1]}"
    for method in ("get_available_packages", "check_for_updates"):
        assert [each.package_id for each in await bench.call(method, ids)] == [new.package_id]
        assert bench.sent == [f"GET {INTERNAL}/GetAvailablePackages?{query}"]
    assert await bench.call("get_revoked_packages", ids) == ids
    assert bench.sent == [f"GET {INTERNAL}/GetRevokedPackages?{query}"]
    assert await bench.call("get_revoked_packages", ids, True) == [other.package_id]
    assert bench.sent == [f"GET {INTERNAL}/GetRevokedPackages?{query}&includeRevokedOnly=true"]
    await bench.call("log_download", new.package_id, 1234)
    assert bench.sent == [f"GET {INTERNAL}/Log?packageId={new.package_id}&downloadSize=1234"]
    (entry,) = await bench.call("get_package_download_history", 1)
    assert bench.sent == [f"GET {INTERNAL}/GetPackageDownloadHistory?clientId=1"]
    assert (entry["PackageId"], entry["DownloadSize"]) == (str(new.package_id), 1234)


SCENARIOS: list[Scenario] = [
    packages,
    statuses,
    searches,
    files,
    folders,
    virtual_folders,
    stations,
]
