"""Builders of reports, which send nothing."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from pywats import validation
from pywats.models.report import (
    ReportStatus,
    SequenceCallInfo,
    UURInfo,
    UURReport,
    UUTInfo,
    UUTReport,
)
from pywats.services import arguments
from pywats.services.calls import Calls

__all__ = ["Building"]

if TYPE_CHECKING:
    from collections.abc import Mapping

STATION_VARIABLE = "PYWATS_STATION"
LOCATION_VARIABLE = "PYWATS_LOCATION"
PURPOSE_VARIABLE = "PYWATS_PURPOSE"
REPAIR_PROCESS_CODE = 500


class Building(Calls):
    """The methods that make reports; they send nothing."""

    def create_uut_report(
        self,
        operator: str,
        part_number: str,
        revision: str,
        serial_number: str,
        operation_type: int,
        *,
        station_name: str | None = None,
        location: str | None = None,
        purpose: str | None = None,
        sequence_name: str | None = None,
        sequence_version: str | None = None,
        start_time: datetime | None = None,
        report_id: UUID | str | None = None,
    ) -> UUTReport:
        """Make the report of a test, to which steps are added through ``sequence()``.

        Nothing is sent. Make a new report for each test: each report has its own id, and a report
        that is submitted with the id of another report replaces it.

        Args:
            operator: Name of the person who tests.
            part_number: Part number of the unit.
            revision: Revision of the unit.
            serial_number: Serial number of the unit.
            operation_type: Code of the test operation.
            station_name: Name of the station; None takes ``PYWATS_STATION`` or the host name.
            location: Place of the station; None takes ``PYWATS_LOCATION`` or an empty text.
            purpose: What the station is for; None takes ``PYWATS_PURPOSE`` or an empty text.
            sequence_name: Name of the test program or its file, the ``sw_filename`` of the list
                of reports.
            sequence_version: Its version.
            start_time: When the test began, with a time zone; None means now.
            report_id: Id of the report; None makes one.

        Returns:
            The report, with the result passed until ``conclude()`` or the caller changes it.
        """
        report = UUTReport(
            id=_id(report_id),
            pn=arguments.text("part_number", part_number),
            sn=arguments.text("serial_number", serial_number),
            rev=arguments.text("revision", revision),
            process_code=validation.whole_number("operation_type", operation_type, 0),
            result=ReportStatus.PASSED,
            machineName=_station(station_name),
            location=_place("location", location, LOCATION_VARIABLE),
            purpose=_place("purpose", purpose, PURPOSE_VARIABLE),
            start=_start(start_time),
            uut=UUTInfo(user=arguments.text("operator", operator)),
            type="T",
        )
        called = {
            "name": arguments.optional_text("sequence_name", sequence_name),
            "version": arguments.optional_text("sequence_version", sequence_version),
        }
        root = report.sequence()
        if given := _given(called):
            root.seq_call = SequenceCallInfo.model_validate(given)
        return report

    def create_uur_report(
        self,
        part_number: str,
        serial_number: str,
        revision: str,
        operator: str,
        *,
        test_operation_code: int,
        repair_process_code: int = REPAIR_PROCESS_CODE,
        uut: UUTReport | UUID | str | None = None,
        station_name: str | None = None,
        location: str | None = None,
        purpose: str | None = None,
        comment: str | None = None,
        start_time: datetime | None = None,
        report_id: UUID | str | None = None,
    ) -> UURReport:
        """Make the report of a repair, to which failures are added through ``unit()``.

        Nothing is sent.

        Args:
            part_number: Part number of the unit.
            serial_number: Serial number of the unit.
            revision: Revision of the unit.
            operator: Name of the person who repairs.
            test_operation_code: Code of the test operation that failed.
            repair_process_code: Code of the repair operation.
            uut: The test report that the repair is about, or its id.
            station_name: Name of the station; None takes ``PYWATS_STATION`` or the host name.
            location: Place of the station; None takes ``PYWATS_LOCATION`` or an empty text.
            purpose: What the station is for; None takes ``PYWATS_PURPOSE`` or an empty text.
            comment: Comment.
            start_time: When the repair began, with a time zone; None means now.
            report_id: Id of the report; None makes one.

        Returns:
            The report, which lists the unit itself with no failures yet.
        """
        if isinstance(part_number, UUTReport):
            raise TypeError(
                "part_number is a UUTReport: call create_uur_from_uut(uut, operator) to repair "
                "what a test found"
            )
        code = validation.whole_number("test_operation_code", test_operation_code, 0)
        began = _start(start_time)
        info: dict[str, object] = {
            "user": arguments.text("operator", operator),
            "comment": arguments.optional_text("comment", comment),
            "processCode": code,
            "testOperationCode": code,
            "refUUT": _reference(uut),
            "confirmDate": began,
            "finalizeDate": began,
            "active": True,
        }
        report = UURReport(
            id=_id(report_id),
            pn=arguments.text("part_number", part_number),
            sn=arguments.text("serial_number", serial_number),
            rev=arguments.text("revision", revision),
            process_code=validation.whole_number("repair_process_code", repair_process_code, 0),
            result=ReportStatus.PASSED,
            machineName=_station(station_name),
            location=_place("location", location, LOCATION_VARIABLE),
            purpose=_place("purpose", purpose, PURPOSE_VARIABLE),
            start=began,
            uur=UURInfo.model_validate(_given(info)),
            type="R",
        )
        report.unit()
        return report

    def create_uur_from_uut(
        self,
        uut: UUTReport,
        operator: str,
        comment: str | None = None,
        *,
        repair_process_code: int = REPAIR_PROCESS_CODE,
        start_time: datetime | None = None,
        report_id: UUID | str | None = None,
    ) -> UURReport:
        """Make the report of a repair of a unit that failed a test.

        Unit, sub units, station, location and purpose are taken from the test. Nothing is sent.

        Args:
            uut: The report of the test.
            operator: Name of the person who repairs.
            comment: Comment.
            repair_process_code: Code of the repair operation.
            start_time: When the repair began, with a time zone; None means now.
            report_id: Id of the report; None makes one.

        Returns:
            The report, which refers to the test.
        """
        arguments.instance("uut", uut, UUTReport)
        report = self.create_uur_report(
            uut.part_number,
            uut.serial_number,
            uut.revision,
            operator,
            test_operation_code=uut.process_code,
            repair_process_code=repair_process_code,
            uut=uut,
            station_name=uut.station_name,
            location=uut.location or "",
            purpose=uut.purpose or "",
            comment=comment,
            start_time=start_time,
            report_id=report_id,
        )
        for unit in uut.sub_units or []:
            report.add_sub_unit(
                part_number=unit.part_number,
                serial_number=unit.serial_number,
                revision=unit.revision,
                part_type=unit.part_type or "Unknown",
            )
        return report


def _id(report_id: UUID | str | None) -> UUID:
    return uuid4() if report_id is None else UUID(arguments.uuid_text("report_id", report_id))


def _station(name: str | None) -> str:
    if name is not None:
        return arguments.text("station_name", name)
    return os.environ.get(STATION_VARIABLE) or platform.node()


def _place(name: str, value: str | None, variable: str) -> str:
    if value is None:
        return os.environ.get(variable, "")
    return arguments.instance(name, value, str)


def _start(time: datetime | None) -> datetime:
    if time is None:
        return datetime.now(UTC)
    return arguments.aware_time("start_time", time)


def _reference(uut: UUTReport | UUID | str | None) -> str | None:
    if uut is None:
        return None
    return str(uut.id) if isinstance(uut, UUTReport) else arguments.uuid_text("uut", uut)


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
