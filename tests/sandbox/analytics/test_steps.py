"""What the sandbox calculates from the steps, repairs and ways of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats.errors import BadRequestError, NotFoundError
from pywats.models import (
    CompOp,
    NumericMeasurement,
    ReportStatus,
    RunFilter,
    StepStatus,
    UnitFlowUnit,
    WatsFilter,
    measurement_path,
)
from tests.sandbox.submitting import NOW, minutes, submit

if TYPE_CHECKING:
    from pywats import pyWATS

PART = WatsFilter(part_number="P", test_operation="100", date_from=NOW)
VOLTAGE = measurement_path("MainSequence Callback", "Voltage")


def test_failed_steps_are_counted_where_they_ran(api: pyWATS) -> None:
    for index, status in enumerate(
        (StepStatus.FAILED, StepStatus.ERROR, StepStatus.TERMINATED, "P", "S", "D")
    ):
        report = api.report.create_uut_report(
            "op", "P", "A", str(index), 100, station_name="ST", start_time=minutes(index)
        )
        report.sequence().add_step("Init", status=StepStatus(status))
        report.conclude()
        api.report.submit(report)
    (row,) = api.analytics.get_top_failed(PART)
    assert (row.fail_count, row.total_count, row.fail_rate) == (3, 5, 60.0)
    _, step = api.analytics.get_test_step_analysis(PART, run=RunFilter.ALL)
    assert step.model_dump(exclude_unset=True) == {
        "step_name": "Init",
        "step_path": "MainSequence Callback¶Init",
        "step_type": "Action",
        "step_group": "M",
        "step_count": 6,
        "step_passed_count": 1,
        "step_done_count": 1,
        "step_skipped_count": 1,
        "step_failed_count": 1,
        "step_error_count": 1,
        "step_terminated_count": 1,
        "step_other_count": 0,
        "step_failed_error_terminated_count": 3,
        "step_caused_uut_failed_error_terminated": 3,
        "step_caused_uut_failed": 1,
        "step_caused_uut_error": 1,
        "step_caused_uut_terminated": 1,
        "step_time_avg": None,
        "step_time_max": None,
        "step_time_min": None,
    }


@pytest.mark.parametrize(
    ("run", "expected"), [(1, [1, 4]), (2, [2]), (3, [3]), (-1, [3, 4]), (-2, [1, 2, 3, 4])]
)
def test_runs_choose_the_tests_of_step_statistics(
    api: pyWATS, run: int, expected: list[int]
) -> None:
    for index, unit in enumerate("aaab", start=1):
        submit(api, unit, minutes(index), volts=index)
    step = api.analytics.get_test_step_analysis(PART, run=run)[1]
    assert (step.measure_count, step.min, step.max) == (len(expected), expected[0], expected[-1])


@pytest.mark.parametrize(
    ("comp_op", "low", "high", "limits"),
    [
        (CompOp.GELE, 4.0, 6.0, (4.0, 6.0)),
        (CompOp.GT, 4.0, None, (4.0, None)),
        (CompOp.LE, 6.0, None, (None, 6.0)),
        (CompOp.LT, None, 6.0, (None, 6.0)),
        (CompOp.LOG, 4.0, 6.0, (None, None)),
        (CompOp.LTGT, 4.0, 6.0, (None, None)),
        (CompOp.EQ, 5.0, None, (None, None)),
    ],
)
def test_limits_go_by_the_comparison(
    api: pyWATS,
    comp_op: CompOp,
    low: float | None,
    high: float | None,
    limits: tuple[float | None, float | None],
) -> None:
    for index, volts in enumerate((4.5, 5.0, 5.5)):
        report = api.report.create_uut_report(
            "op", "P", "A", str(index), 100, station_name="ST", start_time=minutes(index)
        )
        # Limits that are not compared are refused without a status.
        status = StepStatus.PASSED if comp_op is CompOp.LOG else None
        report.sequence().add_numeric(
            "Voltage", volts, comp_op=comp_op, low_limit=low, high_limit=high, status=status
        )
        api.report.submit(report, check=False)
    (row,) = api.analytics.get_aggregated_measurements(PART, measurement_paths=VOLTAGE)
    assert (row.limit_low, row.limit_high) == limits
    # The mean is 5 and the standard deviation 0.5: each limit is 2/3 of three of these away.
    known = [limit for limit in limits if limit is not None]
    share = pytest.approx(2 / 3)
    assert row.cp_lower == (None if limits[0] is None else share)
    assert row.cp_upper == (None if limits[1] is None else share)
    assert row.cpk == (share if known else None)
    assert row.cp == (share if len(known) == 2 else None)


def test_few_or_equal_values_have_no_spread(api: pyWATS) -> None:
    submit(api, "1", volts=5.0)
    (one,) = api.analytics.get_aggregated_measurements(PART, measurement_paths=VOLTAGE)
    assert (one.count, one.avg, one.stdev, one.cpk) == (1, 5.0, None, None)
    submit(api, "2", minutes(1), volts=5.0, revision="B")
    (two,) = api.analytics.get_aggregated_measurements(PART, measurement_paths=VOLTAGE)
    assert (two.count, two.stdev, two.variance, two.cp) == (2, 0.0, 0.0, None)
    assert (one.revision, two.revision) == ("A", None)


def test_values_that_are_no_numbers_are_left_out(api: pyWATS) -> None:
    report = submit(api, "1")
    report.sequence().add_numerics(
        "Rails",
        [NumericMeasurement(name="a", value="NaN"), NumericMeasurement(name="b", value=2.0)],
    )
    report.sequence().add_string("Version", "v1")
    report.sequence().add_step("Rails").numeric_meas = [NumericMeasurement(name="a", value=3.0)]
    api.report.submit(report)
    rails = measurement_path("MainSequence Callback", "Rails")
    paths = [f"{rails}¶¶a", f"{rails}¶¶b", rails]
    rows = api.analytics.get_measurements(PART, measurement_paths=paths)
    # The path without a measurement names the step that measures once.
    assert [(row.step_path, row.value) for row in rows] == [(paths[1], 2.0), (rails, 3.0)]
    step = ('<StepFilters><Filter Value="Version" /></StepFilters>',)
    sequence = '<SequenceFilters><Filter Value="MainSequence Callback" /></SequenceFilters>'
    (text,) = api.analytics.get_measurement_list(PART, *step, sequence)
    assert (text.value, text.string_value) == (None, "v1")


@pytest.mark.parametrize(
    "filters",
    [
        ("<StepFilters", '<SequenceFilters><Filter Value="M" /></SequenceFilters>'),
        ("<StepFilters/>", "<SequenceFilters/>"),
        ("<StepFilters/>", '<SequenceFilters><Filter Value="M" /></SequenceFilters>'),
        ("<Other/>", '<SequenceFilters><Filter Value="M" /></SequenceFilters>'),
        (
            "<StepFilters><Filter/></StepFilters>",
            '<SequenceFilters><Filter Value=""/></SequenceFilters>',
        ),
    ],
)
def test_a_step_must_be_named_as_a_list_named_it(api: pyWATS, filters: tuple[str, str]) -> None:
    with pytest.raises(BadRequestError, match="Filters are not valid"):
        api.analytics.get_step_status_list(PART, *filters)


def test_a_root_step_can_be_named(api: pyWATS) -> None:
    submit(api, "1")
    report = api.report.create_uut_report(
        "op", "P", "A", "2", 100, station_name="ST", start_time=minutes(1)
    )
    report.sequence().status = StepStatus.FAILED
    report.result = ReportStatus.FAILED
    api.report.submit(report)
    (row,) = api.analytics.get_top_failed(PART)
    assert row.step_path == "MainSequence Callback"
    assert row.step_filters is not None
    assert row.sequence_filters is not None
    (status,) = api.analytics.get_step_status_list(
        WatsFilter(serial_number="2"), row.step_filters, row.sequence_filters
    )
    assert (status.serial_number, status.status) == ("2", "Failed")


def test_repairs_are_counted_with_and_without_failures_and_tests(api: pyWATS) -> None:
    test = submit(api, "1", good=False)
    step = test.sequence().steps
    assert step
    step[0].id = 7
    api.report.submit(test)
    repair = api.report.create_uur_from_uut(test, "rep", start_time=minutes(1))
    for name, number in (("Voltage", None), ("Anything", 7), ("Nothing", None)):
        repair.unit().add_failure("C", "X", ref_step_name=name).ref_step_id = number
    api.report.submit(repair)
    lonely = api.report.create_uur_report(
        "P", "2", "A", "rep", test_operation_code=100, station_name="ST", start_time=minutes(2)
    )
    api.report.submit(lonely)
    rows = api.analytics.get_dynamic_repair(
        WatsFilter(part_number="P"),
        dimensions="referencedStepPath;testStationName;testPeriod;testLevel;repairType;"
        "period;operator;unitType",
    )
    assert [
        (row.referenced_step_path, row.test_station_name, row.repair_report_count, row.repair_count)
        for row in rows
    ] == [(None, None, 1, 0), (None, "ST", 1, 1), (VOLTAGE, "ST", 1, 2)]
    assert [(row.test_period, row.test_level, row.operator) for row in rows[:2]] == [
        (None, None, "rep"),
        ("2026-05-20", "All stations", "rep"),
    ]
    history = api.analytics.get_related_repair_history("P", "A", test_operation_code="100")
    assert [record.fail_step_path for record in history] == [VOLTAGE, VOLTAGE, None]


def test_a_flow_is_of_the_tests_that_count(api: pyWATS) -> None:
    submit(api, "1")
    submit(api, "2", minutes(1), code=101)
    flow = api.analytics.get_unit_flow(WatsFilter(serial_number="2"))
    assert [unit.unit_id for unit in flow.units or []] == [2]
    assert len(flow.nodes or []) == 1
    with pytest.raises(NotFoundError, match="Unit 3 does not exist"):
        api.analytics.trace_serial_numbers([1, 3])
    with pytest.raises(BadRequestError, match="The unitId field is required"):
        api.analytics.set_unit_order([UnitFlowUnit(orders=[1])])
    with pytest.raises(BadRequestError, match="The dimension 'fpy' is not supported"):
        api.analytics.split_flow_by("fpy")


def test_connection_times_are_not_known(api: pyWATS) -> None:
    submit(api, "1")
    hours = [24] * 7
    assert api.analytics.get_oee_analysis(PART, hours, max_connection_time=0).total_count == 1
    assert api.analytics.get_oee_analysis(PART, hours, min_connection_time=1).total_count == 0
