"""Files of packages: list, upload, download, and their attributes on installation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pywats import models, validation
from pywats.http.multipart import multipart_file
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls
from pywats.services.software.archive import zip_archive
from pywats.services.uploads import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from pywats.models import FileAttribute, PackageFile
    from pywats.progress import Progress

__all__ = ["Files"]

_FILES = adapter(lambda: list[models.PackageFile])
_INTERNAL = "/api/internal/Software"


class Files(Calls):
    """The methods on files of packages."""

    async def get_package_files(self, package_id: UUID | str) -> list[PackageFile]:
        """List the files of a package (GET /api/Software/PackageFiles/{id}).

        Args:
            package_id: Id of the package.

        Returns:
            The files in the order of the server, without their content.

        Raises:
            NotFoundError: The server does not know the package.
        """
        request = Request(
            method="GET",
            template="/api/Software/PackageFiles/{id}",
            path={"id": arguments.uuid_text("package_id", package_id)},
        )
        return await self._list(request, _FILES())

    async def upload_zip(
        self,
        package_id: UUID | str,
        zip_content: bytes,
        clean_install: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        *,
        progress: Progress = False,
    ) -> JsonValue:
        """Unpack a zip archive into a draft (POST /api/Software/Package/UploadZip/{id}).

        Args:
            package_id: Id of the package.
            zip_content: The bytes of the archive. All its files must be in folders.
            clean_install: True to delete all files and folders of the package first, False to
                add to them and overwrite files of the same name.
            progress: True shows the number of bytes sent; a function is called after each 64 KiB
                with this number and the total. A retry begins at 0 again. An exception of the
                function ends the upload.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: The bytes are not a zip archive that the server can unpack.
            NotFoundError: The server does not know the package.
            WATSStatusError: The package is not a draft.
        """
        path = {"id": arguments.uuid_text("package_id", package_id)}
        validation.boolean("clean_install", clean_install)
        archive = zip_archive("zip_content", zip_content)
        content, content_type = multipart_file("file", "package.zip", archive, "application/zip")
        request = Request(
            method="POST",
            template="/api/Software/Package/UploadZip/{id}",
            path=path,
            query={"cleanInstall": clean_install},
            content=content,
            content_type=content_type,
        )
        with telling(request, progress) as told:
            return await self._undeclared(told)

    async def update_file_attribute(
        self, file_id: UUID | str, attribute: FileAttribute | str
    ) -> JsonValue:
        """Add an attribute to a file (POST /api/Software/Package/FileAttribute/{id}).

        Args:
            file_id: Id of the file, ``package_file_id`` of `get_package_files`.
            attribute: What to do with the file on installation.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ValueError: The attribute does not exist.
            NotFoundError: The server does not know the file.
        """
        request = Request(
            method="POST",
            template="/api/Software/Package/FileAttribute/{id}",
            path={"id": arguments.text("file_id", _text_of(file_id))},
            query={"attribute": _attribute_of(attribute)},
        )
        return await self._undeclared(request)

    async def get_file(self, file_id: UUID | str) -> JsonValue:
        """Get the details of a file (GET /api/internal/Software/File/{id}).

        Args:
            file_id: Id of the file.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the file.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/File/{{id}}",
            path={"id": arguments.uuid_text("file_id", file_id)},
        )
        return await self._undeclared(request)

    async def download_package_file(self, repository_folder_file_id: UUID | str) -> bytes:
        """Get the content of a file (GET /api/internal/Software/DownloadFile).

        Args:
            repository_folder_file_id: Id of the file in the store of the server, see
                `get_package_full`.

        Returns:
            The bytes of the file.

        Raises:
            NotFoundError: The server does not know the file.
        """
        file_id = arguments.uuid_text("repository_folder_file_id", repository_folder_file_id)
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/DownloadFile",
            query={"repositoryFolderFileId": file_id},
            accept="*/*",
        )
        return await self._bytes(request)

    async def check_file(
        self,
        package_id: UUID | str,
        parent_folder_id: UUID | str,
        file_path: str,
        checksum: str,
        file_date_epoch: int,
    ) -> JsonValue:
        """Ask whether the server has a file already (GET /api/internal/Software/CheckFile).

        Args:
            package_id: Id of the package.
            parent_folder_id: Id of the folder that the path starts from.
            file_path: Path of the file below that folder, such as ``sub/file.txt``.
            checksum: MD5 or SHA-1 of the content, whichever the server is set to.
            file_date_epoch: When the file was last changed, as a Unix time; 0 or more. The API
                file does not say in which unit.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the package or folder.
        """
        request = Request(
            method="GET",
            template=f"{_INTERNAL}/CheckFile",
            query={
                "packageId": arguments.uuid_text("package_id", package_id),
                "parentFolderId": arguments.uuid_text("parent_folder_id", parent_folder_id),
                "filePath": arguments.text("file_path", file_path),
                "checksum": arguments.text("checksum", checksum),
                "fileDateEpoch": validation.whole_number("file_date_epoch", file_date_epoch, 0),
            },
        )
        return await self._undeclared(request)

    async def delete_package_folder_files(self, file_ids: Iterable[UUID | str]) -> JsonValue:
        """Delete files from a draft (POST /api/internal/Software/DeletePackageFolderFiles).

        Args:
            file_ids: Ids of the files in the package, one or more.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the file.
            WATSStatusError: The package is not a draft.
        """
        request = Request(
            method="POST",
            template=f"{_INTERNAL}/DeletePackageFolderFiles",
            query={"packageFolderFileIds": arguments.uuid_texts("file_ids", file_ids)},
        )
        return await self._undeclared(request)


def _text_of(file_id: object) -> object:
    return str(file_id) if isinstance(file_id, UUID) else file_id


def _attribute_of(attribute: object) -> FileAttribute:
    for each in models.FileAttribute:
        if isinstance(attribute, str) and attribute.lower() == each.lower():
            return each
    names = ", ".join(repr(str(each)) for each in models.FileAttribute)
    raise ValueError(f"attribute={attribute!r}: must be one of {names}")
