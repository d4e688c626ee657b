"""Models of yield rows."""

from pywats.models.base import WATSModel
from pywats.models.wire_time import WireDatetime

__all__ = ["YieldData"]


class YieldData(WATSModel):
    """Yield of the group that the other fields of the row name.

    A row has the dimensions and numbers that the request names; the others are None. Colours,
    alarms and trends stay in ``model_extra``. First, second and third pass count the units that
    passed in the first, in one of the first two, or in one of the first three of their tests. Last
    pass counts the units that passed in their last test.

    Attributes:
        part_number: Part number.
        revision: Revision.
        product_name: Name of the product.
        product_group: Product group.
        station_name: Name of the station.
        location: Place of the station.
        purpose: What the station is for.
        level: Level of the station.
        test_operation: Name of the test operation.
        process_code: Code of the test operation.
        period: Period, as the server writes it.
        batch_number: Batch.
        operator: Operator of the test.
        sw_filename: File name of the test software.
        sw_version: Version of the test software.
        fixture_id: Id of the fixture.
        socket_index: Number of the test socket.
        error_code: Error code.
        misc_info_description: Name of a piece of miscellaneous information.
        misc_info_string: Its value.
        step_caused_uut_failure: Name of the step that made tests fail.
        step_path_caused_uut_failure: Path of that step.
        asset_serial_number: Serial number of an asset.
        asset_name: Name of an asset.
        unit_count: Units.
        fp_count: Units that passed first.
        sp_count: Units that passed first or second.
        tp_count: Units that passed first, second or third.
        lp_count: Units that passed last.
        fp_fail_count: Units that are not in ``fp_count``.
        sp_fail_count: Units that are not in ``sp_count``.
        tp_fail_count: Units that are not in ``tp_count``.
        lp_fail_count: Units that are not in ``lp_count``.
        fpy: First pass yield in percent.
        spy: Second pass yield in percent.
        tpy: Third pass yield in percent.
        lpy: Last pass yield in percent.
        ppm_fpy: Units per million that are not in ``fp_count``.
        ppm_spy: Units per million that are not in ``sp_count``.
        ppm_tpy: Units per million that are not in ``tp_count``.
        ppm_lpy: Units per million that are not in ``lp_count``.
        test_report_count: Test reports.
        test_yield_count: Test reports that passed.
        test_yield: Share of test reports that passed, in percent.
        ppm_test_yield: Test reports per million that did not pass.
        retest_count: Test reports that are not the first of their unit.
        first_utc: When the first test began.
        last_utc: When the last test began.
    """

    part_number: str | None = None
    revision: str | None = None
    product_name: str | None = None
    product_group: str | None = None
    station_name: str | None = None
    location: str | None = None
    purpose: str | None = None
    level: str | None = None
    test_operation: str | None = None
    process_code: int | str | None = None
    period: str | None = None
    batch_number: str | None = None
    operator: str | None = None
    sw_filename: str | None = None
    sw_version: str | None = None
    fixture_id: str | None = None
    socket_index: int | str | None = None
    error_code: int | str | None = None
    misc_info_description: str | None = None
    misc_info_string: str | None = None
    step_caused_uut_failure: str | None = None
    step_path_caused_uut_failure: str | None = None
    asset_serial_number: str | None = None
    asset_name: str | None = None
    unit_count: int | None = None
    fp_count: int | None = None
    sp_count: int | None = None
    tp_count: int | None = None
    lp_count: int | None = None
    fp_fail_count: int | None = None
    sp_fail_count: int | None = None
    tp_fail_count: int | None = None
    lp_fail_count: int | None = None
    fpy: float | None = None
    spy: float | None = None
    tpy: float | None = None
    lpy: float | None = None
    ppm_fpy: float | None = None
    ppm_spy: float | None = None
    ppm_tpy: float | None = None
    ppm_lpy: float | None = None
    test_report_count: int | None = None
    test_yield_count: int | None = None
    test_yield: float | None = None
    ppm_test_yield: float | None = None
    retest_count: int | None = None
    first_utc: WireDatetime | None = None
    last_utc: WireDatetime | None = None
