"""The software endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from starlette.responses import Response

from pywats.models import Package
from pywats.sandbox.multipart import form_file
from pywats.sandbox.requests import ROW, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response, segment
from pywats.sandbox.software.internal_routes import internal_software_routes
from pywats.sandbox.software.package_rows import public_file_row
from pywats.sandbox.software.package_tags import has_tag
from pywats.sandbox.software.query import flag, number, required_number, user_of, uuid_key
from pywats.sandbox.software.store import checked_status

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from pywats.sandbox.software.store import SoftwareStore

__all__ = ["software_routes"]

_PACKAGE = TypeAdapter(Package)
_PATH = "/api/Software"


def software_routes(store: SoftwareStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    api = _PublicApi(store)
    return [
        route("GET", f"{_PATH}/Packages", api.get_packages),
        route("GET", f"{_PATH}/PackagesByTag", api.get_packages_by_tag),
        route("GET", f"{_PATH}/PackageByName", api.get_package_by_name),
        route("DELETE", f"{_PATH}/PackageByName", api.delete_package_by_name),
        route("POST", f"{_PATH}/Package", api.post_package),
        route("GET", f"{_PATH}/Package/{{id}}", api.get_package),
        route("PUT", f"{_PATH}/Package/{{id}}", api.put_package),
        route("DELETE", f"{_PATH}/Package/{{id}}", api.delete_package),
        route("POST", f"{_PATH}/PackageStatus/{{id}}", api.post_status),
        route("GET", f"{_PATH}/PackageFiles/{{id}}", api.get_files),
        route("POST", f"{_PATH}/Package/UploadZip/{{id}}", api.upload_zip),
        route("POST", f"{_PATH}/Package/FileAttribute/{{id}}", api.post_attribute),
        route("GET", f"{_PATH}/VirtualFolders", api.get_virtual_folders),
        *internal_software_routes(store),
    ]


class _PublicApi:
    """The public software API."""

    def __init__(self, store: SoftwareStore) -> None:
        self._store = store

    async def get_packages(self, _: Request) -> Response:
        return json_response(self._store.packages())

    async def get_packages_by_tag(self, request: Request) -> Response:
        name, equals, value = required_query(request, "tag").partition("=")
        if not equals:
            raise ApiError(400, "The tag parameter must be of the form name=value.")
        status = checked_status(required_query(request, "status"))
        found = self._store.packages(
            lambda row: row["status"] == status and has_tag(row, name, value)
        )
        return json_response(found)

    async def get_package_by_name(self, request: Request) -> Response:
        name = required_query(request, "name")
        status = checked_status(required_query(request, "status"))
        return json_response(self._store.named(name, status, number(request, "version")))

    async def delete_package_by_name(self, request: Request) -> Response:
        name = required_query(request, "name")
        found = self._store.named(name, None, required_number(request, "version"))
        self._store.delete(str(found["packageId"]))
        return Response(status_code=204)

    async def post_package(self, request: Request) -> Response:
        return json_response(self._store.create(await _package(request), user_of(request)))

    async def get_package(self, request: Request) -> Response:
        return json_response(self._store.package(_id(request)))

    async def put_package(self, request: Request) -> Response:
        sent = await _package(request)
        return json_response(self._store.save(_id(request), sent, user_of(request)))

    async def delete_package(self, request: Request) -> Response:
        self._store.delete(_id(request))
        return Response(status_code=204)

    async def post_status(self, request: Request) -> Response:
        status = required_query(request, "status")
        return json_response(self._store.set_status(_id(request), status, user_of(request)))

    async def get_files(self, request: Request) -> Response:
        contents = self._store.contents
        with self._store.lock:
            package_id = str(self._store.package(_id(request))["packageId"])
            return json_response(
                [
                    public_file_row(file, contents.path(folder))
                    for folder in contents.all_folders(package_id)
                    for file in contents.files(folder.folder_id)
                ]
            )

    async def upload_zip(self, request: Request) -> Response:
        content_type = request.headers.get("content-type", "")
        file = form_file(content_type, await request.body())
        if file.media_type != "application/zip":
            raise ApiError(400, "The file must have the content type application/zip.")
        with self._store.lock:
            package_id = self._store.draft(_id(request))
            self._store.contents.unpack(
                package_id, file.content, clean=flag(request, "cleanInstall")
            )
        return Response()

    async def post_attribute(self, request: Request) -> Response:
        attribute = required_query(request, "attribute")
        contents = self._store.contents
        with self._store.lock:
            file = contents.file(_id(request))
            self._store.draft(contents.folder(file.folder_id).package_id)
            contents.add_attribute(file.file_id, attribute)
        return Response()

    async def get_virtual_folders(self, _: Request) -> Response:
        return json_response(self._store.folders.public_rows())


def _id(request: Request) -> str:
    return uuid_key(segment(request, "id"))


async def _package(request: Request) -> Row:
    await json_body(request, _PACKAGE)
    return await json_body(request, ROW)
