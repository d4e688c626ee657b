"""Models of alarms and notifications."""

from pydantic import AliasChoices, Field

from pywats.models.analytics.enums import AnyAlarmType
from pywats.models.base import RenamedModel
from pywats.models.wire_time import WireDatetime

__all__ = ["AlarmLog"]


class AlarmLog(RenamedModel):
    """An alarm or a notification; which fields it has depends on its type.

    Attributes:
        log_id: Id of the entry.
        name: Name of the trigger.
        log_date: When it was logged.
        trigger_id: Id of the trigger.
        type: What it is about.
        state: State.
        grouping_set: Fields by which the trigger groups.
        calculations_string: The calculation, if requested.
        client_group_ids: Ids of the levels that it is about.
        product_selection_ids: Ids of the product groups that it is about.
        part_number: Part number.
        product_name: Name of the product.
        process_code: Code of the operation.
        process_name: Name of the operation.
        report_guid: Id of the report.
        serial_number: Serial number of the unit.
        revision: Revision.
        station_name: Name of the station.
        operator: Operator of the test.
        result: Result of the report.
        start_utc: When the test began.
        fpy: First pass yield in percent.
        spy: Second pass yield in percent.
        tpy: Third pass yield in percent.
        lpy: Last pass yield in percent.
        test_yield: Share of test reports that passed, in percent.
        fpy_trend: Change of the first pass yield.
        spy_trend: Change of the second pass yield.
        tpy_trend: Change of the third pass yield.
        lpy_trend: Change of the last pass yield.
        test_yield_trend: Change of the share of test reports that passed.
        uut_count: Test reports.
        unit_count: Units.
        fp_count: Units that passed first.
        lp_count: Units that passed last.
        retest_count: Test reports that are not the first of their unit.
        sequence_count: How many in a row.
        sequential_match: How many in a row the trigger asks for.
        free: Serial numbers that are left.
        reserved: Serial numbers that are reserved.
        serial_number_type: Type of these serial numbers.
        cp: Process capability against the distance of the limits.
        cpk: Process capability against the nearer limit.
        min: Least measured value.
        max: Greatest measured value.
        avg: Mean measured value.
        stdev: Standard deviation of the measured values.
        measurement_path: Path of the measurement.
        asset_name: Name of the asset, ``assetname`` on the wire.
        asset_serial_number: Serial number of the asset, ``serialnumber`` on the wire.
        type_id: Id of its type, ``typeid`` on the wire.
        asset_state: Its state, ``assetstate`` on the wire.
        bubbled_status: Worst status among its sub assets, ``bubbledstatus`` on the wire.
        tags: Its tags.
        is_days_since_calibration_unknown: True if it was never calibrated.
        is_days_since_maintenance_unknown: True if it was never maintained.
    """

    log_id: int | None = None
    name: str | None = None
    log_date: WireDatetime | None = None
    trigger_id: int | None = None
    type: AnyAlarmType | None = None
    state: str | None = None
    grouping_set: str | None = None
    calculations_string: str | None = None
    client_group_ids: list[int] | None = None
    product_selection_ids: list[int] | None = None
    part_number: str | None = None
    product_name: str | None = None
    process_code: str | None = None
    process_name: str | None = None
    report_guid: str | None = None
    serial_number: str | None = None
    revision: str | None = None
    station_name: str | None = None
    operator: str | None = None
    result: str | None = None
    start_utc: WireDatetime | None = None
    fpy: float | None = None
    spy: float | None = None
    tpy: float | None = None
    lpy: float | None = None
    test_yield: float | None = None
    fpy_trend: float | None = None
    spy_trend: float | None = None
    tpy_trend: float | None = None
    lpy_trend: float | None = None
    test_yield_trend: float | None = None
    uut_count: int | None = None
    unit_count: int | None = None
    fp_count: int | None = None
    lp_count: int | None = None
    retest_count: int | None = None
    sequence_count: int | None = None
    sequential_match: int | None = None
    free: int | None = None
    reserved: int | None = None
    serial_number_type: str | None = None
    cp: float | None = None
    cpk: float | None = None
    min: float | None = None
    max: float | None = None
    avg: float | None = None
    stdev: float | None = None
    measurement_path: str | None = None
    asset_name: str | None = Field(
        default=None,
        validation_alias=AliasChoices("assetname", "assetName"),
        serialization_alias="assetname",
    )
    asset_serial_number: str | None = Field(
        default=None,
        validation_alias=AliasChoices("serialnumber", "assetSerialNumber"),
        serialization_alias="serialnumber",
    )
    type_id: str | None = Field(
        default=None,
        validation_alias=AliasChoices("typeid", "typeId"),
        serialization_alias="typeid",
    )
    asset_state: str | None = Field(
        default=None,
        validation_alias=AliasChoices("assetstate", "assetState"),
        serialization_alias="assetstate",
    )
    bubbled_status: str | None = Field(
        default=None,
        validation_alias=AliasChoices("bubbledstatus", "bubbledStatus"),
        serialization_alias="bubbledstatus",
    )
    tags: str | None = None
    is_days_since_calibration_unknown: bool | None = None
    is_days_since_maintenance_unknown: bool | None = None
