"""The filter, the paths of measurements, and what else the analytics models decide."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from pywats.models import (
    AlarmLog,
    AlarmType,
    DateGrouping,
    ProcessInfo,
    StatusFilter,
    StepAnalysisRow,
    UnitFlowNode,
    WatsFilter,
    measurement_path,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_a_filter_has_the_names_of_the_api() -> None:
    everything = WatsFilter(
        serial_number="SN",
        part_number="PN",
        revision="A",
        batch_number="B",
        station_name="ST",
        test_operation="ICT",
        status=StatusFilter.FAILED,
        yield_value=1,
        misc_description="Site",
        misc_value="North",
        product_group="Power",
        level="Hall",
        sw_filename="a.seq",
        sw_version="1.0",
        socket="2",
        date_from=NOON,
        date_to=NOON.astimezone(timezone(timedelta(hours=2))),
        date_grouping=DateGrouping.NONE,
        period_count=3,
        include_current_period=False,
        max_count=10,
        min_count=0,
        top_count=5,
        dimensions="period;fpy desc",
    )
    assert json.loads(everything.to_wire_json()) == {
        "serialNumber": "SN",
        "partNumber": "PN",
        "revision": "A",
        "batchNumber": "B",
        "stationName": "ST",
        "testOperation": "ICT",
        "status": "Failed",
        "yield": 1,
        "miscDescription": "Site",
        "miscValue": "North",
        "productGroup": "Power",
        "level": "Hall",
        "swFilename": "a.seq",
        "swVersion": "1.0",
        "socket": "2",
        "dateFrom": "2026-01-02T12:00:00Z",
        "dateTo": "2026-01-02T14:00:00+02:00",
        "dateGrouping": -1,
        "periodCount": 3,
        "includeCurrentPeriod": False,
        "maxCount": 10,
        "minCount": 0,
        "topCount": 5,
        "dimensions": "period;fpy desc",
    }
    assert WatsFilter.model_validate_json(everything.to_wire_json()) == everything


def test_none_in_a_filter_restricts_nothing() -> None:
    asked = WatsFilter(part_number="PN", status=None)
    asked.part_number = None
    assert asked.to_wire_json() == b"{}"


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        ({"partnumber": "PN"}, "partnumber", "Extra inputs are not permitted"),
        ({"part_number": " "}, "part_number", "must be a non-empty string"),
        ({"part_number": 7}, "part_number", "valid string"),
        ({"status": ""}, "status", "must be a non-empty string"),
        ({"date_from": datetime(2026, 1, 2)}, "date_from", "timezone"),  # noqa: DTZ001 - refused
        ({"date_grouping": 6}, "date_grouping", "-1, 0, 1, 2, 3, 4 or 5"),
        ({"period_count": 0}, "period_count", "greater than or equal to 1"),
        ({"top_count": True}, "top_count", "valid integer"),
        ({"max_count": "7"}, "max_count", "valid integer"),
        ({"min_count": -1}, "min_count", "greater than or equal to 0"),
        ({"yield_value": 1.0}, "yield_value", "valid integer"),
    ],
)
def test_a_filter_refuses_what_cannot_be_meant(
    fields: dict[str, Any], name: str, text: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        WatsFilter.model_validate(fields)
    assert name in str(caught.value)
    assert text in str(caught.value)


def test_a_filter_takes_plain_values_of_enumerations() -> None:
    asked = WatsFilter.model_validate({"status": "Passed", "dateGrouping": 4})
    assert asked.status is StatusFilter.PASSED
    assert asked.date_grouping is DateGrouping.DAY
    assert WatsFilter(status="Future").status == "Future"


def test_paths_name_sequences_step_and_measurement() -> None:
    assert measurement_path("Main", "Step") == "Main¶Step"
    assert measurement_path("Main", "Sub", "Step", measurement="M 0") == "Main¶Sub¶Step¶¶M 0"


@pytest.mark.parametrize(
    ("steps", "measurement", "error", "text"),
    [
        ((), None, ValueError, "steps is empty"),
        (("Main", " "), None, ValueError, r"steps\[1\]=' ': must be a name without '¶' and ';'"),
        (("Main¶Step",), None, ValueError, r"steps\[0\]='Main¶Step'"),
        (("Main",), "a;b", ValueError, "measurement='a;b'"),
        (("Main",), "", ValueError, "measurement=''"),
        (("Main", 7), None, TypeError, r"steps\[1\]=7: must be a string, not int"),
    ],
)
def test_paths_refuse_names_that_they_cannot_spell(
    steps: tuple[Any, ...], measurement: str | None, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        measurement_path(*steps, measurement=measurement)


def test_values_that_a_server_adds_later_stay_plain() -> None:
    assert AlarmLog.model_validate({"type": 5}).type is AlarmType.ASSET
    assert AlarmLog.model_validate({"type": 6}).type == 6


def test_names_with_digits_and_suffixes_are_those_of_the_api() -> None:
    sent = {"limit1Wof": 1.5, "sigmaHigh3Wof": 2.5, "cpLowerWof": 3.5, "var": 0.5, "more": None}
    row = StepAnalysisRow.model_validate_json(json.dumps(sent))
    assert (row.limit1_wof, row.sigma_high_3_wof, row.cp_lower_wof) == (1.5, 2.5, 3.5)
    assert json.loads(row.to_wire_json()) == sent


def test_a_name_that_was_received_is_sent_back() -> None:
    for name in ("yield", "yieldPercent"):
        node = UnitFlowNode.model_validate_json(json.dumps({name: 50.0, "id": "n1"}))
        assert node.yield_percent == 50.0
        assert json.loads(node.to_wire_json()) == {name: 50.0, "id": "n1"}


def test_an_operation_keeps_its_id_and_what_is_unknown() -> None:
    sent = {"code": 500, "ProcessID": "AAAAAAAA-9D5F-4F0E-8F57-0A4A3D1C2B1A", "Properties": None}
    process = ProcessInfo.model_validate_json(json.dumps(sent | {"x": [1]}))
    assert json.loads(process.to_wire_json()) == sent | {"x": [1]}
