"""Files of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.uploads import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from pywats.progress import Progress

__all__ = ["Files"]

_BLOB = "/api/internal/Blob"
_NAMES = TypeAdapter(list[str])


class Files(Calls):
    """The methods on files of assets."""

    async def upload_file(
        self, asset_id: str, filename: str, content: bytes, *, progress: Progress = False
    ) -> JsonValue:
        """Add a file to an asset (POST /api/internal/Blob/Asset).

        Args:
            asset_id: Id of the asset.
            filename: Name of the file, which no other file of the asset has.
            content: The bytes of the file, at least one.
            progress: True shows the number of bytes sent; a function is called after each 64 KiB
                with this number and the total. A retry begins at 0 again. An exception of the
                function ends the upload.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="POST",
            template=f"{_BLOB}/Asset",
            query=_file(asset_id, filename),
            content=arguments.content("content", content),
            content_type="application/octet-stream",
        )
        with telling(request, progress) as told:
            return await self._undeclared(told)

    async def download_file(self, asset_id: str, filename: str) -> bytes:
        """Get a file of an asset (GET /api/internal/Blob/Asset).

        Args:
            asset_id: Id of the asset.
            filename: Name of the file.

        Returns:
            The bytes of the file.

        Raises:
            NotFoundError: The server does not know the asset or file.
        """
        request = Request(
            method="GET",
            template=f"{_BLOB}/Asset",
            query=_file(asset_id, filename),
            accept="*/*",
        )
        return await self._bytes(request)

    async def list_files(self, asset_id: str) -> list[str]:
        """List the files of an asset (GET /api/internal/Blob/Asset/List/{assetId}).

        Args:
            asset_id: Id of the asset.

        Returns:
            The names of the files in the order of the server.

        Raises:
            NotFoundError: The server does not know the asset.
        """
        request = Request(
            method="GET",
            template=f"{_BLOB}/Asset/List/{{assetId}}",
            path={"assetId": arguments.text("asset_id", asset_id)},
        )
        return await self._list(request, _NAMES)

    async def delete_files(self, asset_id: str, filenames: Iterable[str]) -> JsonValue:
        """Delete files of an asset (DELETE /api/internal/Blob/Assets).

        Args:
            asset_id: Id of the asset.
            filenames: Names of the files, one or more.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the asset.
        """
        names = arguments.instances("filenames", filenames, str)
        request = Request(
            method="DELETE",
            template=f"{_BLOB}/Assets",
            query={"assetId": arguments.text("asset_id", asset_id)},
            content=_NAMES.dump_json([arguments.text("filenames", name) for name in names]),
        )
        return await self._undeclared(request)


def _file(asset_id: str, filename: str) -> dict[str, str]:
    return {
        "assetId": arguments.text("asset_id", asset_id),
        "filename": arguments.text("filename", filename),
    }
