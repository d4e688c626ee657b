"""The response to a submitted report."""

from typing import Self
from uuid import UUID

from pydantic import Field, PrivateAttr

from pywats.models.base import WATSModel, WireUUID

__all__ = ["InsertReportResult"]


class InsertReportResult(WATSModel):
    """Result of a submission (``Store.InsertReportResult``).

    Attributes:
        id: Id of the report, ``ID`` on the wire.
        uuid: Id of the report.
        report_id: Number that the server gave it, ``Report_ID`` on the wire; None if the report
            was kept in an outbox.
    """

    id: WireUUID | None = Field(default=None, alias="ID")
    uuid: WireUUID | None = None
    report_id: int | None = Field(default=None, alias="Report_ID")
    _kept: bool = PrivateAttr(default=False)

    @classmethod
    def about(cls, report_id: str, *, kept: bool) -> Self:
        """Return a result that was not made from a response.

        Args:
            report_id: Id of the report.
            kept: Whether the report waits in an outbox.
        """
        result = cls.model_validate({"ID": report_id, "uuid": report_id})
        result._kept = kept  # noqa: SLF001 - its own class
        return result

    @property
    def kept(self) -> bool:
        """True if the report waits in an outbox, and False if the server has it."""
        return self._kept

    def confirm(self, report_id: str) -> None:
        """Check that the response is about the report that was submitted.

        Args:
            report_id: Id of the report that was submitted.

        Raises:
            ValueError: The response names another report, or does not name a report.
        """
        named = [each for each in (self.uuid, self.id) if each is not None]
        if not named and self.report_id is None:
            raise ValueError(
                f"the response of the server does not confirm the report {report_id}: it names "
                "no report"
            )
        try:
            submitted = UUID(report_id)
        except ValueError:
            submitted = None  # No server names it.
        if named and submitted not in named:
            raise ValueError(
                f"the response of the server does not confirm the report {report_id}: it names "
                f"{named[0]}"
            )
