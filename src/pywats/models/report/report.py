"""The fields of every report (WSJF)."""

from uuid import uuid4

from pydantic import Field

from pywats.models.base import WATSModel, WireUUID
from pywats.models.report.attachment import Attachment
from pywats.models.report.enums import AnyReportStatus, ReportStatus
from pywats.models.report.parts import AssetStats, ReportMiscInfo, UsedAsset
from pywats.models.report.verdict import unknown
from pywats.models.wire_time import WireDatetime

__all__ = ["Report", "file_problems"]


class Report(WATSModel):
    """A report, of a test or of a repair.

    The id is made here, not by the server, so that a report that is submitted twice is the same
    report both times.

    Attributes:
        id: Id.
        part_number: Part number of the unit, ``pn`` on the wire.
        serial_number: Serial number of the unit, ``sn`` on the wire.
        revision: Revision of the unit, ``rev`` on the wire.
        process_code: Code of the test or repair operation.
        result: Result.
        station_name: Name of the station, ``machineName`` on the wire.
        location: Place of the station.
        purpose: What the station is for.
        start: When it began.
        start_utc: When it began, in UTC; the server adds it.
        misc_infos: Information that fits nowhere else.
        assets: Assets that were used.
        asset_stats: How worn they were; the server adds it.
        binary_data: Files.
        origin: Where the report came from; the server adds it.
        product_name: Name of the product; the server adds it.
        process_name: Name of the operation; the server adds it.
    """

    id: WireUUID = Field(default_factory=uuid4)
    part_number: str = Field(alias="pn")
    serial_number: str = Field(alias="sn")
    revision: str = Field(alias="rev")
    process_code: int
    result: AnyReportStatus
    station_name: str = Field(alias="machineName")
    location: str | None = None
    purpose: str | None = None
    start: WireDatetime | None = None
    start_utc: WireDatetime | None = Field(default=None, alias="startUTC")
    misc_infos: list[ReportMiscInfo] | None = None
    assets: list[UsedAsset] | None = None
    asset_stats: list[AssetStats] | None = None
    binary_data: list[Attachment] | None = None
    origin: str | None = None
    product_name: str | None = None
    process_name: str | None = None

    def model_post_init(self, _: object) -> None:
        """Count a fresh id and the type of report as set, so that they are sent."""
        self.model_fields_set.update({"id", "type"} & type(self).model_fields.keys())

    def add_misc_info(self, description: str, text: str) -> ReportMiscInfo:
        """Add information that fits nowhere else.

        Args:
            description: What it is.
            text: Its value.

        Returns:
            The information.
        """
        added = ReportMiscInfo(description=description, text=text)
        self.misc_infos = [*(self.misc_infos or []), added]
        return added

    def attach(
        self, name: str, content: bytes, content_type: str = "application/octet-stream"
    ) -> Attachment:
        """Attach a file to the report.

        Args:
            name: Name of the file.
            content: Its bytes.
            content_type: Its media type.

        Returns:
            The attachment.
        """
        added = Attachment.of(name, content, content_type)
        self.binary_data = [*(self.binary_data or []), added]
        return added

    def problems(self) -> list[str]:
        """Say what a server or a reader of the report would stumble over.

        Returns:
            A sentence for each problem, with the name of the field; empty if there is none.
        """
        texts = {
            "part_number": self.part_number,
            "serial_number": self.serial_number,
            "revision": self.revision,
            "station_name": self.station_name,
        }
        found = [f"{name} is empty" for name, text in texts.items() if not text.strip()]
        if self.process_code < 0:
            found.append(f"process_code={self.process_code} is negative")
        wrong = unknown("result", self.result, ReportStatus)
        if wrong is not None:
            found.append(wrong)
        if self.start is not None and self.start.tzinfo is None:
            found.append("start has no time zone: give it one, for example .astimezone()")
        for index, info in enumerate(self.misc_infos or []):
            if not info.description.strip():
                found.append(f"misc_infos[{index}].description is empty")
        for index, file in enumerate(self.binary_data or []):
            found += file_problems(f"binary_data[{index}]", file)
        return found


def file_problems(place: str, file: Attachment) -> list[str]:
    """Return what is wrong with a file of a report."""
    try:
        file.content()
    except ValueError as error:
        return [f"{place}: {error}"]
    return []
