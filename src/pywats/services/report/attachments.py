"""Files of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["Attachments"]

_ANY = "*/*"


class Attachments(Calls):
    """The methods on files of reports."""

    async def get_attachment(
        self,
        report_id: UUID | str,
        *,
        attachment_id: UUID | str | None = None,
        step_id: int | None = None,
    ) -> bytes:
        """Get one file of a report (GET /api/Report/Attachment).

        Args:
            report_id: Id of the report.
            attachment_id: Id of the file; for repairs.
            step_id: Id of the step that has the file; for tests.

        Returns:
            The bytes of the file.

        Raises:
            ValueError: Both or none of ``attachment_id`` and ``step_id`` are given.
            NotFoundError: The report or file does not exist.
        """
        if (attachment_id is None) == (step_id is None):
            raise ValueError("give either attachment_id (repairs) or step_id (tests)")
        if step_id is not None:
            validation.whole_number("step_id", step_id, 0)
        request = Request(
            method="GET",
            template="/api/Report/Attachment",
            query={
                "reportId": arguments.uuid_text("report_id", report_id),
                "attachmentId": None
                if attachment_id is None
                else arguments.uuid_text("attachment_id", attachment_id),
                "stepId": step_id,
            },
            accept=_ANY,
        )
        return await self._bytes(request)

    async def get_all_attachments(self, report_id: UUID | str) -> bytes:
        """Get all files of a report as a zip archive (GET /api/Report/Attachments/{id}).

        Args:
            report_id: Id of the report.

        Returns:
            The bytes of the archive.

        Raises:
            NotFoundError: The report does not exist.
        """
        request = Request(
            method="GET",
            template="/api/Report/Attachments/{id}",
            path={"id": arguments.uuid_text("report_id", report_id)},
            accept=_ANY,
        )
        return await self._bytes(request)

    async def get_certificate(self, report_id: UUID | str) -> bytes:
        """Get the certificate of a report (GET /api/Report/Certificate/{id}).

        Args:
            report_id: Id of the report.

        Returns:
            The bytes of the document; the API file does not declare its format.

        Raises:
            NotFoundError: The report does not exist.
        """
        request = Request(
            method="GET",
            template="/api/Report/Certificate/{id}",
            path={"id": arguments.uuid_text("report_id", report_id)},
            accept=_ANY,
        )
        return await self._bytes(request)
