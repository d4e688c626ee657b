"""Models of repair rows."""

from pywats.models.base import WATSModel
from pywats.models.wire_time import WireDatetime

__all__ = ["RepairHistoryRecord", "RepairStatistics"]


class RepairStatistics(WATSModel):
    """Number of repairs in the group that the other fields of the row name.

    A row has the dimensions and numbers that the request names; the others are None.

    Attributes:
        part_number: Part number of the repaired unit.
        revision: Its revision.
        product_group: Its product group.
        product_name: Name of the product.
        unit_type: Kind of unit.
        repair_operation: Name of the repair operation.
        station_name: Name of the repair station.
        test_operation: Name of the test operation that failed.
        period: Period of the repair, as the server writes it.
        level: Level of the station.
        location: Place of the station.
        purpose: What the station is for.
        operator: Operator of the repair.
        misc_info_description: Name of a piece of miscellaneous information.
        misc_info_string: Its value.
        repair_category: Category of the fail code.
        repair_type: Kind of repair.
        component_ref: Component, for example ``R12``.
        component_number: Part number of the component.
        component_revision: Revision of the component.
        component_vendor: Vendor of the component.
        component_description: Description of the component.
        function_block: Function block of the component.
        referenced_step: Name of the test step that found the failure.
        referenced_step_path: Path of that step.
        test_period: Period of the test.
        test_level: Level of the test station.
        test_station_name: Name of the test station.
        test_location: Place of the test station.
        test_purpose: What the test station is for.
        test_operator: Operator of the test.
        batch_number: Batch of the unit.
        sw_filename: File name of the test software.
        sw_version: Version of the test software.
        repair_report_count: Repair reports.
        repair_count: Failures that were repaired.
        total_count: Total that ``repair_rate`` refers to.
        repair_rate: Share that was repaired, in percent.
        fail_code: Fail code.
        repair_code: Repair code.
    """

    part_number: str | None = None
    revision: str | None = None
    product_group: str | None = None
    product_name: str | None = None
    unit_type: str | None = None
    repair_operation: str | None = None
    station_name: str | None = None
    test_operation: str | None = None
    period: str | None = None
    level: str | None = None
    location: str | None = None
    purpose: str | None = None
    operator: str | None = None
    misc_info_description: str | None = None
    misc_info_string: str | None = None
    repair_category: str | None = None
    repair_type: str | None = None
    component_ref: str | None = None
    component_number: str | None = None
    component_revision: str | None = None
    component_vendor: str | None = None
    component_description: str | None = None
    function_block: str | None = None
    referenced_step: str | None = None
    referenced_step_path: str | None = None
    test_period: str | None = None
    test_level: str | None = None
    test_station_name: str | None = None
    test_location: str | None = None
    test_purpose: str | None = None
    test_operator: str | None = None
    batch_number: str | None = None
    sw_filename: str | None = None
    sw_version: str | None = None
    repair_report_count: int | None = None
    repair_count: int | None = None
    total_count: int | None = None
    repair_rate: float | None = None
    fail_code: str | None = None
    repair_code: str | None = None


class RepairHistoryRecord(WATSModel):
    """A failure that was repaired.

    Attributes:
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        revision: Revision of the unit.
        report_id: Id of the repair report.
        repair_date: When it was repaired.
        fail_step_name: Name of the test step that found it.
        fail_step_path: Path of that step.
        fail_code: Fail code.
        repair_code: Repair code.
        symptom: Observed symptom.
        cause: Cause of the failure.
        action: Action that repaired it.
    """

    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None
    report_id: str | None = None
    repair_date: WireDatetime | None = None
    fail_step_name: str | None = None
    fail_step_path: str | None = None
    fail_code: str | None = None
    repair_code: str | None = None
    symptom: str | None = None
    cause: str | None = None
    action: str | None = None
