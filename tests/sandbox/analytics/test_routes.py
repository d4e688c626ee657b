"""What the sandbox calculates from the reports that were submitted to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats import pyWATS
from pywats.models import (
    DateGrouping,
    ReportStatus,
    WatsFilter,
    YieldData,
    measurement_path,
)
from pywats.sandbox import Sandbox
from tests.sandbox.submitting import NOW, minutes, submit

if TYPE_CHECKING:
    from collections.abc import Iterator

PART = WatsFilter(part_number="P", test_operation="100")
VOLTAGE = measurement_path("MainSequence Callback", "Voltage")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Start a sandbox with a clock of its own."""
    with Sandbox(start=NOW) as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[pyWATS]:
    """Return a client of that sandbox."""
    with pyWATS(base_url=sandbox.base_url, token=sandbox.token) as client:
        yield client


def only(rows: list[YieldData]) -> YieldData:
    (row,) = rows
    return row


def test_a_submitted_report_is_counted_at_once_and_only_once(api: pyWATS) -> None:
    assert api.analytics.get_dynamic_yield(PART) == []
    report = submit(api, "1", good=False)
    row = only(api.analytics.get_dynamic_yield(PART))
    assert (row.unit_count, row.fp_count, row.test_report_count) == (1, 0, 1)
    report.result = ReportStatus.DONE
    api.report.submit(report, check=False)
    row = only(api.analytics.get_dynamic_yield(PART))
    assert (row.unit_count, row.fp_count, row.test_report_count) == (1, 1, 1)


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ("P", (1, 1, 1, 1)),
        ("F", (0, 0, 0, 0)),
        ("FP", (0, 1, 1, 1)),
        ("FFP", (0, 0, 1, 1)),
        ("FFFP", (0, 0, 0, 1)),
        ("PF", (1, 1, 1, 0)),
        ("FPF", (0, 1, 1, 0)),
    ],
)
def test_passes_count_the_runs_of_a_unit(
    api: pyWATS, results: str, passes: tuple[int, ...]
) -> None:
    # Submitted backwards: what counts is when the tests began.
    for run, result in reversed(list(enumerate(results))):
        submit(api, "1", minutes(run), good=result == "P")
    row = only(api.analytics.get_dynamic_yield(PART))
    assert (row.fp_count, row.sp_count, row.tp_count, row.lp_count) == passes
    assert (row.unit_count, row.retest_count) == (1, len(results) - 1)
    assert (row.fpy, row.ppm_lpy) == (100.0 * passes[0], 1_000_000 * (1 - passes[3]))


def test_operations_of_a_unit_are_counted_apart(api: pyWATS) -> None:
    submit(api, "1", good=False)
    submit(api, "1", minutes(1), code=101)
    rows = api.analytics.get_dynamic_yield(
        WatsFilter(part_number="P"), dimensions="processCode desc"
    )
    assert [(row.process_code, row.unit_count, row.fp_count) for row in rows] == [
        (101, 1, 1),
        (100, 1, 0),
    ]


def test_a_unit_whose_first_run_is_filtered_out_has_not_passed_first(api: pyWATS) -> None:
    submit(api, "1", minutes(0), good=False)
    submit(api, "1", minutes(1))
    row = only(api.analytics.get_dynamic_yield(WatsFilter(date_from=minutes(1))))
    assert (row.unit_count, row.fp_count, row.sp_count, row.retest_count) == (1, 0, 1, 1)


def test_a_unit_belongs_to_the_row_of_its_first_test(api: pyWATS) -> None:
    submit(api, "1", minutes(0), good=False, station_name="first")
    submit(api, "1", minutes(1), station_name="second")
    rows = api.analytics.get_dynamic_yield(PART, dimensions="stationName")
    assert [(row.station_name, row.unit_count, row.lp_count, row.fpy) for row in rows] == [
        ("first", 1, 1, 0.0),
        ("second", 0, 0, None),
    ]
    assert [(row.test_report_count, row.test_yield) for row in rows] == [(1, 0.0), (1, 100.0)]


def test_a_report_with_several_values_is_counted_for_each(api: pyWATS) -> None:
    report = submit(api, "1")
    report.add_misc_info("Firmware", "1.0")
    report.add_misc_info("Batch", "B")
    report.assets = None
    api.report.submit(report)
    submit(api, "2", minutes(1))
    rows = api.analytics.get_dynamic_yield(
        PART, dimensions=["miscInfoDescription", "assetName", "unitCount"]
    )
    assert [(row.misc_info_description, row.unit_count) for row in rows] == [
        (None, 1),
        ("Batch", 1),
        ("Firmware", 1),
    ]
    (filtered,) = api.analytics.get_uut_reports(WatsFilter(misc_value="B"))
    assert filtered.serial_number == "1"
    apart = WatsFilter(misc_description="Firmware", misc_value="B")
    assert api.analytics.get_uut_reports(apart) == []


def test_counts_limit_reports_and_rows(api: pyWATS) -> None:
    for index in range(3):
        submit(api, "1", minutes(index), good=False)
    submit(api, "2", minutes(3), code=101)
    both = WatsFilter(part_number="P")
    assert len(api.analytics.get_high_volume(both)) == 2
    newest = both.model_copy(update={"max_count": 1})
    assert only(api.analytics.get_high_volume(newest)).fp_count == 1
    assert api.analytics.get_high_volume(both.model_copy(update={"min_count": 2})) == []
    assert only(api.analytics.get_worst_yield(both.model_copy(update={"top_count": 1}))).fpy == 0


def test_an_empty_filter_asks_about_the_last_thirty_days(api: pyWATS) -> None:
    submit(api, "1", NOW - timedelta(days=31))
    assert api.analytics.get_dynamic_yield(WatsFilter()) == []
    assert only(api.analytics.get_dynamic_yield(PART)).unit_count == 1
    assert api.analytics.get_recent_high_volume(30, 1, 1) == []
    assert api.analytics.get_measurements(WatsFilter()) == []


@pytest.mark.parametrize(
    ("grouping", "count", "current", "first", "period"),
    [
        (DateGrouping.HOUR, 2, True, "2026-05-20T11:00Z", "2026-05-20 11:00"),
        (DateGrouping.DAY, 2, True, "2026-05-19T00:00Z", "2026-05-19"),
        (None, 2, True, "2026-05-19T00:00Z", "2026-05-19"),
        (DateGrouping.WEEK, 1, True, "2026-05-18T00:00Z", "2026-W21"),
        (DateGrouping.MONTH, 6, True, "2025-12-01T00:00Z", "2025-12"),
        (DateGrouping.QUARTER, 1, True, "2026-04-01T00:00Z", "2026-Q2"),
        (DateGrouping.YEAR, 1, True, "2026-01-01T00:00Z", "2026"),
        (DateGrouping.NONE, 1, True, "2026-05-20T00:00Z", None),
        (DateGrouping.DAY, 2, False, "2026-05-18T00:00Z", "2026-05-18"),
        (DateGrouping.MONTH, 5, False, "2025-12-01T00:00Z", "2025-12"),
    ],
)
def test_periods_reach_back(
    api: pyWATS,
    grouping: DateGrouping | None,
    count: int,
    current: bool,  # noqa: FBT001 - a parameter of the test
    first: str,
    period: str | None,
) -> None:
    begin = datetime.fromisoformat(first)
    submit(api, "before", begin - timedelta(seconds=1))
    submit(api, "first", begin)
    submit(api, "now", NOW)
    asked = WatsFilter(date_grouping=grouping, period_count=count, include_current_period=current)
    found = [row.serial_number for row in api.analytics.get_uut_reports(asked)]
    assert found == (["now", "first"] if current else ["first"])
    asked.serial_number = "first"
    assert only(api.analytics.get_dynamic_yield(asked, dimensions="period")).period == period


@pytest.mark.parametrize("grouping", [DateGrouping.HOUR, DateGrouping.YEAR])
def test_more_periods_than_there_were_reach_back_to_the_first(
    api: pyWATS, grouping: DateGrouping
) -> None:
    submit(api, "1", datetime(1970, 1, 1, tzinfo=UTC))
    asked = WatsFilter(date_grouping=grouping, period_count=10**9, include_current_period=False)
    (row,) = api.analytics.get_uut_reports(asked)
    assert row.serial_number == "1"


@pytest.mark.parametrize(
    "asked",
    [
        {"serial_number": "2"},
        {"part_number": "Q"},
        {"revision": "B"},
        {"batch_number": "B-2"},
        {"station_name": "ST-2"},
        {"test_operation": "Second"},
        {"test_operation": "102"},
        {"status": "Failed"},
        {"misc_description": "Site"},
        {"sw_filename": "second.seq"},
        {"sw_version": "2.0"},
        {"socket": "2"},
        {"product_group": "Second"},
        {"product_group": "Other;Second"},
        {"date_from": minutes(1)},
    ],
)
def test_each_field_of_the_filter_restricts(api: pyWATS, asked: dict[str, Any]) -> None:
    api.product.create_product("Q")
    api.product.create_revision("Q", "B")
    api.product.create_group("Second")
    api.product.add_product_group_filter("Second", "Q")
    submit(api, "1")
    report = submit(
        api,
        "2",
        minutes(1),
        good=False,
        code=102,
        part_number="Q",
        revision="B",
        station_name="ST-2",
        process_name="Second",
    )
    assert report.info is not None
    report.info.batch_number = "B-2"
    report.info.test_socket_index = 2
    report.add_misc_info("Site", "North")
    report.sequence().seq_call = report.sequence().add_sequence("s", "second.seq", "2.0").seq_call
    api.report.submit(report)
    found = api.analytics.get_uut_reports(WatsFilter.model_validate(asked))
    assert [row.serial_number for row in found] == ["2"]
    until = WatsFilter(date_to=NOW, level="All stations", part_number="P")
    assert [row.serial_number for row in api.analytics.get_uut_reports(until)] == ["1"]
    assert api.analytics.get_uut_reports(WatsFilter(level="Elsewhere")) == []


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("UutReport", {"topCount": "5"}, "The value '5' is not valid for topCount."),
        ("UutReport", {"topCount": 0}, "The value '0' is not valid for topCount."),
        ("UutReport", {"partNumber": 7}, "The value '7' is not valid for partNumber."),
        ("UutReport", {"dateFrom": "today"}, "The value 'today' is not a date and time."),
        ("UutReport", {"dateGrouping": 6}, "The value '6' is not valid for dateGrouping."),
        ("UutReport", [], "The request is invalid."),
        ("Measurements", {"partNumber": "P"}, "The testOperation filter is required."),
        ("TestStepAnalysis", {"testOperation": "1"}, "The partNumber filter is required."),
        (
            "TestStepAnalysis",
            {"partNumber": "P", "testOperation": "1", "run": 4},
            "The value '4' is not valid for run.",
        ),
        ("DynamicYield", {"dimensions": "colour"}, "The dimension 'colour' is not supported."),
        ("DynamicYield", {"dimensions": "fpy up"}, "The dimension 'fpy up' is not supported."),
        ("DynamicRepair", {"dimensions": "fpy"}, "The dimension 'fpy' is not supported."),
        ("OeeAnalysis", {}, "The availableTime parameter must be hours by weekday."),
        ("OeeAnalysis?availableTime=1,2", {}, "The availableTime parameter must be hours"),
        ("OeeAnalysis?availableTime=1,1,1,1,1,1,1&targetOutput=x", {}, "'x' is not valid for"),
    ],
)
def test_what_is_no_filter_is_a_bad_request(
    sandbox: Sandbox, path: str, body: object, message: str
) -> None:
    auth = httpx.BasicAuth(sandbox.username, sandbox.password)
    response = httpx.post(f"{sandbox.base_url}/api/App/{path}", json=body, auth=auth)
    assert response.status_code == 400
    assert message in response.json()["Message"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("App/HighVolume?productGroupId=1&levelId=1", "The days parameter is required."),
        ("App/HighVolume?days=x&productGroupId=1&levelId=1", "The value 'x' is not valid for days"),
        ("App/HighVolume?days=1&levelId=1", "The productGroupId parameter is required."),
        ("App/TopFailed?days=1", "The partNumber parameter is required."),
        ("App/RelatedRepairHistory?partNumber=1", "The revision parameter is required."),
        ("App/CommonUserSettings", "The UserName parameter is required."),
        ("internal/UnitFlow/Nodes", "The filter parameter is required."),
        ("internal/UnitFlow/Nodes?filter=x", "The filter is not valid."),
        (
            "internal/App/StepStatusList?days=1&productGroupId=1&levelId=1&stepFilters=x",
            "The sequenceFilters parameter is required.",
        ),
    ],
)
def test_parameters_are_required(sandbox: Sandbox, path: str, message: str) -> None:
    auth = httpx.BasicAuth(sandbox.username, sandbox.password)
    response = httpx.get(f"{sandbox.base_url}/api/{path}", auth=auth)
    assert response.status_code == 400
    assert message in response.json()["Message"]


def test_unknown_fields_and_times_without_a_zone_are_taken_as_they_are(
    api: pyWATS, sandbox: Sandbox
) -> None:
    submit(api, "1")
    auth = httpx.BasicAuth(sandbox.username, sandbox.password)
    body = {"future": [1], "partNumber": None, "dateFrom": "2026-05-20T12:30:00"}
    response = httpx.post(f"{sandbox.base_url}/api/App/UutReport", json=body, auth=auth)
    assert [row["serialNumber"] for row in response.json()] == ["1"]
