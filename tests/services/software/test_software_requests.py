"""What the software service sends and refuses to send, and what it makes of the responses."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from pywats import SyncConfig
from pywats.errors import (
    BadRequestError,
    ConflictError,
    NotFoundError,
    WATSConnectionError,
    WATSDecodeError,
    WATSStatusError,
)
from pywats.models import FileAttribute, Package, PackageStatus, SoftwareEntity, Tag
from pywats.sandbox import Fault
from tests.services.scenarios.software import zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

UNKNOWN = "00000000-0000-0000-0000-000000000001"
ARCHIVE = zipped({"bin/a.txt": b"1"})


def package_id_of(package: Package) -> UUID:
    assert package.package_id is not None
    return package.package_id


@pytest.fixture
def draft(api: pyWATS) -> UUID:
    return package_id_of(api.software.create_package("ICT"))


def names(api: pyWATS, package_id: UUID) -> list[str]:
    files = api.software.get_package_files(package_id)
    return [f"{file.package_folder_name}/{file.name}" for file in files]


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.get_package(UNKNOWN),
        lambda s: s.get_package_full(UNKNOWN),
        lambda s: s.get_package_by_name("missing"),
        lambda s: s.get_released_package("missing"),
        lambda s: s.update_package(Package(package_id=UUID(UNKNOWN))),
        lambda s: s.delete_package(UNKNOWN),
        lambda s: s.delete_package_by_name("missing", 1),
        lambda s: s.release_package(UNKNOWN),
        lambda s: s.get_package_files(UNKNOWN),
        lambda s: s.upload_zip(UNKNOWN, ARCHIVE),
        lambda s: s.update_file_attribute(UNKNOWN, "None"),
        lambda s: s.get_file(UNKNOWN),
        lambda s: s.download_package_file(UNKNOWN),
        lambda s: s.check_file(UNKNOWN, UNKNOWN, "a", "b", 0),
        lambda s: s.delete_package_folder_files([UNKNOWN]),
        lambda s: s.create_package_folder(UNKNOWN, SoftwareEntity(name="bin")),
        lambda s: s.update_package_folder(SoftwareEntity(id=UUID(UNKNOWN))),
        lambda s: s.delete_package_folder(UNKNOWN),
        lambda s: s.get_software_entity_details(UNKNOWN),
        lambda s: s.update_virtual_folder(UNKNOWN, "A"),
        lambda s: s.delete_virtual_folder(UNKNOWN),
        lambda s: s.log_download(UNKNOWN, 1),
    ],
)
def test_what_does_not_exist_is_not_found(api: pyWATS, call: Callable[[Any], object]) -> None:
    with pytest.raises(NotFoundError):
        call(api.software)


@pytest.mark.parametrize("name", ["A/B#1?x", "a b&c=d", "æøå", "100%", 'O\'Brien "x"', "+"])
def test_names_and_values_with_special_characters_survive(api: pyWATS, name: str) -> None:
    created = api.software.create_package(name, tags=[Tag(key="Part", value=name)])
    assert created.name == name
    assert api.software.get_package_by_name(name, PackageStatus.DRAFT) == created
    assert api.software.get_packages_by_tag("Part", name, PackageStatus.DRAFT) == [created]
    api.software.delete_package_by_name(name, 1)
    assert api.software.get_packages() == []


@pytest.mark.parametrize("value", ["O'Brien", '5"', "a & <b>", "x] [y", "æ"])
def test_packages_are_found_by_tags_with_special_characters(api: pyWATS, value: str) -> None:
    created = api.software.create_package(
        "ICT", tags=[Tag(key="Part", value=value), Tag(key="Line.1", value="7")]
    )
    found = api.software.get_packages_by_tags({"Part": value, "Line.1": "7"}, "Draft")
    assert [each.package_id for each in found] == [created.package_id]
    assert api.software.get_packages_by_tags({"Part": value, "Line.1": "8"}, "Draft") == []


def test_a_new_draft_is_the_next_version_whatever_became_of_the_others(api: pyWATS) -> None:
    first = package_id_of(api.software.create_package("ICT"))
    second = package_id_of(api.software.create_package("ICT"))
    assert api.software.create_package("FCT").version == 1
    api.software.delete_package(first)
    api.software.upload_zip(second, ARCHIVE)
    third = api.software.create_package("ICT")
    assert third.version == 3
    assert api.software.get_package_files(package_id_of(third)) == []


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        ([], ["Draft", "Released", "Revoked"]),
        (["Pending"], ["Pending", "Revoked"]),
        (["Pending", "Released"], ["Draft", "Pending", "Released"]),
        (["Pending", "Released", "Revoked"], ["Draft", "Pending", "Released", "Revoked"]),
    ],
)
def test_other_moves_of_the_status_are_refused(
    api: pyWATS, draft: UUID, way: list[str], refused: list[str]
) -> None:
    for status in way:
        api.software.set_package_status(draft, status)
    before = api.software.get_package(draft)
    for status in refused:
        with pytest.raises(ConflictError, match=f"package cannot become {status}"):
            api.software.set_package_status(draft, status)
    assert api.software.get_package(draft) == before


def test_only_drafts_and_revoked_packages_can_be_deleted(api: pyWATS, draft: UUID) -> None:
    api.software.submit_for_review(draft)
    with pytest.raises(ConflictError, match="A Pending package cannot be deleted"):
        api.software.delete_package(draft)
    api.software.release_package(draft)
    with pytest.raises(ConflictError, match="A Released package cannot be deleted"):
        api.software.delete_package_by_name("ICT", 1)
    api.software.revoke_package(draft)
    assert api.software.delete_package(draft) is None
    assert api.software.get_packages() == []


def test_an_update_changes_all_of_a_draft_but_only_status_and_tags_later(api: pyWATS) -> None:
    folder = api.software.create_virtual_folder("Line 1")
    package = api.software.create_package("ICT")
    package.name, package.install_on_root, package.priority = "FCT", True, 3
    package.virtual_folder_id = folder.id
    package.status = PackageStatus.PENDING
    saved = api.software.update_package(package)
    assert (saved.name, saved.install_on_root, saved.priority) == ("FCT", True, 3)
    assert (saved.virtual_folder_id, saved.status) == (folder.id, PackageStatus.PENDING)
    saved.tags = [Tag(key="Part", value="A")]
    saved.status = PackageStatus.RELEASED
    released = api.software.update_package(saved)
    assert released.released_by == "station"
    assert [(tag.key, tag.value) for tag in released.tags or []] == [("Part", "A")]
    released.name = "ICT"
    with pytest.raises(ConflictError, match="Only status and tags of a Released package"):
        api.software.update_package(released)
    assert api.software.get_package(package_id_of(package)).name == "FCT"


def test_an_update_that_the_server_does_not_return_returns_what_was_sent(
    api: pyWATS, sandbox: Sandbox
) -> None:
    sandbox.inject("PUT", "/api/Software/Package/{id}", Fault.status(200, body=b""))
    package = Package(package_id=UUID(UNKNOWN), name="ICT", tags=None)
    assert api.software.update_package(package) is package
    assert json.loads(sandbox.requests[-1].body) == {
        "packageId": UNKNOWN,
        "name": "ICT",
        "tags": None,
    }


def test_a_read_modify_write_keeps_unknown_fields_nulls_and_the_form_of_values(
    api: pyWATS, sandbox: Sandbox
) -> None:
    sent = {
        "packageId": "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A",
        "name": "ICT",
        "description": None,
        "status": "Frozen",
        "tags": [{"key": "Part", "value": None, "change": 9, "more": True}],
        "created": "2026-01-02T03:04:05.1234567",
        "future": {"Nested": [1, None]},
    }
    path = f"/api/Software/Package/{sent['packageId']}"
    sandbox.inject("GET", path, Fault.status(200, body=json.dumps(sent).encode()))
    sandbox.inject("PUT", path, Fault.status(200, body=b"null"))
    package = api.software.get_package(str(sent["packageId"]))
    assert package.status == "Frozen"
    package.priority = 1
    api.software.update_package(package)
    assert json.loads(sandbox.requests[-1].body) == sent | {"priority": 1}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'[{"name": "A"}, {"name": "B"}]', ["A", "B"]),
        (b'{"name": "A"}', ["A"]),
        (b"[]", []),
        (b"null", []),
        (b"", []),
    ],
)
def test_a_list_of_packages_may_come_as_one_package_as_the_api_file_declares(
    api: pyWATS, sandbox: Sandbox, body: bytes, found: list[str]
) -> None:
    for operation in ("Packages", "PackagesByTag"):
        sandbox.inject("GET", f"/api/Software/{operation}", Fault.status(200, body=body))
    assert [package.name for package in api.software.get_packages()] == found
    assert [package.name for package in api.software.get_packages_by_tag("a", "b")] == found


@pytest.mark.parametrize("body", [b'"ICT"', b'[{"version": "x"}]', b"[1]"])
def test_another_list_of_packages_is_a_decode_error(
    api: pyWATS, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.inject("GET", "/api/Software/Packages", Fault.status(200, body=body))
    with pytest.raises(WATSDecodeError, match="GET /api/Software/Packages returned 200"):
        api.software.get_packages()


def test_an_upload_adds_and_overwrites_unless_it_is_clean(api: pyWATS, draft: UUID) -> None:
    api.software.upload_zip(draft, zipped({"bin/": b"", "bin/a.txt": b"1", "doc/æ.txt": b"2"}))
    file_id = api.software.get_package_files(draft)[0].package_file_id
    assert file_id is not None
    api.software.update_file_attribute(file_id, FileAttribute.TOP_LEVEL_FILE)
    api.software.upload_zip(draft, zipped({"bin/a.txt": b"one", "bin/x64/b.dll": b"3"}))
    assert names(api, draft) == ["bin/a.txt", "bin/x64/b.dll", "doc/æ.txt"]
    kept = api.software.get_package_files(draft)[0]
    assert (kept.package_file_id, kept.attributes) == (file_id, FileAttribute.TOP_LEVEL_FILE)
    folder = (api.software.get_package_full(draft).package_folders or [])[0]
    file = (folder.package_folder_files or [])[0].repository_folder_file
    assert file is not None
    md5 = hashlib.md5(b"one", usedforsecurity=False).digest()
    assert (file.version, file.file_size, file.checksum) == (2, 3, base64.b64encode(md5).decode())
    assert file.repository_folder_file_id is not None
    assert api.software.download_package_file(file.repository_folder_file_id) == b"one"
    api.software.upload_zip(draft, zipped({"new/c.txt": b""}), clean_install=True)
    assert names(api, draft) == ["new/c.txt"]


def test_an_archive_may_be_written_as_on_windows(api: pyWATS, draft: UUID) -> None:
    api.software.upload_zip(draft, zipped({"bin\\": b"", "bin\\x64\\b.dll": b"3"}))
    assert names(api, draft) == ["bin/x64/b.dll"]


def test_attributes_add_up_until_none_takes_them_away(
    api: pyWATS, sandbox: Sandbox, draft: UUID
) -> None:
    api.software.upload_zip(draft, ARCHIVE)
    file_id = str(api.software.get_package_files(draft)[0].package_file_id)
    shown = []
    for attribute in ("executeonce", FileAttribute.OVERWRITE_ON_NEW_PACKAGE_VERSION, "None"):
        api.software.update_file_attribute(UUID(file_id), attribute)
        shown.append(api.software.get_package_files(draft)[0].attributes)
    assert shown == [
        FileAttribute.EXECUTE_ONCE,
        "ExecuteOnce, OverwriteOnNewPackageVersion",
        FileAttribute.NONE,
    ]
    sent = [dict(request.query).get("attribute") for request in sandbox.requests]
    assert [each for each in sent if each] == [
        "ExecuteOnce",
        "OverwriteOnNewPackageVersion",
        "None",
    ]


@pytest.mark.parametrize("file_id", ["7", "a/b?c"])
def test_a_file_id_need_not_be_a_uuid(api: pyWATS, sandbox: Sandbox, file_id: str) -> None:
    sandbox.inject("POST", "*", Fault.status(200, body=b""))
    assert api.software.update_file_attribute(file_id, "none") is None
    expected = {"7": "7", "a/b?c": "a%2Fb%3Fc"}[file_id]
    (request,) = sandbox.requests
    assert request.target == f"/api/Software/Package/FileAttribute/{expected}?attribute=None"


def test_the_contents_of_a_package_that_is_no_draft_cannot_be_changed(
    api: pyWATS, draft: UUID
) -> None:
    api.software.upload_zip(draft, ARCHIVE)
    (folder,) = api.software.get_package_full(draft).package_folders or []
    (file,) = folder.package_folder_files or []
    assert folder.package_folder_id is not None
    assert file.package_folder_file_id is not None
    entity = SoftwareEntity(id=folder.package_folder_id, name="other")
    api.software.submit_for_review(draft)
    changes: list[Callable[[], object]] = [
        lambda: api.software.upload_zip(draft, ARCHIVE),
        lambda: api.software.update_file_attribute(str(file.package_folder_file_id), "None"),
        lambda: api.software.delete_package_folder_files([str(file.package_folder_file_id)]),
        lambda: api.software.create_package_folder(draft, SoftwareEntity(name="new")),
        lambda: api.software.update_package_folder(entity),
        lambda: api.software.delete_package_folder(str(folder.package_folder_id)),
    ]
    for change in changes:
        with pytest.raises(ConflictError, match=f"Package {draft} is not a draft"):
            change()
    assert names(api, draft) == ["bin/a.txt"]


@pytest.mark.parametrize("body", [b"", b"null", b'"done"', b"true"])
def test_folders_that_the_server_does_not_return_are_returned_as_sent(
    api: pyWATS, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.inject("POST", "*", Fault.status(200, body=body))
    folder = SoftwareEntity(id=UUID(UNKNOWN), name="bin")
    assert api.software.create_package_folder(UNKNOWN, folder) is folder
    assert api.software.update_package_folder(folder) is folder
    made = api.software.create_virtual_folder("Line 1", UNKNOWN)
    assert (made.id, made.name, made.parent_id) == (None, "Line 1", UUID(UNKNOWN))


def test_a_virtual_folder_keeps_what_is_not_changed(api: pyWATS, sandbox: Sandbox) -> None:
    received = {
        "VirtualFolderId": "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A",
        "ParentVirtualFolderId": None,
        "Name": "Line 1",
        "Description": "d",
        "Type": 99,
        "VirtualFolders": [{"VirtualFolderId": UNKNOWN, "Name": "x", "Future": 1}],
        "Future": None,
    }
    body = json.dumps(received).encode()
    sandbox.inject("GET", "*", Fault.status(200, body=body))
    sandbox.inject("PUT", "*", Fault.status(204, body=b""))
    folder_id = str(received["VirtualFolderId"])
    same = api.software.update_virtual_folder(folder_id)
    assert json.loads(sandbox.requests[-1].body) == received
    assert (str(same.id), same.type) == (folder_id, 99)
    changed = api.software.update_virtual_folder(folder_id, "L", UUID(UNKNOWN), "", True)
    assert json.loads(sandbox.requests[-1].body) == received | {
        "ParentVirtualFolderId": UNKNOWN,
        "Name": "L",
        "Description": "",
        "Type": 3,
    }
    assert (changed.name, changed.parent_id) == ("L", UUID(UNKNOWN))
    api.software.update_virtual_folder(folder_id, is_restricted=False)
    assert json.loads(sandbox.requests[-1].body) == received | {"Type": 1}


def test_a_virtual_folder_that_is_in_use_cannot_be_deleted(api: pyWATS) -> None:
    top = api.software.create_virtual_folder("Line 1")
    below = api.software.create_virtual_folder("ICT", top.id)
    assert top.id is not None
    assert below.id is not None
    package = api.software.create_package("P", virtual_folder_id=below.id)
    for folder_id in (top.id, below.id):
        with pytest.raises(ConflictError, match="cannot be deleted"):
            api.software.delete_virtual_folder(folder_id)
    with pytest.raises(BadRequestError, match="cannot be below itself"):
        api.software.update_virtual_folder(top.id, parent_id=below.id)
    with pytest.raises(BadRequestError, match=f"Virtual folder {UNKNOWN} does not exist"):
        api.software.create_package("P", virtual_folder_id=UNKNOWN)
    with pytest.raises(BadRequestError, match=f"Virtual folder {UNKNOWN} does not exist"):
        api.software.create_virtual_folder("P", UNKNOWN)
    api.software.delete_package(package_id_of(package))
    api.software.delete_virtual_folder(below.id)
    api.software.delete_virtual_folder(top.id)
    assert api.software.get_virtual_folders() == []


def test_packages_that_were_deleted_count_as_revoked_and_have_no_update(api: pyWATS) -> None:
    assert api.software.get_revoked_packages([UNKNOWN]) == [UUID(UNKNOWN)]
    assert api.software.get_revoked_packages([UNKNOWN], include_revoked_only=True) == [
        UUID(UNKNOWN)
    ]
    assert api.software.get_available_packages([UNKNOWN]) == []


def test_the_newest_installed_version_decides_whether_there_is_an_update(api: pyWATS) -> None:
    ids = []
    for _ in range(2):
        package_id = package_id_of(api.software.create_package("ICT"))
        api.software.submit_for_review(package_id)
        api.software.release_package(package_id)
        ids.append(package_id)
    api.software.create_package("ICT")
    assert [each.version for each in api.software.get_available_packages(ids[:1])] == [2]
    assert api.software.get_available_packages(ids) == []
    assert api.software.get_revoked_packages(ids) == []


def test_the_log_of_a_download_is_not_written_twice(
    sandbox: Sandbox, connect: Callable[..., pyWATS]
) -> None:
    api = connect(sync_config=SyncConfig(retry_enabled=True))
    package_id = package_id_of(api.software.create_package("ICT"))
    sandbox.inject("GET", "/api/internal/Software/Log", Fault.close(executed=True))
    with pytest.raises(WATSConnectionError) as caught:
        api.software.log_download(package_id, 5)
    assert caught.value.may_have_been_executed
    history = api.software.get_package_download_history(1)
    assert json.dumps(history).count('"DownloadSize": 5') == 1
    assert api.software.get_package_download_history(2) == []


@pytest.mark.parametrize(
    ("body", "connected"), [(b"true", True), (b"", True), (b'"ok"', True), (b"false", False)]
)
def test_the_software_api_is_there_unless_it_says_otherwise(
    api: pyWATS, sandbox: Sandbox, body: bytes, *, connected: bool
) -> None:
    sandbox.inject("GET", "/api/internal/Software/isConnected", Fault.status(200, body=body))
    assert api.software.is_connected() is connected


def test_an_error_of_the_server_is_no_answer_to_is_connected(api: pyWATS, sandbox: Sandbox) -> None:
    sandbox.inject("GET", "/api/internal/Software/isConnected", Fault.status(403))
    with pytest.raises(WATSStatusError) as caught:
        api.software.is_connected()
    assert caught.value.status == 403
