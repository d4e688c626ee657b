"""Fields and methods that test reports and repair reports share (WSJF)."""

import os
from collections import Counter
from os import PathLike
from pathlib import Path
from typing import Self
from uuid import uuid4

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from pywats.models.base import WATSModel, WireUUID
from pywats.models.report.attachment import Attachment
from pywats.models.report.checks import file_problems, too_long
from pywats.models.report.enums import AnyReportStatus, ReportStatus
from pywats.models.report.history import History, Identity
from pywats.models.report.parts import AssetStats, ReportMiscInfo, UsedAsset
from pywats.models.report.verdict import unknown
from pywats.models.wire_time import WireDatetime

__all__ = ["Report"]


class Report(WATSModel):
    """A report, of a test or of a repair.

    The client makes the id, not the server, so that a report that is submitted twice is the same
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
        misc_infos: Information for which no other field exists.
        assets: Assets that were used.
        asset_stats: Usage and upkeep of these assets; the server adds it.
        binary_data: Files.
        origin: Source of the report; the server adds it.
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

    _history: History = PrivateAttr(default_factory=History)

    def model_post_init(self, _: object) -> None:
        """Mark a new id and the type of the report as set, so that they are sent."""
        self._history.has_new_id = "id" not in self.model_fields_set
        self.model_fields_set.update({"id", "type"} & type(self).model_fields.keys())

    @model_validator(mode="after")
    def _note_what_was_read(self, info: ValidationInfo) -> Self:
        if info.mode == "json":
            self._history.read_with = Counter(self._faults())
            if not self._history.has_new_id:
                self.note_submitted()
        return self

    def note_submitted(self) -> None:
        """Remember the unit and the start that a server has under the id of the report.

        ``submit_report`` calls it. After that, `problems` reports it if the same object is used for
        another unit or another test, which would replace the first report on the server.
        """
        self._history.submitted = self._identity()

    def add_misc_info(self, description: str, text: str) -> ReportMiscInfo:
        """Add information for which no other field exists.

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
        return self._attached(Attachment.of(name, content, content_type))

    def attach_file(self, path: str | PathLike[str], content_type: str | None = None) -> Attachment:
        """Attach a file of this machine to the report.

        Args:
            path: The file; its last part is the name of the attachment.
            content_type: Its media type; None guesses it from the name.

        Returns:
            The attachment.

        Raises:
            OSError: The file cannot be read.
        """
        return self._attached(Attachment.from_file(path, content_type))

    def _attached(self, added: Attachment) -> Attachment:
        self.binary_data = [*(self.binary_data or []), added]
        return added

    def add_asset(
        self, serial_number: str, usage_count: int = 1, *, asset_type: str | None = None
    ) -> UsedAsset:
        """Add an asset that was used, such as a fixture; the server counts its uses.

        Args:
            serial_number: Serial number of the asset.
            usage_count: How many times the test used it, 0 or more.
            asset_type: Name of its type.

        Returns:
            The asset.

        Raises:
            ValueError: ``usage_count`` is below 0.
        """
        if usage_count < 0:
            raise ValueError(f"usage_count={usage_count}: must be 0 or more")
        given = {"sn": serial_number, "usage_count": usage_count}
        added = UsedAsset.model_validate(
            given if asset_type is None else {**given, "asset_type": asset_type}
        )
        self.assets = [*(self.assets or []), added]
        return added

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the report to a file in WSJF, for example to submit it later.

        ``pywats report submit`` submits such files, and ``model_validate_json`` reads them. The
        file is never incomplete: it is first written under another name.

        Args:
            path: The file. A directory gets a file named by the id of the report.

        Returns:
            The path of the file.

        Raises:
            OSError: The file cannot be written.
        """
        target = Path(path)
        if target.is_dir():
            target /= f"{self.id}.json"
        part = target.with_name(f".{target.name}.{uuid4().hex}.part")
        try:
            with part.open("xb") as file:
                file.write(self.to_wire_json())
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def problems(self) -> list[str]:
        """List the problems that a server or a reader of the report would have with it.

        Problems that the report had when it was read from JSON are left out, because the server has
        accepted them.

        Returns:
            A sentence for each problem, with the name of the field; empty without problems.
        """
        known = self._history.read_with.copy()
        found = []
        for fault in self._faults():
            if known[fault]:
                known[fault] -= 1
            else:
                found.append(fault)
        for index, file in enumerate(self.binary_data or []):
            found += file_problems(f"binary_data[{index}]", file)
        submitted, now = self._history.submitted, self._identity()
        if submitted is not None and submitted.id == now.id and submitted != now:
            changed = ", ".join(
                f"{name} {was!s} to {self_is!s}"
                for name, was, self_is in zip(now._fields, submitted, now, strict=True)
                if was != self_is
            )
            found.append(
                f"id={self.id} is the id of a report that was submitted or read, and since then "
                f"changed: {changed}. It would replace that report: make a new report, or set "
                "id = uuid.uuid4()"
            )
        return found

    def _identity(self) -> Identity:
        return Identity(
            self.id, self.part_number, self.serial_number, self.process_code, self.start
        )

    def _faults(self) -> list[str]:
        """Return the problems of everything except the files, whose check takes long."""
        texts = {
            "part_number": self.part_number,
            "serial_number": self.serial_number,
            "revision": self.revision,
            "station_name": self.station_name,
        }
        found = [f"{name} is empty" for name, text in texts.items() if not text.strip()]
        places = {"location": self.location, "purpose": self.purpose}
        found += [
            each for name, text in {**texts, **places}.items() for each in too_long(name, text)
        ]
        if self.process_code < 0:
            found.append(f"process_code={self.process_code} is negative")
        wrong = unknown("result", self.result, ReportStatus)
        if wrong is not None:
            found.append(wrong)
        if self.start is None:
            found.append("start is missing: give it, for example datetime.now(UTC)")
        elif self.start.tzinfo is None:
            found.append("start has no time zone: give it one, for example .astimezone()")
        for index, info in enumerate(self.misc_infos or []):
            if not info.description.strip():
                found.append(f"misc_infos[{index}].description is empty")
            found += too_long(f"misc_infos[{index}].text", info.text)
        return found
