"""Units built into units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import UnitPhaseFlag
from pywats.services import ProductService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

PUBLIC = "/api/Production"
INTERNAL = "/api/internal/Production"
PARENT = "parentSerialNumber=P-1&parentPartNumber=Box"
CHILD = "childSerialNumber=C-1&childPartNumber=Board"


async def a_box_and_two_boards(bench: Bench) -> None:
    products = bench.other(ProductService)
    for part_number in ("Box", "Board"):
        await products.create_product(part_number)
        await products.create_revision(part_number, "1")
    await products.add_subunit("Box", "1", "Board", "1", quantity=2)
    await bench.call("create_unit", "P-1", "Box", "1")
    for serial_number in ("C-1", "C-2"):
        await bench.call(
            "create_unit", serial_number, "Board", "1", unit_phase=UnitPhaseFlag.FINALIZED
        )


async def a_box_is_assembled(bench: Bench) -> None:
    await a_box_and_two_boards(bench)
    await bench.call("add_child_to_assembly", "P-1", "Box", "C-1", "Board")
    assert bench.sent == [
        f"POST {PUBLIC}/AddChildUnit?{PARENT}&{CHILD}&checkPartNumber=&checkRevision="
    ]
    found = await bench.call("verify_assembly", "P-1", "Box")
    assert bench.sent == [f"GET {PUBLIC}/CheckChildUnits?{PARENT}"]
    assert found == {"isValid": False, "messages": ["Board: 1 of 2 units."]}
    await bench.call(
        "add_child_to_assembly",
        "P-1",
        "Box",
        "C-2",
        "Board",
        check_part_number="Board",
        check_revision="1",
    )
    assert bench.sent[0].endswith("&checkPartNumber=Board&checkRevision=1")
    assert await bench.call("validate_child_units", "P-1", "Box") == {
        "isValid": True,
        "messages": [],
    }
    assert bench.sent == [
        f"GET {INTERNAL}/CheckChildUnits?ParentSerialNumber=P-1&ParentPartNumber=Box"
        "&CultureCode=en-US"
    ]
    unit = await bench.call("get_unit", "P-1", "Box")
    assert [child.serial_number for child in unit.sub_units] == ["C-1", "C-2"]
    assert {child.parent_serial_number for child in unit.sub_units} == {"P-1"}
    assert unit.sub_units[0].unit_phase_id is UnitPhaseFlag.FINALIZED
    *_, change = await bench.call("get_unit_changes")
    assert (change.unit_serial_number, change.new_parent_serial_number) == ("C-2", "P-1")


async def a_box_is_taken_apart(bench: Bench) -> None:
    await a_box_and_two_boards(bench)
    added = await bench.call(
        "add_child_unit_validated", "P-1", "Box", "C-1", "Board", None, None, "nb-NO", False
    )
    assert bench.sent == [
        f"POST {INTERNAL}/AddChildUnit?serialNumber=P-1&partNumber=Box&{CHILD}"
        "&checkPartNumber=&checkRevision=&cultureCode=nb-NO&checkPhase=false"
    ]
    assert added == "Unit 'C-1' was added."
    await bench.call("remove_child_from_assembly", "P-1", "Box", "C-1", "Board")
    assert bench.sent == [f"POST {PUBLIC}/RemoveChildUnit?{PARENT}&{CHILD}"]
    await bench.call("add_child_to_assembly", "P-1", "Box", "C-1", "Board")
    removed = await bench.call("remove_child_unit_localized", "P-1", "Box", "C-1", "Board", "en-US")
    assert bench.sent == [
        f"POST {INTERNAL}/RemoveChildUnit?serialNumber=P-1&partNumber=Box&{CHILD}&cultureCode=en-US"
    ]
    assert removed == "Unit 'C-1' was removed."
    everything = f"POST {INTERNAL}/RemoveAllChildUnits?serialNumber=P-1&partNumber=Box"
    for method in ("remove_all_child_units", "remove_all_children_from_assembly"):
        await bench.call("add_child_to_assembly", "P-1", "Box", "C-1", "Board")
        assert await bench.call(method, "P-1", "Box") == "All units were removed."
        assert bench.sent == [everything]
        assert (await bench.call("get_unit", "P-1", "Box")).sub_units == []
    await bench.call("remove_all_child_units", "P-1", "Box", "nb-NO")
    assert bench.sent == [f"{everything}&cultureCode=nb-NO"]


async def what_is_known_of_a_unit(bench: Bench) -> None:
    await a_box_and_two_boards(bench)
    await bench.call("add_child_to_assembly", "P-1", "Box", "C-1", "Board")
    asked = "serialNumber=C-1&partNumber=Board"
    child, parent = await bench.call("get_unit_info", "C-1", "Board")
    assert bench.sent == [f"GET {INTERNAL}/GetUnitInfo?{asked}"]
    assert (child["SerialNumber"], parent["SerialNumber"]) == ("C-1", "P-1")
    assert child["ParentUnitID"] == parent["UnitId"]
    root = await bench.call("get_unit_hierarchy", "C-1", "Board")
    assert bench.sent == [f"GET {INTERNAL}/GetUnitHierarchy?{asked}"]
    assert (root["SerialNumber"], root["Level"]) == ("P-1", 0)
    assert [(each["SerialNumber"], each["Level"]) for each in root["Children"]] == [("C-1", 1)]
    contents = await bench.call("get_unit_contents", "P-1", "Box", "1")
    assert bench.sent == [
        f"GET {INTERNAL}/GetUnitContents?serialNumber=P-1&partNumber=Box&revision=1"
    ]
    assert [each["SerialNumber"] for each in contents["Units"]] == ["P-1"]
    (board,) = contents["Children"]
    assert (board["PartNumber"], board["Level"]) == ("Board", 1)
    assert [each["SerialNumber"] for each in board["Units"]] == ["C-1"]


ASSEMBLY: list[Scenario] = [a_box_is_assembled, a_box_is_taken_apart, what_is_known_of_a_unit]
