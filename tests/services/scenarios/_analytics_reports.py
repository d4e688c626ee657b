"""Scenarios of report lists, repairs, alarms, and what the server offers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import (
    AlarmType,
    CommonUserSettings,
    LevelInfo,
    RepairDimension,
    RepairHistoryRecord,
    RepairKpi,
    RepairStatistics,
    StatusFilter,
    WatsFilter,
)
from tests.services.bench import START
from tests.services.scenarios._analytics_production import VOLTAGE, produce, report_id

if TYPE_CHECKING:
    from pywats.models import ReportHeader
    from tests.services.bench import Bench


def ids(rows: list[ReportHeader]) -> list[int]:
    return [int(str(row.uuid)[-2:]) for row in rows]


async def reports(bench: Bench) -> None:
    await produce(bench)
    assert ids(await bench.call("get_uut_reports", WatsFilter(top_count=3))) == [7, 6, 5]
    assert bench.sent == ["POST /api/App/UutReport"]
    assert bench.last == {"topCount": 3}
    assert ids(await bench.call("get_uut_reports")) == [7, 6, 5, 4, 3, 2, 1]
    assert bench.sent == ["GET /api/App/UutReport"]
    rows = await bench.call(
        "get_uut_reports",
        product_group_id=1,
        level_id="1",
        part_number="PN-1",
        revision="A",
        serial_number="SN-1",
        status=StatusFilter.FAILED,
        station_name="ST-1",
        test_operation="ICT",
        date_from=START,
        date_to=START + timedelta(hours=1),
    )
    assert dict(bench.requests[0].query) == {
        "serialNumber": "SN-1",
        "partNumber": "PN-1",
        "revision": "A",
        "stationName": "ST-1",
        "testOperation": "ICT",
        "status": "Failed",
        "dateFrom": "2026-01-02T03:04:05+00:00",
        "dateTo": "2026-01-02T04:04:05+00:00",
        "productGroupId": "1",
        "levelId": "1",
    }
    assert ids(rows) == [1]
    assert (rows[0].caused_uut_failure, rows[0].run) == ("Voltage", 1)
    assert await bench.call("get_uut_reports", batch_number="B-1") == []
    assert ids(await bench.call("get_uur_reports", WatsFilter(test_operation="ICT"))) == [9]
    assert bench.sent == ["POST /api/App/UurReport"]
    history = await bench.call("get_serial_number_history", WatsFilter(serial_number="SN-3"))
    assert bench.sent == ["POST /api/App/SerialNumberHistory"]
    assert ids(history) == [5, 9, 3]
    assert [row.report_type for row in history] == ["U", "R", "U"]


async def repairs(bench: Bench) -> None:
    await produce(bench)
    (row,) = await bench.call("get_dynamic_repair", WatsFilter())
    assert bench.sent == ["POST /api/App/DynamicRepair"]
    assert (row.part_number, row.repair_report_count, row.repair_count) == ("PN-1", 1, 1)
    named = [
        RepairDimension.REPAIR_CATEGORY,
        RepairDimension.COMPONENT_REF,
        RepairDimension.REFERENCED_STEP_PATH,
        RepairDimension.TEST_OPERATION,
        RepairDimension.TEST_STATION_NAME,
        f"{RepairKpi.REPAIR_COUNT} desc",
    ]
    rows = await bench.call(
        "get_dynamic_repair", WatsFilter(serial_number="SN-3"), dimensions=named
    )
    assert dict(bench.requests[0].query) == {"dimensions": ";".join(named)}
    assert bench.last == {"serialNumber": "SN-3"}
    assert rows == [
        RepairStatistics(
            repair_category="Soldering",
            component_ref="R12",
            referenced_step_path=VOLTAGE,
            test_operation="ICT",
            test_station_name="ST-1",
            repair_count=1,
        )
    ]
    history = await bench.call("get_related_repair_history", "PN-1", "A")
    assert bench.sent == ["GET /api/App/RelatedRepairHistory?partNumber=PN-1&revision=A"]
    assert history == [
        RepairHistoryRecord.model_validate(
            {
                "serialNumber": "SN-3",
                "partNumber": "PN-1",
                "revision": "A",
                "reportId": report_id(9),
                "repairDate": "2026-01-02T03:09:05Z",
                "failStepName": "Voltage",
                "failStepPath": VOLTAGE,
                "failCode": "Cold joint",
                "symptom": "Soldering",
                "action": "Resoldered",
            }
        )
    ]
    for codes, found in (((500, 100), history), (("501", 100), []), ((500, "101"), [])):
        repair, test = codes
        assert (
            await bench.call(
                "get_related_repair_history",
                "PN-1",
                "A",
                repair_operation_code=repair,
                test_operation_code=test,
            )
            == found
        )
        assert bench.sent[0].endswith(f"&repairOperationCode={repair}&testOperationCode={test}")


async def alarms(bench: Bench) -> None:
    await produce(bench)
    first, *others = await bench.call("get_alarm_logs")
    path = "/api/internal/Trigger/GetAlarmAndNotificationLogs"
    assert bench.sent == [f"POST {path}"]
    assert bench.last == {}
    assert len(others) == 2
    assert (first.type, first.serial_number, first.report_guid) == (
        AlarmType.REPORT,
        "SN-3",
        report_id(5),
    )
    assert (first.process_code, first.process_name, first.result) == ("100", "ICT", "Failed")
    (alarm,) = await bench.call(
        "get_alarm_logs",
        AlarmType.REPORT,
        1,
        START,
        START + timedelta(minutes=1),
        "Power",
        "All stations",
        include_calculation_string=True,
    )
    assert bench.sent == [f"POST {path}?includeTypes=1&includeCalculationString=true"]
    assert bench.last == {
        "topCount": 1,
        "dateFrom": "2026-01-02T03:04:05Z",
        "dateTo": "2026-01-02T03:05:05Z",
        "productGroup": "Power",
        "level": "All stations",
    }
    assert (alarm.serial_number, alarm.calculations_string) == ("SN-1", "result = Failed")
    assert await bench.call("get_alarm_logs", 5) == []


async def what_the_server_offers(bench: Bench) -> None:
    await produce(bench)
    assert await bench.call("get_version") == "25.1.0"
    assert bench.sent == ["GET /api/App/Version"]
    processes = await bench.call("get_processes")
    assert bench.sent == ["GET /api/App/Processes"]
    assert {100, 500} <= {process.code for process in processes}
    for flags, query in (
        ((True,), "includeTestOperations=true"),
        ((None, True), "includeRepairOperations=true"),
        ((None, None, True, True), "includeWipOperations=true&includeInactiveProcesses=true"),
    ):
        found = await bench.call("get_processes", *flags)
        assert bench.sent == [f"GET /api/App/Processes?{query}"]
        kinds = {
            (each.is_test_operation, each.is_repair_operation, each.is_wip_operation)
            for each in found
        }
        assert kinds == {tuple(each == len(flags) - 1 - (len(flags) == 4) for each in range(3))}
    assert await bench.call("get_levels") == [LevelInfo(level_id=1, level_name="All stations")]
    assert bench.sent == ["GET /api/App/Levels"]
    (group,) = await bench.call("get_product_groups")
    assert bench.sent == ["GET /api/App/ProductGroups"]
    assert (group.id, group.name, group.details) == (1, "Power", None)
    (group,) = await bench.call("get_product_groups", include_filters=True)
    assert bench.sent == ["GET /api/App/ProductGroups?includeFilters=true"]
    assert [rule.part_number for rule in group.details] == ["PN-1"]
    settings = await bench.call("get_common_user_settings", "jane@example.com")
    assert bench.sent == ["GET /api/App/CommonUserSettings?UserName=jane%40example.com"]
    assert settings == CommonUserSettings(
        full_name="jane@example.com",
        culture_code="en-US",
        email=None,
        roles=["Administrator"],
        levels=["All stations"],
        product_groups=["Power"],
    )


SCENARIOS = [reports, repairs, alarms, what_the_server_offers]
