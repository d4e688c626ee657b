"""Units, phases, changes, verification and batches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import ProductionBatch, SaveUnitsResult, Unit, UnitPhase, UnitPhaseFlag
from pywats.models.report import ReportStatus
from pywats.services import ReportService
from tests.services.bench import START

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

PUBLIC = "/api/Production"
INTERNAL = "/api/internal/Production"
PHASES = "GET /api/internal/Mes/GetUnitPhases"


async def units_are_saved_and_read(bench: Bench) -> None:
    created = await bench.call(
        "create_units",
        [
            Unit(serial_number="S/1#", part_number="A?1", revision="1"),
            Unit(serial_number="S-2", part_number="B"),
        ],
    )
    assert bench.sent == [f"PUT {PUBLIC}/Units"]
    assert bench.last == [
        {"serialNumber": "S/1#", "partNumber": "A?1", "revision": "1"},
        {"serialNumber": "S-2", "partNumber": "B"},
    ]
    assert created == SaveUnitsResult(insert_count=2, update_count=0, error_count=0, errors=[])
    unit = await bench.call("get_unit", "S/1#", "A?1")
    assert bench.sent == [f"GET {PUBLIC}/Unit/S%2F1%23/A%3F1"]
    assert unit.unit_phase_id is UnitPhaseFlag.UNDER_PRODUCTION
    assert (unit.unit_phase, unit.product.part_number) == ("Under production", "A?1")
    assert (unit.product_revision.revision, unit.sub_units) == ("1", [])
    unit.current_location = "Hall 1"
    updated = await bench.call("update_unit", unit)
    assert bench.sent == [f"PUT {PUBLIC}/Units"]
    assert bench.last[0]["currentLocation"] == "Hall 1"
    assert (updated.insert_count, updated.update_count) == (0, 1)
    assert (await bench.call("get_unit", "S/1#", "A?1")).current_location == "Hall 1"


async def one_unit_through_the_internal_api(bench: Bench) -> None:
    await bench.call("create_batch", ProductionBatch(batch_number="L-1", batch_size=10))
    assert bench.sent == [f"PUT {PUBLIC}/Batches"]
    assert bench.last == [{"batchNumber": "L-1", "batchSize": 10}]
    await bench.call("update_batch", ProductionBatch(batch_number="L-1", batch_size=20))
    await bench.call("save_batches", [ProductionBatch(batch_number="L-2")])
    assert bench.last == [{"batchNumber": "L-2"}]
    made = await bench.call("create_unit", "S-1", "A", "1", "L-1", UnitPhaseFlag.FINALIZED)
    assert bench.sent == [
        f"POST {INTERNAL}/CreateUnit?serialNumber=S-1&partNumber=A&revision=1&batchNumber=L-1"
        "&unitPhase=16"
    ]
    assert (made["SerialNumber"], made["UnitPhaseId"]) == ("S-1", 16)
    assert made["ProductionBatch"] == {"BatchSN": "L-1", "BatchSize": 20, "Produced": 1}
    assert await bench.call("change_unit_part_number", "S-1", "A", "B", "2") is True
    assert bench.sent == [
        f"POST {INTERNAL}/UpdateUnit?serialNumber=S-1&partNumber=A&newPartNumber=B&newRevision=2"
    ]
    assert await bench.call("set_unit_tag", "S-1", "B", "Site", "01 & <2>") is True
    assert bench.sent == [
        f"POST {INTERNAL}/UpdateUnitAttribute?serialNumber=S-1&partNumber=B&attributeName=Site"
        "&attributeValue=01%20%26%20%3C2%3E"
    ]
    unit = await bench.call("get_unit", "S-1", "B")
    assert (unit.revision, unit.batch_number) == ("2", "L-1")
    assert [(tag.key, tag.value) for tag in unit.tags] == [("Site", "01 & <2>")]


async def phases_and_processes(bench: Bench) -> None:
    await bench.call("create_unit", "S-1", "A", "1")
    phases = await bench.call("get_phases")
    assert bench.sent == [PHASES]
    assert await bench.call("get_all_unit_phases") == phases
    finalized = UnitPhase.model_validate(
        {"UnitPhaseId": 16, "Code": "Finalized", "Name": "Finalized", "Description": None}
    )
    assert finalized in phases
    assert len(phases) == 15
    for arguments in ((16,), (None, "finalized"), (None, None, "Finalized")):
        assert await bench.call("get_phase", *arguments) == finalized
        assert bench.sent == [PHASES]
    assert (await bench.call("get_phase_by_name", "in storage")).code == "InStorage"
    assert await bench.call("get_phase_id", "Under production, queued") == 4098
    assert await bench.call("get_phase_id", UnitPhaseFlag.SHIPPED) == 2048
    await bench.call("set_unit_phase", "S-1", "A", UnitPhaseFlag.UNDER_PRODUCTION | 4096)
    assert bench.sent == [f"PUT {PUBLIC}/SetUnitPhase?serialNumber=S-1&partNumber=A&phase=4098"]
    await bench.call("set_unit_phase", "S-1", "A", "InStorage")
    assert bench.sent == [
        PHASES,
        f"PUT {PUBLIC}/SetUnitPhase?serialNumber=S-1&partNumber=A&phase=1024",
    ]
    await bench.call("set_unit_process", "S-1", "A", "Final test")
    assert bench.sent == [
        f"PUT {PUBLIC}/SetUnitProcess?serialNumber=S-1&partNumber=A&processName=Final%20test"
    ]
    states = await bench.call("get_unit_state_history", "S-1", "A")
    assert bench.sent == [f"GET {INTERNAL}/GetUnitStateHistory?serialNumber=S-1&partNumber=A"]
    assert states["phases"] == [
        "In storage",
        "In storage",
        "Under production, queued",
        "Under production",
    ]
    assert states["processes"] == ["Final test", None, None, None]
    assert states["dateTimes"] == sorted(states["dateTimes"], reverse=True)


async def changes_wait_until_they_are_handled(bench: Bench) -> None:
    await bench.call("create_unit", "S-1", "A", "1")
    assert await bench.call("get_unit_changes") == []
    assert bench.sent == [f"GET {PUBLIC}/Units/Changes?maxCount=100"]
    await bench.call("set_unit_phase", "S-1", "A", 16)
    await bench.call("change_unit_part_number", "S-1", "A", "A", "2")
    first, second = await bench.call("get_unit_changes")
    assert first.model_dump() == {
        "id": 1,
        "unit_serial_number": "S-1",
        "new_parent_serial_number": None,
        "new_part_number": "A",
        "new_revision": "1",
        "new_unit_phase_id": 16,
    }
    assert (second.new_revision, second.new_unit_phase_id) == ("2", UnitPhaseFlag.FINALIZED)
    assert await bench.call("get_unit_changes", max_count=1) == [first]
    await bench.call("acknowledge_unit_change", first.id)
    assert bench.sent == [f"DELETE {PUBLIC}/Units/Changes/1"]
    await bench.call("delete_unit_change", second.id)
    assert bench.sent == [f"DELETE {PUBLIC}/Units/Changes/2"]
    assert await bench.call("get_unit_changes", 5) == []


async def submit(bench: Bench, code: int, result: ReportStatus, minutes: int) -> None:
    reports = bench.other(ReportService)
    report = reports.create_uut_report(
        "op",
        "A",
        "1",
        "S-1",
        code,
        start_time=START + timedelta(minutes=minutes),
        station_name="ST-1",
    )
    report.result = result
    await reports.submit(report, check=False)


async def a_unit_is_graded_by_its_reports(bench: Bench) -> None:
    for code, result in ((100, ReportStatus.FAILED), (200, ReportStatus.PASSED)):
        await submit(bench, code, result, minutes=code)
    assert await bench.call("is_unit_passing", "S-1", "A") is False
    assert bench.sent == [f"GET {PUBLIC}/UnitVerification?serialNumber=S-1&partNumber=A"]
    grade = await bench.call("verify_unit", "S-1")
    assert bench.sent == [f"GET {PUBLIC}/UnitVerification?serialNumber=S-1"]
    assert (grade.status, grade.all_processes_passed_any_run) == ("Failed", False)
    await submit(bench, 100, ReportStatus.PASSED, minutes=300)
    assert await bench.call("is_unit_passing", "S-1") is True
    grade = await bench.call("get_unit_grade", "S-1", "A")
    assert (grade.status, grade.grade) == ("Passed", "B")
    assert (grade.all_processes_passed_first_run, grade.no_repairs) == (False, True)
    assert [
        (each.process_code, each.process_index, each.status, each.total_count)
        for each in grade.results
    ] == [(100, 0, "Passed", 2), (200, 1, "Passed", 1)]
    assert grade.results[0].start_utc == START + timedelta(minutes=300)
    unit = await bench.call("get_unit", "S-1", "A")
    assert (unit.revision, unit.process_code, unit.serial_date) == (
        "1",
        "100",
        START + timedelta(minutes=100),
    )


async def the_module_itself(bench: Bench) -> None:
    assert await bench.call("is_connected") is True
    assert bench.sent == [f"GET {INTERNAL}/isConnected"]
    assert await bench.call("get_sites") == [{"SiteCode": "0000", "Name": "Sandbox"}]
    assert bench.sent == [f"GET {INTERNAL}/GetSites"]


UNITS: list[Scenario] = [
    units_are_saved_and_read,
    one_unit_through_the_internal_api,
    phases_and_processes,
    changes_wait_until_they_are_handled,
    a_unit_is_graded_by_its_reports,
    the_module_itself,
]
