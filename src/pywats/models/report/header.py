"""Models of the rows of the report list, and of their expandable fields."""

from enum import StrEnum

from pywats.models.base import WATSModel, WireUUID
from pywats.models.wire_time import WireDatetime

__all__ = [
    "HeaderAsset",
    "HeaderAttachment",
    "HeaderMiscInfo",
    "HeaderSubUnit",
    "HeaderUURAttachment",
    "MiscInfoHit",
    "MiscInfoRow",
    "ReportHeader",
    "ReportType",
]


class ReportType(StrEnum):
    """Kind of report, as the report list has it; a WSJF document says ``T`` for a test."""

    UUT = "U"
    UUR = "R"


class HeaderSubUnit(WATSModel):
    """A sub unit of a report (``Models.OData.Subunit``, ``UURSubunit``).

    Attributes:
        part_type: Kind of part; of test reports only.
        serial_number: Serial number.
        part_number: Part number.
        revision: Revision.
    """

    part_type: str | None = None
    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None


class HeaderMiscInfo(WATSModel):
    """A piece of miscellaneous information (``Models.OData.Miscinfo``, ``UURMiscinfo``).

    Attributes:
        description: What it is.
        value: Its value.
    """

    description: str | None = None
    value: str | None = None


class HeaderAsset(WATSModel):
    """An asset used in a test (``Models.OData.Asset``).

    Attributes:
        serial_number: Serial number of the asset.
        running_count: Uses since the count was reset.
        running_count_exceeded: Uses beyond the limit.
        total_count: All uses.
        total_count_exceeded: All uses beyond the limit.
        days_since_maintenance: Days since the last maintenance.
        maintenance_days_overdue: Days by which maintenance is overdue.
        days_since_calibration: Days since the last calibration.
        calibration_days_overdue: Days by which calibration is overdue.
    """

    serial_number: str | None = None
    running_count: int | None = None
    running_count_exceeded: int | None = None
    total_count: int | None = None
    total_count_exceeded: int | None = None
    days_since_maintenance: float | None = None
    maintenance_days_overdue: float | None = None
    days_since_calibration: float | None = None
    calibration_days_overdue: float | None = None


class HeaderAttachment(WATSModel):
    """An attachment of a test report (``Models.OData.Attachment``).

    Attributes:
        step_id: Id of the step it belongs to.
        filename: Name of the file.
    """

    step_id: int | None = None
    filename: str | None = None


class HeaderUURAttachment(WATSModel):
    """An attachment of a repair report (``Models.OData.UURAttachment``).

    Attributes:
        id: Id of the attachment.
        filename: Name of the file.
    """

    id: WireUUID | None = None
    filename: str | None = None


class ReportHeader(WATSModel):
    """A row of the report list (``Models.OData.ReportHeader``).

    Attributes:
        uuid: Id of the report.
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        report_type: ``U`` for a test, ``R`` for a repair.
        start: When the test or repair began.
        revision: Revision of the unit.
        result: Result, for example ``Passed``.
        batch_number: Batch of the unit.
        user_name: User who tested or repaired.
        station_name: Name of the station.
        location: Place of the station.
        purpose: What the station is for.
        measures_deleted: True if measurements were deleted from the report.
        time_stamp: Number that grows with each inserted report.
        process_code: Code of the test or repair operation.
        process_name: Name of that operation.
        comment: Comment.
        execution_time: Duration in seconds.
        sw_filename: File name of the test software.
        sw_version: Version of the test software.
        test_socket_index: Number of the test socket.
        fixture_id: Id of the fixture.
        error_code: Error code of the test.
        error_message: Error message of the test.
        run: Number of the test among the tests of the unit in this operation, from 1.
        receive_count: Number of times that the report was received.
        report_size: Size of the report in bytes.
        caused_uut_failure: Name of the step that made the test fail.
        caused_uut_failure_path: Path of that step.
        passed_in_run: In which run the unit passed.
        referenced_uut: Test report that a repair report is about.
        sub_units: Sub units, if expanded.
        misc_info: Miscellaneous information, if expanded.
        assets: Assets, if expanded.
        attachments: Attachments, if expanded.
        uur_sub_units: Sub units of a repair, if expanded.
        uur_misc_info: Miscellaneous information of a repair, if expanded.
        uur_attachments: Attachments of a repair, if expanded.
    """

    uuid: WireUUID | None = None
    serial_number: str | None = None
    part_number: str | None = None
    report_type: str | None = None
    start: WireDatetime | None = None
    revision: str | None = None
    result: str | None = None
    batch_number: str | None = None
    user_name: str | None = None
    station_name: str | None = None
    location: str | None = None
    purpose: str | None = None
    measures_deleted: bool | None = None
    time_stamp: int | None = None
    process_code: int | None = None
    process_name: str | None = None
    comment: str | None = None
    execution_time: float | None = None
    sw_filename: str | None = None
    sw_version: str | None = None
    test_socket_index: int | None = None
    fixture_id: str | None = None
    error_code: int | None = None
    error_message: str | None = None
    run: int | None = None
    receive_count: int | None = None
    report_size: int | None = None
    caused_uut_failure: str | None = None
    caused_uut_failure_path: str | None = None
    passed_in_run: int | None = None
    referenced_uut: WireUUID | None = None
    sub_units: list[HeaderSubUnit] | None = None
    misc_info: list[HeaderMiscInfo] | None = None
    assets: list[HeaderAsset] | None = None
    attachments: list[HeaderAttachment] | None = None
    uur_sub_units: list[HeaderSubUnit] | None = None
    uur_misc_info: list[HeaderMiscInfo] | None = None
    uur_attachments: list[HeaderUURAttachment] | None = None


class MiscInfoRow(WATSModel):
    """A piece of miscellaneous information of a found report (``WATS_UUTMisc``).

    Attributes:
        description: What it is.
        data: Its value.
    """

    description: str | None = None
    data: str | None = None


class MiscInfoHit(WATSModel):
    """A report found by its miscellaneous information (``WATS_UUTResult``).

    Attributes:
        misc_data: The information that matched.
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        start: When the test began.
        result: Result of the test.
        uuid: Id of the report.
        process_code: Code of the test operation.
        process_name: Name of that operation.
    """

    misc_data: list[MiscInfoRow] | None = None
    serial_number: str | None = None
    part_number: str | None = None
    start: WireDatetime | None = None
    result: str | None = None
    uuid: WireUUID | None = None
    process_code: int | None = None
    process_name: str | None = None
