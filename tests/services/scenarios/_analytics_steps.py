"""Scenarios of steps and measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from pywats.models import RunFilter, TopFailedStep, WatsFilter, measurement_path
from tests.services.scenarios._analytics_production import RAILS, VOLTAGE, produce, report_id
from tests.services.scenarios._analytics_yield import LATER

if TYPE_CHECKING:
    from tests.services.bench import Bench

ICT = WatsFilter(part_number="PN-1", test_operation="ICT")


async def most_failed(bench: Bench) -> None:
    await produce(bench)
    (row,) = await bench.call("get_top_failed", ICT, top_count=3)
    assert bench.sent == ["POST /api/App/TopFailed"]
    assert bench.last == {"partNumber": "PN-1", "testOperation": "ICT", "topCount": 3}
    assert row == TopFailedStep.model_validate(
        {
            "stepName": "Voltage",
            "stepPath": VOLTAGE,
            "stepType": "ET_NLT",
            "stepGroup": "M",
            "partNumber": "PN-1",
            "revision": "A",
            "productGroup": "Power",
            "failCount": 3,
            "totalCount": 5,
            "failRate": 60.0,
            "firstFailDate": "2026-01-02T03:04:05Z",
            "lastFailDate": "2026-01-02T03:15:05Z",
            "stepFilters": '<StepFilters><Filter Value="Voltage" /></StepFilters>',
            "sequenceFilters": (
                '<SequenceFilters><Filter Value="MainSequence Callback" /></SequenceFilters>'
            ),
        }
    )
    assert await bench.call("get_top_failed_internal", ICT, 3) == [row]
    assert bench.sent == ["POST /api/internal/App/TopFailed"]
    query = "partNumber=PN-1&processCode=100&productGroupId=1&levelId=1&days=7&count"
    assert await bench.call("get_recent_top_failed", "PN-1", 100, 1, 1, 7) == [row]
    assert bench.sent == [f"GET /api/App/TopFailed?{query}=10"]
    assert await bench.call("get_top_failed_by_product", "PN-1", "100", "1", "1", 7, 5) == [row]
    assert bench.sent == [f"GET /api/internal/App/TopFailed?{query}=5"]
    assert await bench.call("get_top_failed", WatsFilter(test_operation="Final")) == []
    assert bench.last == {"testOperation": "Final"}


async def one_step(bench: Bench) -> None:
    await produce(bench)
    (row,) = await bench.call("get_top_failed_internal", ICT)
    step = (row.step_filters, row.sequence_filters)
    encoded = [quote(text, safe="") for text in step]
    names = f"stepFilters={encoded[0]}&sequenceFilters={encoded[1]}"
    recent = f"productGroupId=1&levelId=1&days=7&{names}"
    statuses = await bench.call("get_step_status_list", WatsFilter(test_operation="ICT"), *step)
    assert bench.sent == [f"POST /api/internal/App/StepStatusList?{names}"]
    assert bench.last == {"testOperation": "ICT"}
    assert [(item.serial_number, item.status, item.report_id) for item in statuses] == [
        ("SN-3", "Failed", report_id(5)),
        ("SN-1", "Passed", report_id(4)),
        ("SN-3", "Failed", report_id(3)),
        ("SN-2", "Passed", report_id(2)),
        ("SN-1", "Failed", report_id(1)),
    ]
    assert {item.step_path for item in statuses} == {VOLTAGE}
    everything = await bench.call("get_step_status_list_by_product", 1, 1, 7, *step)
    assert bench.sent == [f"GET /api/internal/App/StepStatusList?{recent}"]
    assert everything[2:] == statuses
    measured = await bench.call("get_measurement_list", WatsFilter(test_operation="ICT"), *step)
    assert bench.sent == [f"POST /api/internal/App/MeasurementList?{names}"]
    assert [item.value for item in measured] == [4.0, 5.1, 5.5, 5.0, 6.0]
    assert [item.status for item in measured[:2]] == ["Failed", "Passed"]
    first = measured[0]
    assert (first.limit_low, first.limit_high, first.unit) == (4.9, 5.2, "V")
    assert (first.station_name, first.step_name) == ("ST-1", "Voltage")
    everything = await bench.call("get_measurement_list_by_product", 1, 1, 7, *step)
    assert bench.sent == [f"GET /api/internal/App/MeasurementList?{recent}"]
    assert [item.value for item in everything] == [5.1, 5.0, 4.0, 5.1, 5.5, 5.0, 6.0]


async def statistics(bench: Bench) -> None:
    await produce(bench, LATER)
    asked = ICT.model_copy(update={"date_from": LATER})
    rows = await bench.call("get_test_step_analysis", asked, run=RunFilter.ALL)
    assert bench.sent == ["POST /api/App/TestStepAnalysis"]
    assert bench.last == {
        "partNumber": "PN-1",
        "testOperation": "ICT",
        "dateFrom": "2099-01-01T00:00:00Z",
        "run": -2,
    }
    assert [(row.step_path, row.measure_name, row.measure_count) for row in rows] == [
        ("MainSequence Callback", None, None),
        (VOLTAGE, None, 5),
        ("MainSequence Callback¶Power", None, None),
        (RAILS, "3V3", 5),
        (RAILS, "12V", 5),
        ("MainSequence Callback¶Power¶Version", None, None),
    ]
    voltage = rows[1]
    assert (voltage.step_count, voltage.step_passed_count, voltage.step_failed_count) == (5, 2, 3)
    assert (voltage.step_caused_uut_failed, voltage.step_time_avg) == (3, 2.0)
    assert (voltage.min, voltage.max, voltage.avg) == (4.0, 6.0, pytest.approx(5.12))
    assert (voltage.measure_count_wof, voltage.min_wof, voltage.max_wof) == (2, 5.0, 5.1)
    assert (voltage.limit1, voltage.limit2, voltage.comp_operator) == (4.9, 5.2, "GELE")
    assert (voltage.stdev, voltage.var) == (pytest.approx(0.547**0.5), pytest.approx(0.547))
    # Of 5.0 and 5.1 the mean is 5.05 and the standard deviation 0.1 / sqrt(2).
    assert (voltage.cp_wof, voltage.cpk_wof) == (
        pytest.approx(0.3 / (6 * 0.0707107)),
        pytest.approx(0.15 / (3 * 0.0707107)),
    )
    first = await bench.call("get_test_step_analysis", asked)
    assert "run" not in bench.last
    assert first[1].measure_count == 3
    found = await bench.call(
        "get_test_step_analysis_for_operation",
        "PN-1",
        "ICT",
        revision="A",
        days=2,
        run=RunFilter.LAST,
        max_count=4,
    )
    assert bench.last.pop("dateFrom") < "2099"
    assert found[1].avg == pytest.approx((5.0 + 5.1 + 4.0) / 3)


async def measurements(bench: Bench) -> None:
    await produce(bench)
    path = measurement_path("MainSequence Callback", "Voltage")
    rows = await bench.call("get_measurements", ICT, measurement_paths=path)
    assert bench.sent == [f"POST /api/App/Measurements?measurementPaths={quote(path)}"]
    assert bench.last == {"partNumber": "PN-1", "testOperation": "ICT"}
    assert [(row.serial_number, row.value, row.status) for row in rows] == [
        ("SN-3", 4.0, "Failed"),
        ("SN-1", 5.1, "Passed"),
        ("SN-3", 5.5, "Failed"),
        ("SN-2", 5.0, "Passed"),
        ("SN-1", 6.0, "Failed"),
    ]
    last = rows[-1]
    assert (last.report_id, last.limit_low, last.limit_high, last.unit) == (
        report_id(1),
        4.9,
        5.2,
        "V",
    )
    assert last.timestamp.isoformat() == "2026-01-02T03:04:05+00:00"
    rail = measurement_path("MainSequence Callback", "Power", "Rails", measurement="12V")
    voltage, twelve = await bench.call(
        "get_aggregated_measurements", ICT, measurement_paths=[path, rail]
    )
    paths = quote(f"{path};{rail}", safe="")
    assert bench.sent == [f"POST /api/App/AggregatedMeasurements?measurementPaths={paths}"]
    assert (voltage.step_path, voltage.count, voltage.avg) == (VOLTAGE, 5, pytest.approx(5.12))
    assert (voltage.part_number, voltage.revision, voltage.unit) == ("PN-1", "A", "V")
    assert (twelve.step_path, twelve.min, twelve.max) == (f"{RAILS}¶¶12V", 12.1, 12.5)
    assert (twelve.limit_low, twelve.limit_high, twelve.cp) == (12.0, None, None)
    assert twelve.variance == pytest.approx(0.025)
    assert twelve.cpk == twelve.cp_lower == pytest.approx(0.3 / (3 * 0.025**0.5))
    # The steps that failed most, of the last seven days.
    assert {row.step_path for row in await bench.call("get_measurements", WatsFilter())} == {
        VOLTAGE
    }
    assert bench.sent == ["POST /api/App/Measurements"]


SCENARIOS = [most_failed, one_step, statistics, measurements]
