"""Files of tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import TypeAdapter

from pywats.http.multipart import multipart_file
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.calls import Calls
from pywats.services.uploads import telling

if TYPE_CHECKING:
    from pywats.progress import Progress

__all__ = ["Attachments"]

_ID = TypeAdapter(UUID)
_PATH = "/api/RootCause/Attachment"


class Attachments(Calls):
    """The methods on files of tickets."""

    async def get_attachment(self, attachment_id: UUID | str, filename: str | None = None) -> bytes:
        """Get a file (GET /api/RootCause/Attachment).

        Args:
            attachment_id: Id of the file.
            filename: File name for the headers of the response; it does not change the file.

        Returns:
            The bytes of the file.

        Raises:
            NotFoundError: The server does not know the file.
        """
        query = {
            "attachmentId": arguments.uuid_text("attachment_id", attachment_id),
            "fileName": arguments.optional_text("filename", filename),
        }
        return await self._bytes(Request(method="GET", template=_PATH, query=query, accept="*/*"))

    async def upload_attachment(
        self, file_content: bytes, filename: str, *, progress: Progress = False
    ) -> UUID:
        """Upload a file (POST /api/RootCause/Attachment).

        The file does not belong to a ticket yet: name it in ``add_comment``, or in the update of a
        ticket that is saved.

        Args:
            file_content: The bytes of the file.
            filename: Name of the file.
            progress: True shows the number of bytes sent; a function is called after each 64 KiB
                with this number and the total. A retry begins at 0 again. An exception of the
                function ends the upload.

        Returns:
            The id of the file.

        Raises:
            BadRequestError: The server does not accept it.
        """
        content, content_type = multipart_file(
            "file",
            arguments.text("filename", filename),
            arguments.content("file_content", file_content),
        )
        request = Request(method="POST", template=_PATH, content=content, content_type=content_type)
        with telling(request, progress) as told:
            return await self._one(told, _ID)
