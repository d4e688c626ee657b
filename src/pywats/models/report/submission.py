"""The answer to a submitted report."""

from pydantic import Field

from pywats.models.base import WATSModel, WireUUID

__all__ = ["InsertReportResult"]


class InsertReportResult(WATSModel):
    """What became of a submitted report (``Store.InsertReportResult``).

    Attributes:
        id: Id of the report, ``ID`` on the wire.
        uuid: Id of the report.
        report_id: Number that the server gave it, ``Report_ID`` on the wire.
    """

    id: WireUUID | None = Field(default=None, alias="ID")
    uuid: WireUUID | None = None
    report_id: int | None = Field(default=None, alias="Report_ID")
