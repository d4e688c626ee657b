"""Scenarios of the process service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import RepairBinding
from pywats.services import ProcessService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

SERVICE = ProcessService

PUBLIC = "GET /api/App/Processes"
INTERNAL = "GET /api/internal/Process"
REPAIRS = f"{INTERNAL}/GetRepairOperations"


async def lists(bench: Bench) -> None:
    processes = await bench.call("get_processes")
    assert bench.sent == [PUBLIC]
    codes = [50, 100, 200, 300, 400, 500, 510, 600, 610]
    assert [process.code for process in processes] == codes
    assert await bench.call("list_process_codes") == codes
    assert bench.sent == [PUBLIC]
    names = await bench.call("list_process_names")
    assert bench.sent == [PUBLIC]
    assert names[:2] == ["Incoming inspection", "Board test"]
    tests = await bench.call("get_test_operations")
    assert bench.sent == [PUBLIC]
    assert [process.code for process in tests] == [50, 100, 200, 300, 400]
    repairs = await bench.call("get_repair_operations")
    assert bench.sent == [PUBLIC]
    assert [process.code for process in repairs] == [500, 510]
    assert repairs[0].repair_operation.vendor_binding is RepairBinding.NEVER
    wip = await bench.call("get_wip_operations")
    assert bench.sent == [PUBLIC]
    assert [process.code for process in wip] == [600, 610]


async def filtered_lists(bench: Bench) -> None:
    every = await bench.call("get_processes_filtered")
    assert bench.sent == [PUBLIC]
    assert len(every) == 9
    some = await bench.call("get_processes_filtered", True, False, True, True)
    assert bench.sent == [
        f"{PUBLIC}?includeTestOperations=true&includeRepairOperations=false"
        "&includeWipOperations=true&includeInactiveProcesses=true"
    ]
    assert [process.code for process in some] == [50, 100, 200, 300, 400, 450, 600, 610]
    others = await bench.call("get_processes_filtered", include_test_operations=False)
    assert bench.sent == [f"{PUBLIC}?includeTestOperations=false"]
    assert [process.code for process in others] == [500, 510, 600, 610]


async def lookups(bench: Bench) -> None:
    by_code = await bench.call("get_process_by_code", 200)
    assert bench.sent == [PUBLIC]
    assert (by_code.name, by_code.is_test_operation) == ("Functional test", True)
    assert await bench.call("get_process_by_name", "Functional test") == by_code
    assert bench.sent == [PUBLIC]
    assert await bench.call("get_process", 200) == by_code
    assert await bench.call("get_process", "Functional test") == by_code
    assert await bench.call("get_test_operation", 200) == by_code
    assert bench.sent == [PUBLIC]
    assert (await bench.call("get_repair_operation", "Repair")).code == 500
    assert bench.sent == [PUBLIC]
    assert (await bench.call("get_wip_operation", 600)).name == "Assembly"
    assert bench.sent == [PUBLIC]


async def yes_or_no(bench: Bench) -> None:
    for method, right in (
        ("process_exists", [100, 500, 600]),
        ("is_valid_test_operation", [100]),
        ("is_valid_repair_operation", [500]),
        ("is_valid_wip_operation", [600]),
    ):
        # 450 is not in use, and nothing has the code 999.
        assert [code for code in (100, 450, 500, 600, 999) if await bench.call(method, code)] == (
            right
        )
        assert bench.sent == [PUBLIC]


async def defaults(bench: Bench) -> None:
    assert (await bench.call("get_default_test_operation")).name == "Board test"
    assert bench.sent == [PUBLIC]
    assert (await bench.call("get_default_repair_operation")).name == "Repair"
    assert bench.sent == [PUBLIC]
    assert await bench.call("get_default_test_code") == 100
    assert bench.sent == [PUBLIC]
    assert await bench.call("get_default_repair_code") == 500
    assert bench.sent == [PUBLIC]


async def details(bench: Bench) -> None:
    processes = await bench.call("get_processes_detailed")
    assert bench.sent == [f"{INTERNAL}/GetProcesses"]
    assert [process.code for process in processes if not process.state] == [450]
    repair = next(process for process in processes if process.code == 500)
    assert (repair.is_repair_operation, repair.is_wip_operation) == (True, False)
    assert await bench.call("get_process_detailed", repair.process_id) == repair
    assert bench.sent == [f"{INTERNAL}/GetProcess/{repair.process_id}"]
    config = await bench.call("get_repair_operation_config", repair.process_id)
    assert bench.sent == [f"{INTERNAL}/GetRepairOperation/{repair.process_id}"]
    assert (config.description, config.uut_required, config.vendor_required) == ("Repair", 1, 2)
    assert await bench.call("get_repair_operation_config", str(repair.process_id), 100) == config
    assert bench.sent == [f"{INTERNAL}/GetRepairOperation/{repair.process_id}?processCode=100"]


async def repair_codes(bench: Bench) -> None:
    configs = await bench.call("get_repair_operation_configs")
    assert bench.sent == [REPAIRS]
    assert list(configs) == [500, 510]
    categories = await bench.call("get_repair_categories", 500)
    assert bench.sent == [REPAIRS]
    assert categories == configs[500].categories
    assert [category.description for category in categories] == [
        "Soldering",
        "Component",
        "Mechanical",
        "No failure found",
    ]
    assert len(await bench.call("get_repair_categories")) == 9
    assert bench.sent == [REPAIRS]
    assert await bench.call("get_repair_codes", 510, "Use") == [
        "Water damage",
        "Worn out",
        "Overload",
    ]
    assert bench.sent == [REPAIRS]
    # Both repair operations have the codes of the first; each name comes once.
    assert len(await bench.call("get_repair_codes")) == 13
    codes = await bench.call("get_fail_codes")
    assert bench.sent == [REPAIRS]
    assert [(code.category, code.code) for code in codes[:4]] == [
        ("Soldering", "Cold joint"),
        ("Soldering", "Bridge"),
        ("Soldering", "Missing solder"),
        ("Component", "Defective"),
    ]
    assert codes[0].category_guid == categories[0].guid
    assert codes[0].guid == categories[0].fail_codes[0].guid
    assert len(await bench.call("get_fail_codes", 510)) == 13


SCENARIOS: list[Scenario] = [
    lists,
    filtered_lists,
    lookups,
    yes_or_no,
    defaults,
    details,
    repair_codes,
]
