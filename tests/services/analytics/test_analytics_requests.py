"""Details of the analytics requests: what is refused, what is retried, what may come back."""

from __future__ import annotations

import inspect
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pywats import RetryConfig, SyncConfig
from pywats.errors import AuthenticationError, BadRequestError, ServerError, WATSDecodeError
from pywats.models import (
    AlarmLog,
    AlarmType,
    MeasurementData,
    RunFilter,
    StatusFilter,
    UnitFlowNode,
    UnitFlowUnit,
    WatsFilter,
)
from pywats.sandbox import Fault
from pywats.services import AnalyticsService, UnitFlowSummary

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

ANY = WatsFilter()
PART = WatsFilter(part_number="PN-1", test_operation="100")
STEP = (
    '<StepFilters><Filter Value="V" /></StepFilters>',
    '<SequenceFilters><Filter Value="Main" /></SequenceFilters>',
)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ASKING_A_FILTER: dict[str, tuple[object, ...]] = {
    "get_aggregated_measurements": (ANY,),
    "get_bottlenecks": (ANY,),
    "get_dynamic_repair": (ANY,),
    "get_dynamic_yield": (ANY,),
    "get_flow_links": (ANY,),
    "get_flow_nodes": (ANY,),
    "get_flow_summary": (ANY,),
    "get_flow_units": (ANY,),
    "get_high_volume": (ANY,),
    "get_high_volume_by_product_group": (ANY,),
    "get_measurement_list": (ANY, *STEP),
    "get_measurements": (ANY,),
    "get_oee_analysis": (ANY, [24] * 7),
    "get_serial_number_history": (ANY,),
    "get_step_status_list": (ANY, *STEP),
    "get_test_step_analysis": (PART,),
    "get_top_failed": (ANY,),
    "get_top_failed_internal": (ANY,),
    "get_unit_flow": (ANY,),
    "get_uur_reports": (ANY,),
    "get_uut_reports": (ANY,),
    "get_volume_yield": (ANY,),
    "get_worst_yield": (ANY,),
    "get_worst_yield_by_product_group": (ANY,),
}
CALLS: dict[str, tuple[object, ...]] = ASKING_A_FILTER | {
    "get_alarm_logs": (),
    "get_common_user_settings": ("jane",),
    "get_levels": (),
    "get_measurement_list_by_product": (1, 1, 7, *STEP),
    "get_processes": (),
    "get_product_groups": (),
    "get_recent_high_volume": (7, 1, 1),
    "get_recent_top_failed": ("PN-1", 100, 1, 1, 7),
    "get_recent_volume_yield": (7, 1, 1),
    "get_recent_worst_yield": (7, 1, 1),
    "get_related_repair_history": ("PN-1", "A"),
    "get_station_yield": ("ST-1",),
    "get_step_status_list_by_product": (1, 1, 7, *STEP),
    "get_test_step_analysis_for_operation": ("PN-1", "100"),
    "get_top_failed_by_product": ("PN-1", 100, 1, 1, 7),
    "get_version": (),
    "get_yield_summary": ("PN-1",),
    "set_unit_order": ([UnitFlowUnit(unit_id=1)],),
    "split_flow_by": ("stationName",),
    "trace_serial_numbers": ([1],),
}


LEAST_RESPONSES = {
    "get_bottlenecks": b"{}",
    "get_common_user_settings": b"{}",
    "get_flow_summary": b"{}",
    "get_oee_analysis": b"{}",
    "get_unit_flow": b"{}",
    "get_version": b'"25.1"',
    "split_flow_by": b"{}",
}


def call(api: pyWATS, method: str, *args: object, **kwargs: object) -> Any:
    return getattr(api.analytics, method)(*args, **kwargs)


def test_the_table_has_every_method() -> None:
    methods = inspect.getmembers(AnalyticsService, inspect.iscoroutinefunction)
    assert set(CALLS) == {name for name, _ in methods if not name.startswith("_")}


@pytest.mark.parametrize("method", CALLS)
def test_no_error_of_the_server_becomes_an_empty_result(
    api: pyWATS, sandbox: Sandbox, method: str
) -> None:
    for status, error in ((500, ServerError), (401, AuthenticationError), (400, BadRequestError)):
        sandbox.inject("*", "*", Fault.status(status), times=1)
        with pytest.raises(error) as caught:
            call(api, method, *CALLS[method])
        assert caught.value.status == status


@pytest.mark.parametrize("method", CALLS)
def test_every_method_only_asks_and_is_retried_after_it_may_have_been_executed(
    connect: Callable[..., pyWATS], sandbox: Sandbox, method: str
) -> None:
    retry = RetryConfig(max_retries=1, max_backoff=0.01)
    api = connect(sync_config=SyncConfig(retry_enabled=True, retry=retry))
    sandbox.inject("*", "*", Fault.reset(executed=True), times=1)
    sandbox.inject("*", "*", Fault.status(200, body=LEAST_RESPONSES.get(method, b"[]")))
    call(api, method, *CALLS[method])
    first, second = sandbox.requests
    assert (first.method, first.target) == (second.method, second.target)


@pytest.mark.parametrize("method", ASKING_A_FILTER)
def test_a_filter_must_be_a_wats_filter(api: pyWATS, sandbox: Sandbox, method: str) -> None:
    _, *others = CALLS[method]
    for wrong in ({"partNumber": "PN-1"}, 7):
        with pytest.raises(TypeError, match=r"filter=.*: must be a WatsFilter, not"):
            call(api, method, wrong, *others)
    backwards = WatsFilter(date_from=NOON, date_to=NOON - timedelta(seconds=1))
    with pytest.raises(ValueError, match=r"filter.date_to=2026-01-02 11:59:59.* is before"):
        call(api, method, backwards, *others)
    assert sandbox.requests == ()


NAIVE = datetime(2026, 1, 2)  # noqa: DTZ001 - it is what is refused


@pytest.mark.parametrize(
    ("method", "args", "kwargs", "error", "text"),
    [
        ("get_dynamic_yield", (ANY,), {"dimensions": ""}, ValueError, "dimensions='': must be"),
        ("get_dynamic_yield", (ANY,), {"dimensions": []}, ValueError, "dimensions is empty"),
        ("get_dynamic_yield", (ANY,), {"dimensions": 7}, TypeError, "dimensions=7: must be a s"),
        ("get_dynamic_yield", (ANY,), {"dimensions": ["a", 7]}, TypeError, r"dimensions\[1\]=7"),
        (
            "get_dynamic_repair",
            (WatsFilter(dimensions="period"),),
            {"dimensions": "level"},
            ValueError,
            "dimensions='level': cannot stand beside filter.dimensions='period'",
        ),
        ("get_yield_summary", ("",), {}, ValueError, "part_number=''"),
        ("get_yield_summary", ("A", " "), {}, ValueError, "revision=' '"),
        ("get_yield_summary", ("A", None, 0), {}, ValueError, "days=0: must be an integer >= 1"),
        ("get_yield_summary", ("A", None, 10**6), {}, ValueError, "days=1000000: reaches back"),
        ("get_station_yield", ("A", 10**10), {}, ValueError, "days=10000000000: reaches back"),
        ("get_station_yield", (None,), {}, TypeError, "station_name=None"),
        ("get_station_yield", ("A", 1.5), {}, TypeError, "days=1.5"),
        ("get_recent_high_volume", (0, 1, 1), {}, ValueError, "days=0"),
        ("get_recent_high_volume", (1, "", 1), {}, ValueError, "product_group_id=''"),
        ("get_recent_worst_yield", (1, -1, 1), {}, ValueError, "product_group_id=-1"),
        ("get_recent_volume_yield", (1, 1, True), {}, TypeError, "level_id=True"),
        ("get_recent_volume_yield", (1, 1, None), {}, TypeError, "level_id=None"),
        ("get_top_failed", (ANY,), {"top_count": 0}, ValueError, "top_count=0"),
        ("get_top_failed_internal", (ANY, "3"), {}, TypeError, "top_count='3'"),
        ("get_recent_top_failed", ("", 1, 1, 1, 1), {}, ValueError, "part_number=''"),
        ("get_recent_top_failed", ("A", None, 1, 1, 1), {}, TypeError, "process_code=None"),
        ("get_top_failed_by_product", ("A", 1, 1, 1, 1, 0), {}, ValueError, "count=0"),
        (
            "get_test_step_analysis",
            (WatsFilter(part_number="A"),),
            {},
            ValueError,
            "filter.test_operation is None: the API requires it here",
        ),
        ("get_test_step_analysis", (PART,), {"run": 4}, ValueError, r"run=4: must be one of 1 \(F"),
        ("get_test_step_analysis", (PART,), {"run": "1"}, TypeError, "run='1': must be one of"),
        ("get_test_step_analysis", (PART,), {"run": True}, TypeError, "run=True: must be one of"),
        (
            "get_test_step_analysis_for_operation",
            ("A", "100"),
            {"max_count": 0},
            ValueError,
            "max_count=0",
        ),
        ("get_step_status_list", (ANY, "", "x"), {}, ValueError, "step_filters=''"),
        ("get_measurement_list", (ANY, "x", None), {}, TypeError, "sequence_filters=None"),
        ("get_measurement_list_by_product", (1, 1, 0, "x", "x"), {}, ValueError, "days=0"),
        ("get_step_status_list_by_product", ("", 1, 1, "x", "x"), {}, ValueError, "product_group"),
        (
            "get_measurements",
            (WatsFilter(test_operation="100"),),
            {},
            ValueError,
            "filter.part_number is None",
        ),
        ("get_measurements", (PART,), {"measurement_paths": " "}, ValueError, "measurement_paths"),
        (
            "get_uut_reports",
            (PART,),
            {"level_id": 1},
            ValueError,
            "level_id=1: cannot stand beside filter",
        ),
        ("get_uut_reports", (), {"status": ""}, ValueError, "status=''"),
        ("get_uut_reports", (), {"date_from": NAIVE}, ValueError, "must have a time zone"),
        (
            "get_uut_reports",
            (),
            {"date_from": NOON, "date_to": NOON - timedelta(1)},
            ValueError,
            "date_to=2026-01-01 .* is before date_from",
        ),
        ("get_related_repair_history", ("A", ""), {}, ValueError, "revision=''"),
        (
            "get_related_repair_history",
            ("A", "1"),
            {"repair_operation_code": -1},
            ValueError,
            "repair_operation_code=-1",
        ),
        ("get_oee_analysis", (ANY, "24,24"), {}, TypeError, "available_time='24,24'"),
        ("get_oee_analysis", (ANY, [24] * 6), {}, ValueError, "must be 7 numbers of hours"),
        ("get_oee_analysis", (ANY, [25] * 7), {}, ValueError, "each 24 at most"),
        ("get_oee_analysis", (ANY, [-1] * 7), {}, ValueError, r"available_time\[0\]=-1"),
        ("get_oee_analysis", (ANY, [1] * 7), {"target_output": 0}, ValueError, "target_output=0"),
        (
            "get_oee_analysis",
            (ANY, [1] * 7),
            {"max_execution_time": 1.5},
            TypeError,
            "max_execution_time=1.5",
        ),
        (
            "split_flow_by",
            ("level", WatsFilter(dimensions="period")),
            {},
            ValueError,
            "filter.dimensions='period': must be None",
        ),
        ("split_flow_by", ("",), {}, ValueError, "dimension=''"),
        ("get_flow_nodes", (" ",), {}, ValueError, "filter=' '"),
        ("trace_serial_numbers", ([],), {}, ValueError, "unit_ids is empty"),
        ("trace_serial_numbers", (["SN-1"],), {}, TypeError, r"unit_ids\[0\]='SN-1'"),
        ("trace_serial_numbers", ("12",), {}, TypeError, "unit_ids='12'"),
        ("set_unit_order", ([],), {}, ValueError, "at least one UnitFlowUnit"),
        ("set_unit_order", ([7],), {}, TypeError, r"units\[0\]=7"),
        ("get_bottlenecks", (ANY, 101), {}, ValueError, "min_yield_threshold=101: must be 100"),
        ("get_bottlenecks", (ANY, "95"), {}, TypeError, "min_yield_threshold='95'"),
        ("get_alarm_logs", (9,), {}, ValueError, r"alarm_type=9: must be one of 1 \(REPORT\)"),
        ("get_alarm_logs", (None, 0), {}, ValueError, "top_count=0"),
        ("get_alarm_logs", (), {"date_to": NAIVE}, ValueError, "date_to=.*must have a time zone"),
        ("get_alarm_logs", (), {"level": ""}, ValueError, "level=''"),
        ("get_alarm_logs", (), {"include_calculation_string": 1}, TypeError, "must be True or F"),
        ("get_processes", ("yes",), {}, TypeError, "include_test_operations='yes'"),
        ("get_product_groups", (0,), {}, TypeError, "include_filters=0"),
        ("get_common_user_settings", ("",), {}, ValueError, "user_name=''"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    method: str,
    args: tuple[object, ...],
    kwargs: dict[str, object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=text):
        call(api, method, *args, **kwargs)
    assert sandbox.requests == ()


ODD = "A/B#1?x 'q' & æ;%2F"


def test_odd_characters_survive_in_query_and_body(api: pyWATS, sandbox: Sandbox) -> None:
    api.analytics.get_uut_reports(serial_number=ODD, status="Odd & new")
    assert dict(sandbox.requests[-1].query) == {"serialNumber": ODD, "status": "Odd & new"}
    api.analytics.get_uut_reports(WatsFilter(serial_number=ODD, status="Odd & new"))
    assert json.loads(sandbox.requests[-1].body) == {"serialNumber": ODD, "status": "Odd & new"}
    api.analytics.get_related_repair_history(ODD, ODD)
    assert dict(sandbox.requests[-1].query) == {"partNumber": ODD, "revision": ODD}
    api.analytics.get_flow_nodes(WatsFilter(part_number=ODD))
    assert json.loads(dict(sandbox.requests[-1].query)["filter"]) == {"partNumber": ODD}


def test_plain_values_stand_for_members_of_enumerations(api: pyWATS, sandbox: Sandbox) -> None:
    for run in (RunFilter.LAST, -1):
        api.analytics.get_test_step_analysis(PART, run=run)
        assert json.loads(sandbox.requests[-1].body)["run"] == -1
    for alarm in (AlarmType.ASSET, 5):
        api.analytics.get_alarm_logs(alarm)
        assert dict(sandbox.requests[-1].query) == {"includeTypes": "5"}
    for status in (StatusFilter.PASSED, "Passed"):
        api.analytics.get_uut_reports(status=status)
        assert dict(sandbox.requests[-1].query) == {"status": "Passed"}


def test_a_count_beside_the_filter_wins_over_that_in_it(api: pyWATS, sandbox: Sandbox) -> None:
    asked = WatsFilter(part_number="A", top_count=5)
    api.analytics.get_top_failed(asked, top_count=2)
    assert json.loads(sandbox.requests[-1].body) == {"partNumber": "A", "topCount": 2}
    assert asked.top_count == 5
    api.analytics.get_top_failed(asked)
    assert json.loads(sandbox.requests[-1].body) == {"partNumber": "A", "topCount": 5}


def responses(sandbox: Sandbox, body: object) -> None:
    sandbox.inject("*", "*", Fault.status(200, body=json.dumps(body).encode()), times=1)


def test_measurements_may_come_in_parts(api: pyWATS, sandbox: Sandbox) -> None:
    plain = {"serialNumber": "SN-1", "value": 1.5}
    part = {"stepPath": "Main¶V", "measurements": [plain, {"value": 2.5, "stepPath": "Main¶W"}]}
    responses(sandbox, [plain, part, {"measurements": []}])
    assert api.analytics.get_measurements(ANY) == [
        MeasurementData(serial_number="SN-1", value=1.5),
        MeasurementData(serial_number="SN-1", value=1.5, step_path="Main¶V"),
        MeasurementData(value=2.5, step_path="Main¶W"),
    ]
    responses(sandbox, [{"measurements": [{"avg": 2.0, "var": 0.5}]}])
    (row,) = api.analytics.get_aggregated_measurements(ANY)
    assert (row.avg, row.variance) == (2.0, 0.5)
    refused: list[object] = [{"measurements": []}, [{"value": "high"}], [7]]
    for wrong in refused:
        responses(sandbox, wrong)
        with pytest.raises(WATSDecodeError, match="which is not what the API promises"):
            api.analytics.get_measurements(ANY)


def test_unknown_fields_nulls_and_other_names_are_kept(api: pyWATS, sandbox: Sandbox) -> None:
    sent = {
        "id": "R-1",
        "limit1": None,
        "limitHigh": 5.5,
        "start_utc": "2026-01-02T03:04:05.1234567",
        "future": {"a": [None]},
    }
    responses(sandbox, [sent])
    (row,) = api.analytics.get_measurements(ANY)
    assert (row.report_id, row.limit_low, row.limit_high) == ("R-1", None, 5.5)
    assert json.loads(row.to_wire_json()) == sent
    alarm = {"type": 9, "assetname": "Fixture", "serialnumber": "F-1", "serialNumber": None}
    responses(sandbox, [alarm | {"assetState": "InOperation"}])
    (log,) = api.analytics.get_alarm_logs()
    assert (log.type, log.asset_name, log.asset_serial_number) == (9, "Fixture", "F-1")
    assert isinstance(log, AlarmLog)
    assert json.loads(log.to_wire_json()) == alarm | {"assetState": "InOperation"}
    unit = {"unitId": 1, "orders": [2], "x": None}
    responses(sandbox, {"units": [unit], "more": 1})
    (found,) = api.analytics.get_unit_flow().units or []
    responses(sandbox, [])
    assert api.analytics.set_unit_order([found]) == []
    assert json.loads(sandbox.requests[-1].body) == [unit]


def test_what_the_api_leaves_undeclared_comes_as_it_is(api: pyWATS, sandbox: Sandbox) -> None:
    for body in (["SN-1"], {"1": "SN-1"}, None):
        responses(sandbox, body)
        assert api.analytics.trace_serial_numbers([1]) == body


def test_figures_of_a_flow_do_with_what_the_server_gives(api: pyWATS, sandbox: Sandbox) -> None:
    nodes = [
        {"name": "counted", "unitCount": 4, "passCount": 1},
        {"name": "said", "yield": 20.0, "unitCount": 4, "passCount": 4},
        {"name": "idle", "unitCount": 0, "passCount": 0},
        {"name": "silent", "unitCount": 3},
        {"name": "good", "yieldPercent": 95.0},
    ]
    responses(sandbox, {"nodes": nodes})
    low = api.analytics.get_bottlenecks()
    assert [node.name for node in low] == ["said", "counted"]
    assert isinstance(low[0], UnitFlowNode)
    responses(sandbox, {"nodes": nodes, "units": [{"unitId": 1}]})
    summary = api.analytics.get_flow_summary()
    assert summary == UnitFlowSummary(5, 0, 1, (20 + 25 + 95) / 3, 20.0, 95.0)
    responses(sandbox, {"totalUnits": 0, "units": [{"unitId": 1}]})
    assert api.analytics.get_flow_summary() == UnitFlowSummary(0, 0, 0, None, None, None)
    responses(sandbox, {})
    assert api.analytics.get_flow_summary() == UnitFlowSummary(0, 0, None, None, None, None)
