"""Scenarios of yield and OEE."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from pywats.models import (
    DateGrouping,
    WatsFilter,
    YieldData,
    YieldDimension,
    YieldKpi,
)
from tests.services.bench import START
from tests.services.scenarios._analytics_production import produce

if TYPE_CHECKING:
    from tests.services.bench import Bench

# Later than any day on which this runs, so that "the last days" hold it.
LATER = datetime(2099, 1, 1, tzinfo=UTC)
ICT_NUMBERS = {
    "unitCount": 3,
    "fpCount": 1,
    "fpFailCount": 2,
    "fpy": pytest.approx(100 / 3),
    "ppmFpy": pytest.approx(2_000_000 / 3),
    "spCount": 2,
    "spFailCount": 1,
    "spy": pytest.approx(200 / 3),
    "ppmSpy": pytest.approx(1_000_000 / 3),
    "tpCount": 2,
    "tpFailCount": 1,
    "tpy": pytest.approx(200 / 3),
    "ppmTpy": pytest.approx(1_000_000 / 3),
    "lpCount": 2,
    "lpFailCount": 1,
    "lpy": pytest.approx(200 / 3),
    "ppmLpy": pytest.approx(1_000_000 / 3),
    "testReportCount": 5,
    "testYieldCount": 2,
    "testYield": 40.0,
    "ppmTestYield": 600_000.0,
    "retestCount": 2,
    "firstUtc": "2026-01-02T03:04:05Z",
    "lastUtc": "2026-01-02T03:15:05Z",
}


def wire(row: YieldData) -> dict[str, object]:
    return row.model_dump(mode="json", by_alias=True, exclude_unset=True)


def short(rows: list[YieldData]) -> list[tuple[str | None, int | None, int | None]]:
    return [(row.test_operation, row.unit_count, row.fp_count) for row in rows]


async def dynamic_yield(bench: Bench) -> None:
    await produce(bench)
    ict, final = await bench.call("get_dynamic_yield", WatsFilter())
    assert bench.sent == ["POST /api/App/DynamicYield"]
    assert bench.last == {}
    assert wire(ict) == {"partNumber": "PN-1", "testOperation": "ICT"} | ICT_NUMBERS
    assert (final.test_operation, final.unit_count, final.fpy) == ("Final", 2, 100.0)
    (row,) = await bench.call(
        "get_dynamic_yield",
        WatsFilter(part_number="PN-1", test_operation="Final", status="Passed"),
        dimensions=[YieldDimension.STATION_NAME, f"{YieldKpi.UNIT_COUNT} desc", YieldKpi.LPY],
    )
    assert bench.sent == [
        "POST /api/App/DynamicYield?dimensions=stationName%3BunitCount%20desc%3Blpy"
    ]
    assert bench.last == {"partNumber": "PN-1", "testOperation": "Final", "status": "Passed"}
    assert wire(row) == {"stationName": "ST-2", "unitCount": 2, "lpy": 100.0}
    rows = await bench.call(
        "get_dynamic_yield",
        WatsFilter(
            date_grouping=DateGrouping.HOUR,
            period_count=2,
            include_current_period=True,
            dimensions="period;testOperation desc;unitCount",
        ),
    )
    assert [wire(row) for row in rows] == [
        {"period": "2026-01-02 03:00", "testOperation": "ICT", "unitCount": 3},
        {"period": "2026-01-02 03:00", "testOperation": "Final", "unitCount": 2},
    ]


async def ready_made_yield(bench: Bench) -> None:
    await produce(bench, LATER)
    ict, final = await bench.call("get_yield_summary", "PN-1", "A", days=3)
    dimensions = quote("partNumber;revision;testOperation", safe="")
    assert bench.sent == [f"POST /api/App/DynamicYield?dimensions={dimensions}"]
    since = datetime.fromisoformat(bench.last.pop("dateFrom"))
    assert timedelta(0) <= datetime.now(UTC) - timedelta(days=3) - since < timedelta(minutes=5)
    assert [(row.revision, row.test_operation, row.unit_count) for row in (final, ict)] == [
        ("A", "ICT", 3),
        ("A", "Final", 2),
    ]
    (row,) = await bench.call("get_station_yield", "ST-1")
    assert set(bench.last) == {"stationName", "dateFrom"}
    assert (row.station_name, row.part_number, row.test_operation) == ("ST-1", "PN-1", "ICT")
    assert await bench.call("get_station_yield", "ST-3") == []


async def yield_lists(bench: Bench) -> None:
    await produce(bench)
    by_volume = [("ICT", 3, 1), ("Final", 2, 2)]
    group = WatsFilter(product_group="Power", level="All stations", period_count=1)
    for method, path, expected in (
        ("get_volume_yield", "VolumeYield", by_volume),
        ("get_high_volume", "HighVolume", by_volume),
        ("get_worst_yield", "WorstYield", by_volume),
    ):
        asked = group.model_copy(update={"include_current_period": True})
        assert short(await bench.call(method, asked)) == expected
        assert bench.sent == [f"POST /api/App/{path}"]
        assert bench.last == {
            "productGroup": "Power",
            "level": "All stations",
            "periodCount": 1,
            "includeCurrentPeriod": True,
        }
        # The reports are of the period that has not ended yet.
        assert await bench.call(method, group) == []
        assert short(await bench.call(method, WatsFilter(top_count=1))) == expected[:1]
        assert short(await bench.call(method, WatsFilter(min_count=3))) == [("ICT", 3, 1)]
    for method, path in (
        ("get_recent_volume_yield", "VolumeYield"),
        ("get_recent_high_volume", "HighVolume"),
        ("get_recent_worst_yield", "WorstYield"),
    ):
        assert short(await bench.call(method, 7, 1, "1;2")) == by_volume
        assert bench.sent == [f"GET /api/App/{path}?days=7&productGroupId=1&levelId=1%3B2"]
        assert await bench.call(method, 7, 99, 1) == []
        assert await bench.call(method, 7, 1, 99) == []
    for method, path in (
        ("get_high_volume_by_product_group", "HighVolumeByProductGroup"),
        ("get_worst_yield_by_product_group", "WorstYieldByProductGroup"),
    ):
        (row,) = await bench.call(method, WatsFilter())
        assert bench.sent == [f"POST /api/App/{path}"]
        assert (row.product_group, row.unit_count, row.fp_count) == ("Power", 5, 3)


async def effectiveness(bench: Bench) -> None:
    await produce(bench)
    day = WatsFilter(date_from=START, date_to=START + timedelta(days=1))
    result = await bench.call(
        "get_oee_analysis", day, [24, 24, 24, 24, 0.5, 0, 0], target_output=14
    )
    assert bench.sent == [
        "POST /api/App/OeeAnalysis?availableTime=24%2C24%2C24%2C24%2C0.5%2C0%2C0&targetOutput=14"
    ]
    assert bench.last == {
        "dateFrom": "2026-01-02T03:04:05Z",
        "dateTo": "2026-01-03T03:04:05Z",
    }
    # A Friday: 70 s of half an hour, 7 of 14 units, 4 of 7 good.
    assert result.model_dump(exclude_unset=True) == {
        "oee": pytest.approx(100 * 70 / 1800 * 7 / 14 * 4 / 7),
        "availability": pytest.approx(100 * 70 / 1800),
        "performance": 50.0,
        "quality": pytest.approx(400 / 7),
        "total_time": 86_400,
        "run_time": 70,
        "down_time": 1730,
        "planned_production_time": 1800,
        "total_count": 7,
        "good_count": 4,
        "reject_count": 3,
        "actual_cycle_time": 10,
    }
    none = await bench.call(
        "get_oee_analysis",
        WatsFilter(),
        (24.0,) * 7,
        min_connection_time=0,
        max_connection_time=9,
        min_execution_time=1,
        max_execution_time=9,
    )
    assert dict(bench.requests[0].query) == {
        "availableTime": "24,24,24,24,24,24,24",
        "minConnectionTime": "0",
        "maxConnectionTime": "9",
        "minExecutionTime": "1",
        "maxExecutionTime": "9",
    }
    assert (none.total_count, none.oee, none.quality) == (0, None, None)


SCENARIOS = [dynamic_yield, ready_made_yield, yield_lists, effectiveness]
