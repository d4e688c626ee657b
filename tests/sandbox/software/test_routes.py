"""Software endpoints of the sandbox: requests that pywats itself would not send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.services.scenarios.software import zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox import Sandbox

PUBLIC = "/api/Software"
INTERNAL = "/api/internal/Software"
FOLDERS = "/api/internal/Distribution/VirtualFolder"
UNKNOWN = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth) as made:
        yield made


@pytest.fixture
def package(client: httpx.Client) -> str:
    return str(client.post(f"{PUBLIC}/Package", json={"name": "ICT"}).json()["packageId"])


def message(response: httpx.Response, status: int) -> str:
    assert response.status_code == status
    return str(response.json()["Message"])


def upload(client: httpx.Client, package: str, files: dict[str, bytes]) -> httpx.Response:
    form = {"file": ("p.zip", zipped(files), "application/zip")}
    return client.post(f"{PUBLIC}/Package/UploadZip/{package}", files=form)


def folder(client: httpx.Client, package: str, **fields: object) -> httpx.Response:
    return client.post(f"{INTERNAL}/PostPackageFolder?packageId={package}", json=fields)


@pytest.mark.parametrize(
    ("method", "target", "text"),
    [
        ("GET", f"{PUBLIC}/Package/x", "The value 'x' is not valid for an id."),
        ("GET", f"{PUBLIC}/PackageByName?name=A", "The status parameter is required."),
        ("GET", f"{PUBLIC}/PackageByName?status=Draft", "The name parameter is required."),
        (
            "GET",
            f"{PUBLIC}/PackageByName?name=A&status=New",
            "The value 'New' is not valid for status.",
        ),
        (
            "GET",
            f"{PUBLIC}/PackageByName?name=A&status=Draft&version=x",
            "The value 'x' is not valid for version.",
        ),
        (
            "GET",
            f"{PUBLIC}/PackagesByTag?tag=A&status=Draft",
            "The tag parameter must be of the form name=value.",
        ),
        ("DELETE", f"{PUBLIC}/PackageByName?name=A", "The version parameter is required."),
        ("POST", f"{PUBLIC}/PackageStatus/{UNKNOWN}", "The status parameter is required."),
        ("POST", f"{PUBLIC}/Package/FileAttribute/x", "The attribute parameter is required."),
        ("GET", f"{INTERNAL}/GetPackage", "The packageId parameter is required."),
        ("GET", f"{INTERNAL}/GetPackagesByTag?tags=//*", "The status parameter is required."),
        (
            "GET",
            f"{INTERNAL}/GetPackageHistory?tags=//*[last()]",
            """The sandbox understands tags like //*[Name[.="value"]], not //*[last()]""",
        ),
        (
            "GET",
            f"{INTERNAL}/GetAvailablePackages?installedPackages={UNKNOWN},",
            "The value '' is not valid for an id.",
        ),
        (
            "GET",
            f"{INTERNAL}/Log?packageId={UNKNOWN}",
            "The downloadSize parameter is required.",
        ),
    ],
)
def test_what_a_query_lacks_or_has_wrong_is_said(
    client: httpx.Client, method: str, target: str, text: str
) -> None:
    assert message(client.request(method, target), 400) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "The name field is required."),
        ({"name": "A", "version": "x"}, "The request is invalid."),
        ({"name": "A", "tags": [{"key": "a b"}]}, "tags are invalid: tag name 'a b'"),
        ({"name": "A", "virtualFolderId": UNKNOWN}, f"Virtual folder {UNKNOWN} does not exist."),
    ],
)
def test_a_package_that_is_not_well_formed_is_refused(
    client: httpx.Client, body: dict[str, object], text: str
) -> None:
    assert message(client.post(f"{PUBLIC}/Package", json=body), 400).startswith(text)
    assert client.get(f"{PUBLIC}/Packages").json() == []


def test_a_package_cannot_take_the_name_and_version_of_another(
    client: httpx.Client, package: str
) -> None:
    other = client.post(f"{PUBLIC}/Package", json={"name": "FCT"}).json()
    response = client.put(f"{PUBLIC}/Package/{package}", json={"name": "FCT"})
    assert message(response, 409) == "Package 'FCT' has that version already."
    response = client.put(f"{PUBLIC}/Package/{package}", json={"name": "", "status": "Pending"})
    assert message(response, 400) == "The name field is required."
    response = client.put(f"{PUBLIC}/Package/{other['packageId']}", json={"status": "Revoked"})
    assert message(response, 409) == "A Draft package cannot become Revoked."
    assert client.get(f"{PUBLIC}/Package/{package}").json()["status"] == "Draft"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"content": zipped({"a/b": b""})}, "The request must be multipart/form-data."),
        ({"data": {"file": "x"}}, "The request must be multipart/form-data."),
        (
            {
                "files": [
                    ("a", ("a.zip", b"x", "application/zip")),
                    ("b", ("b.zip", b"x", "application/zip")),
                ]
            },
            "The form must hold one file.",
        ),
        (
            {"files": {"a": ("a.zip", b"x", "text/plain")}},
            "The file must have the content type application/zip.",
        ),
        (
            {"files": {"a": ("a.zip", b"x", "application/zip")}},
            "The zip file is invalid: File is not a zip file",
        ),
        (
            {"files": {"a": ("a.zip", zipped({"b.txt": b""}), "application/zip")}},
            "'b.txt' must be in a folder of the zip file.",
        ),
        (
            {"files": {"a": ("a.zip", zipped({"b/../c.txt": b""}), "application/zip")}},
            "'b/../c.txt' must be in a folder of the zip file.",
        ),
        (
            {"files": {"a": ("a.zip", zipped({"b\\..\\..\\c/d.txt": b""}), "application/zip")}},
            "'b\\..\\..\\c/d.txt' must be in a folder of the zip file.",
        ),
        (
            {"files": {"a": ("a.zip", zipped({"C:/b/c.txt": b""}), "application/zip")}},
            "'C:/b/c.txt' must be in a folder of the zip file.",
        ),
        (
            {"files": {"a": ("a.zip", zipped({"./": b""}), "application/zip")}},
            "'./' must be in a folder of the zip file.",
        ),
    ],
)
def test_an_upload_that_cannot_be_unpacked_is_refused(
    client: httpx.Client, package: str, form: dict[str, Any], text: str
) -> None:
    assert upload(client, package, {"bin/a.txt": b"1"}).status_code == 200
    target = f"{PUBLIC}/Package/UploadZip/{package}?cleanInstall=true"
    assert message(client.post(target, **form), 400) == text
    assert len(client.get(f"{PUBLIC}/PackageFiles/{package}").json()) == 1


def test_the_content_of_a_file_is_what_was_packed(client: httpx.Client, package: str) -> None:
    content = bytes(range(256)) + b"\r\n--\r\n\r\n\n\r"
    upload(client, package, {"bin/a.bin": content})
    (made,) = client.get(f"{INTERNAL}/GetPackage?packageId={package}").json()["PackageFolders"]
    (file,) = made["PackageFolderFiles"]
    stored = file["RepositoryFolderFileId"]
    response = client.get(f"{INTERNAL}/DownloadFile?repositoryFolderFileId={stored}")
    assert response.content == content
    assert file["RepositoryFolderFile"]["FileModifiedDate"] == "1980-01-01T00:00:00Z"


def test_folders_and_files_are_listed_for_administrators(
    client: httpx.Client, package: str
) -> None:
    upload(client, package, {"bin/": b"", "bin/a.txt": b"12"})
    details = client.get(f"{INTERNAL}/GetSoftwareEntityDetails?packageId={package}").json()
    assert [(each["type"], each["name"], each.get("fileSize")) for each in details] == [
        (1, "bin", None),
        (0, "a.txt", 2),
    ]
    assert details[1]["parentId"] == details[0]["id"]


def test_an_attribute_that_is_not_known_is_refused(client: httpx.Client, package: str) -> None:
    upload(client, package, {"bin/a.txt": b"1"})
    (file,) = client.get(f"{PUBLIC}/PackageFiles/{package}").json()
    target = f"{PUBLIC}/Package/FileAttribute/{file['packageFileId']}?attribute=Run"
    assert message(client.post(target), 400) == "The value 'Run' is not valid for attribute."
    assert client.get(f"{PUBLIC}/PackageFiles/{package}").json() == [file]


def test_folders_keep_their_place_among_the_others(client: httpx.Client, package: str) -> None:
    top = folder(client, package, name="a").json()
    below = folder(client, package, name="b", parentId=top["id"]).json()
    assert message(folder(client, package, name="a"), 409) == "There is a folder 'a' already."
    assert message(folder(client, package), 400) == "The name field is required."
    assert folder(client, package, name="c", parentId=UNKNOWN).status_code == 404
    other = client.post(f"{PUBLIC}/Package", json={"name": "FCT"}).json()["packageId"]
    response = folder(client, other, name="c", parentId=top["id"])
    assert message(response, 404) == f"Folder {top['id']} does not exist in package {other}."
    update = f"{INTERNAL}/UpdatePackageFolder"
    response = client.post(update, json={"id": top["id"], "parentId": below["id"]})
    assert message(response, 400) == f"Folder {top['id']} cannot be below itself."
    assert client.post(update, json=below).json() == below
    response = client.post(update, json={"id": below["id"], "parentId": None, "name": "c"})
    assert (response.json()["parentId"], response.json()["name"]) == (None, "c")
    details = client.get(f"{INTERNAL}/GetSoftwareEntityDetails?packageId={package}").json()
    assert [each["name"] for each in details] == ["a", "c"]


def test_a_file_is_found_by_path_and_checksum(client: httpx.Client, package: str) -> None:
    upload(client, package, {"bin/sub/a.txt": b"one"})
    (made,) = client.get(f"{INTERNAL}/GetPackage?packageId={package}").json()["PackageFolders"]
    query = {
        "packageId": package,
        "parentFolderId": made["PackageFolderId"],
        "filePath": "sub/a.txt",
        "checksum": "FE05BCDCDC4928012781A5F1A2A77CBB5398E106",
        "fileDateEpoch": "0",
    }

    def exists(**changes: str) -> object:
        response = client.get(f"{INTERNAL}/CheckFile", params=query | changes)
        return response.json().get("Exists", response.status_code)

    assert exists() is True
    assert exists(filePath="a.txt") is False
    assert exists(checksum="0") is False
    assert exists(packageId=UNKNOWN) == 404


@pytest.mark.parametrize("xpath", ["//*", '//*[A[.="1"]] [B[.="2" or .="Any"]] ', "//*[A='1']"])
def test_packages_are_found_by_the_expressions_of_the_vendors_own_client(
    client: httpx.Client, xpath: str
) -> None:
    tags = [{"key": "A", "value": "1"}, {"key": "B", "value": "Any"}]
    client.post(f"{PUBLIC}/Package", json={"name": "ICT", "tags": tags})
    response = client.get(f"{INTERNAL}/GetPackagesByTag", params={"tags": xpath, "status": "0"})
    assert [each["Name"] for each in response.json()] == ["ICT"]
    response = client.get(f"{INTERNAL}/GetPackagesByTag", params={"tags": xpath, "status": "1"})
    assert response.json() == []


def test_a_virtual_folder_may_come_from_another_server(client: httpx.Client) -> None:
    made = {"VirtualFolderId": UNKNOWN, "Name": "Line 1", "Type": 1}
    response = client.put(FOLDERS, json=made)
    assert response.json() == made | {
        "ParentVirtualFolderId": None,
        "Description": None,
        "VirtualFolders": [],
    }
    assert client.put(FOLDERS, json=made | {"Type": 0}).json()["Type"] == 0
    assert client.get(f"{PUBLIC}/VirtualFolders").json() == []
    assert message(client.put(FOLDERS, json={"Name": "x"}), 400) == (
        "The VirtualFolderId field is required."
    )
    below = {"name": "b", "parentId": UNKNOWN}
    response = client.post("/api/internal/Mes/PostVirtualFolder", json=below)
    ids = [response.json()["id"], UNKNOWN]
    several = "/api/internal/Distribution/Multi/VirtualFolders"
    assert client.request("DELETE", several, json=ids[1:]).status_code == 409
    assert client.request("DELETE", several, json=ids).status_code == 200
    assert client.get(f"{FOLDERS}s/{UNKNOWN}").status_code == 404
