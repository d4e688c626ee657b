"""The software endpoints of the sandbox in the internal API."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from starlette.responses import Response

from pywats.models import DistributedVirtualFolder, PackageStatus, SoftwareEntity, VirtualFolder
from pywats.sandbox.requests import ROW, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response, required_text, segment
from pywats.sandbox.software.package_rows import entity_rows, file_row, folder_entity, internal_row
from pywats.sandbox.software.package_tags import tag_test
from pywats.sandbox.software.query import flag, number, required_number, uuid_key, uuid_keys
from pywats.sandbox.software.store import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.software.package_contents import StoredFile
    from pywats.sandbox.software.store import SoftwareStore

__all__ = ["CLIENT", "internal_software_routes"]

CLIENT = 1
"""The number of the one client that the sandbox has."""

_SOFTWARE = "/api/internal/Software"
_DISTRIBUTION = "/api/internal/Distribution"
_ENTITY = TypeAdapter(SoftwareEntity)
_FOLDER = TypeAdapter(VirtualFolder)
_IDS = TypeAdapter(list[str])
_DISTRIBUTED = TypeAdapter(DistributedVirtualFolder)


def internal_software_routes(store: SoftwareStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    stations, files, folders = _StationApi(store), _FileApi(store), _FolderApi(store)
    return [
        route("GET", f"{_SOFTWARE}/isConnected", stations.is_connected),
        route("GET", f"{_SOFTWARE}/GetPackage", stations.get_package),
        route("GET", f"{_SOFTWARE}/GetPackagesByTag", stations.get_packages_by_tag),
        route("GET", f"{_SOFTWARE}/GetPackageHistory", stations.get_history),
        route("GET", f"{_SOFTWARE}/GetAvailablePackages", stations.get_available),
        route("GET", f"{_SOFTWARE}/GetRevokedPackages", stations.get_revoked),
        route("GET", f"{_SOFTWARE}/Log", stations.log),
        route("GET", f"{_SOFTWARE}/GetPackageDownloadHistory", stations.get_downloads),
        route("GET", f"{_SOFTWARE}/File/{{id}}", files.get_file),
        route("GET", f"{_SOFTWARE}/DownloadFile", files.download),
        route("GET", f"{_SOFTWARE}/CheckFile", files.check),
        route("POST", f"{_SOFTWARE}/DeletePackageFolderFiles", files.delete),
        route("GET", f"{_SOFTWARE}/GetSoftwareEntityDetails", files.get_entities),
        route("POST", f"{_SOFTWARE}/PostPackageFolder", files.post_folder),
        route("POST", f"{_SOFTWARE}/UpdatePackageFolder", files.update_folder),
        route("POST", f"{_SOFTWARE}/DeletePackageFolder", files.delete_folder),
        route("POST", "/api/internal/Mes/PostVirtualFolder", folders.post),
        route("GET", f"{_DISTRIBUTION}/VirtualFolders/{{id}}", folders.get),
        route("PUT", f"{_DISTRIBUTION}/VirtualFolder", folders.put),
        route("DELETE", f"{_DISTRIBUTION}/Multi/VirtualFolders", folders.delete),
    ]


class _StationApi:
    """Operations of stations."""

    def __init__(self, store: SoftwareStore) -> None:
        self._store = store

    async def is_connected(self, _: Request) -> Response:
        return json_response(value=True)

    async def get_package(self, request: Request) -> Response:
        package = self._store.package(_query_id(request, "packageId"))
        return json_response(self._rows([package])[0])

    async def get_packages_by_tag(self, request: Request) -> Response:
        test = _search(request, status=required_number(request, "status"))
        return json_response(self._rows(self._store.packages(test)))

    async def get_history(self, request: Request) -> Response:
        found = self._store.packages(_search(request, status=number(request, "status")))
        if not flag(request, "allVersions"):
            newest = {str(row["name"]): row for row in sorted(found, key=version_of)}
            found = [row for row in found if row is newest[str(row["name"])]]
        return json_response(self._rows(found))

    async def get_available(self, request: Request) -> Response:
        installed = uuid_keys(required_query(request, "installedPackages"))
        return json_response(self._rows(self._store.newer(installed)))

    async def get_revoked(self, request: Request) -> Response:
        installed = uuid_keys(required_query(request, "installedPackages"))
        without_successor = flag(request, "includeRevokedOnly")
        return json_response(self._store.gone(installed, without_successor=without_successor))

    async def log(self, request: Request) -> Response:
        size = required_number(request, "downloadSize")
        self._store.log_download(_query_id(request, "packageId"), size)
        return Response()

    async def get_downloads(self, request: Request) -> Response:
        known = required_number(request, "clientId") == CLIENT
        return json_response(self._store.downloads() if known else [])

    def _rows(self, packages: Iterable[Row]) -> list[Row]:
        with self._store.lock:
            return [
                internal_row(
                    row,
                    self._store.contents,
                    restricted=self._store.folders.is_restricted(row["virtualFolderId"]),
                )
                for row in packages
            ]


class _FileApi:
    """Folders and files of packages."""

    def __init__(self, store: SoftwareStore) -> None:
        self._store = store
        self._contents = store.contents

    async def get_file(self, request: Request) -> Response:
        with self._store.lock:
            return json_response(file_row(self._contents.file(uuid_key(segment(request, "id")))))

    async def download(self, request: Request) -> Response:
        with self._store.lock:
            file = self._contents.stored(_query_id(request, "repositoryFolderFileId"))
        return Response(file.content, media_type="application/octet-stream")

    async def check(self, request: Request) -> Response:
        package_id = _query_id(request, "packageId")
        path = required_query(request, "filePath")
        checksum = required_query(request, "checksum").lower()
        required_number(request, "fileDateEpoch")
        with self._store.lock:
            parent = self._contents.folder(_query_id(request, "parentFolderId"))
            if parent.package_id != package_id:
                raise ApiError(404, f"The folder does not exist in package {package_id}.")
            wanted = f"{self._contents.path(parent)}/{path}"
            same = [
                file.file_id
                for folder in self._contents.all_folders(package_id)
                for file in self._contents.files(folder.folder_id)
                if f"{self._contents.path(folder)}/{file.name}" == wanted
                and checksum in _checksums(file)
            ]
        return json_response({"Exists": bool(same), "PackageFolderFileId": next(iter(same), None)})

    async def delete(self, request: Request) -> Response:
        file_ids = uuid_keys(required_query(request, "packageFolderFileIds"))
        with self._store.lock:
            for file in [self._contents.file(file_id) for file_id in file_ids]:
                self._store.draft(self._contents.folder(file.folder_id).package_id)
            for file_id in file_ids:
                self._contents.delete_file(file_id)
        return Response()

    async def get_entities(self, request: Request) -> Response:
        with self._store.lock:
            package = self._store.package(_query_id(request, "packageId"))
            return json_response(entity_rows(str(package["packageId"]), self._contents))

    async def post_folder(self, request: Request) -> Response:
        sent = await _entity(request)
        with self._store.lock:
            package_id = self._store.draft(_query_id(request, "packageId"))
            name = required_text(sent, "name")
            folder = self._contents.add_folder(package_id, name, _parent(sent, None))
            return json_response(folder_entity(folder))

    async def update_folder(self, request: Request) -> Response:
        sent = await _entity(request)
        with self._store.lock:
            folder = self._contents.folder(uuid_key(required_text(sent, "id")))
            self._store.draft(folder.package_id)
            name = required_text({"name": folder.name} | sent, "name")
            self._contents.change_folder(folder, name, _parent(sent, folder.parent_id))
            return json_response(folder_entity(folder))

    async def delete_folder(self, request: Request) -> Response:
        with self._store.lock:
            folder = self._contents.folder(_query_id(request, "packageFolderId"))
            self._store.draft(folder.package_id)
            self._contents.delete_folder(folder.folder_id)
        return Response()


class _FolderApi:
    """Virtual folders."""

    def __init__(self, store: SoftwareStore) -> None:
        self._store = store

    async def post(self, request: Request) -> Response:
        await json_body(request, _FOLDER)
        return json_response(self._store.folders.add(await json_body(request, ROW)))

    async def get(self, request: Request) -> Response:
        return json_response(self._store.folders.distributed(uuid_key(segment(request, "id"))))

    async def put(self, request: Request) -> Response:
        await json_body(request, _DISTRIBUTED)
        return json_response(self._store.folders.put(await json_body(request, ROW)))

    async def delete(self, request: Request) -> Response:
        folder_ids = [uuid_key(each) for each in await json_body(request, _IDS)]
        self._store.delete_virtual_folders(folder_ids)
        return Response()


def _query_id(request: Request, name: str) -> str:
    return uuid_key(required_query(request, name))


async def _entity(request: Request) -> Row:
    await json_body(request, _ENTITY)
    return await json_body(request, ROW)


def _parent(sent: Row, known: str | None) -> str | None:
    parent = sent.get("parentId", known)
    return None if parent is None else uuid_key(str(parent))


def _search(request: Request, *, status: int | None) -> Callable[[Row], bool]:
    matches = tag_test(required_query(request, "tags"))
    return lambda row: matches(row) and status in {None, PackageStatus(str(row["status"])).number}


def _checksums(file: StoredFile) -> set[str]:
    return {
        hashlib.new(kind, file.content, usedforsecurity=False).hexdigest()
        for kind in ("md5", "sha1")
    }
