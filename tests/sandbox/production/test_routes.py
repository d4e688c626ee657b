from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.errors import BadRequestError, ConflictError, NotFoundError
from pywats.models import Product, Unit, UnitPhaseFlag
from pywats.models.report import ReportStatus
from pywats.services import UnitsNotSavedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PUBLIC = "/api/Production"
INTERNAL = "/api/internal/Production"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth) as made:
        yield made


def submit(
    api: pyWATS, code: int, result: ReportStatus = ReportStatus.PASSED, hours: int = 0
) -> UUTReport:
    report = api.report.create_uut_report(
        "op", "A", "1", "S", code, start_time=START + timedelta(hours=hours), location="Hall 1"
    )
    report.result = result
    api.report.submit(report, check=False)
    return report


@pytest.fixture
def box(api: pyWATS) -> pyWATS:
    """Make a box for one board of revisions 1.x, and two finalized boards."""
    for part_number in ("Box", "Board"):
        api.product.create_product(part_number)
        api.product.create_revision(part_number, "1.0")
    api.product.add_subunit("Box", "1.0", "Board", "1.0", revision_mask="1.%")
    api.production.create_unit("P", "Box", "1.0")
    for serial_number in ("C-1", "C-2"):
        api.production.create_unit(serial_number, "Board", "1.1", unit_phase=16)
    return api


def test_a_report_makes_its_unit_and_tells_of_it(api: pyWATS) -> None:
    report = submit(api, 100)
    unit = api.production.get_unit("S", "A")
    assert (unit.revision, unit.process_code, unit.current_location) == ("1", "100", "Hall 1")
    assert (unit.serial_date, unit.unit_phase_id) == (START, UnitPhaseFlag.UNDER_PRODUCTION)
    report.revision = "2"
    report.location = ""
    api.report.submit(report)
    (change,) = api.production.get_unit_changes()
    assert (change.unit_serial_number, change.new_revision) == ("S", "2")
    unit = api.production.get_unit("S", "A")
    assert (unit.revision, unit.current_location) == ("2", "Hall 1")
    assert api.production.get_unit_state_history("S", "A") == {
        "processes": ["Board test"],
        "phases": ["Under production"],
        "dateTimes": ["2026-01-02T03:04:05Z"],
    }


def test_a_unit_that_was_saved_is_the_one_that_is_tested(api: pyWATS) -> None:
    api.production.create_unit("S", "A", "1", unit_phase=16)
    submit(api, 100)
    assert api.production.get_unit("S", "A").unit_phase_id is UnitPhaseFlag.FINALIZED
    with pytest.raises(ConflictError, match="exists already"):
        api.production.create_unit("S", "A", "1")


def test_a_repair_counts_against_the_test_it_is_about(api: pyWATS) -> None:
    failed = submit(api, 200, ReportStatus.FAILED)
    submit(api, 100, hours=1)
    repair = api.report.create_uur_from_uut(failed, "rep", start_time=START + timedelta(hours=2))
    api.report.submit(repair)
    submit(api, 200, hours=3)
    grade = api.production.verify_unit("S", "A")
    assert (grade.grade, grade.no_repairs) == ("B", False)
    assert grade.all_processes_executed_in_correct_order is False
    assert [
        (each.process_code, each.non_passed_count, each.repair_count)
        for each in grade.results or []
    ] == [(100, 0, 0), (200, 1, 1)]


@pytest.mark.parametrize(
    ("results", "letter"), [("P", "A"), ("FP", "B"), ("PF", "C"), ("F", "F"), ("", "Unknown")]
)
def test_grades(api: pyWATS, results: str, letter: str) -> None:
    api.production.create_unit("S", "A", "1")
    other = api.report.create_uut_report("op", "Z", "1", "S", 100)
    api.report.submit(other)
    for hours, result in enumerate(results):
        submit(api, 100, ReportStatus(result), hours)
    assert api.production.verify_unit("S", "A").grade == letter


def test_a_serial_number_of_two_products_needs_a_part_number(
    api: pyWATS, client: httpx.Client
) -> None:
    for part_number in ("A", "B"):
        api.production.create_unit("S", part_number, "1")
    with pytest.raises(BadRequestError, match="Several products have a unit 'S'"):
        api.production.verify_unit("S")
    with pytest.raises(NotFoundError, match="Unit 'T' does not exist"):
        api.production.verify_unit("T")
    response = client.put(f"{PUBLIC}/SetUnitPhase?serialNumber=S&phase=16")
    assert (response.status_code, response.json()) == (
        400,
        {"Message": "The partNumber parameter is required."},
    )


def test_units_make_the_products_they_need(api: pyWATS) -> None:
    api.production.create_units([Unit(serial_number="S", part_number="A")])
    assert api.product.get_product("A").revisions == []
    api.production.create_unit("T", "A", "1")
    api.production.change_unit_part_number("T", "A", "A", "2")
    assert [each.revision for each in api.product.get_revisions("A")] == ["1", "2"]


def test_what_the_server_cannot_save_is_listed(api: pyWATS) -> None:
    api.product.update_product(Product(part_number="Screw", non_serial=True))
    units = [
        Unit(serial_number="S", part_number="Screw"),
        Unit(serial_number="S", part_number="A", xml_data="<Wrong"),
        Unit(serial_number="S", part_number="A", parent_serial_number="P"),
    ]
    with pytest.raises(UnitsNotSavedError) as caught:
        api.production.create_units(units)
    messages = [
        error["message"] for error in caught.value.result.errors or [] if isinstance(error, dict)
    ]
    assert messages[0] == "Product 'Screw' cannot have units."
    assert str(messages[1]).startswith("xmlData is invalid: ")
    assert messages[2] == "Unit 'P' does not exist."


def test_saving_a_unit_can_move_it_into_another_and_out_again(api: pyWATS) -> None:
    api.production.create_units([Unit(serial_number="P", part_number="A")])
    child = Unit(serial_number="C", part_number="A", revision="1", parent_serial_number="P")
    api.production.create_units([child])
    assert api.production.get_unit("C", "A").parent_serial_number == "P"
    child = api.production.get_unit("C", "A")
    api.production.update_unit(child)
    assert len(api.production.get_unit_changes()) == 1
    child.parent_serial_number = None
    child.revision = None
    child.process_code = "100"
    api.production.update_unit(child)
    child = api.production.get_unit("C", "A")
    assert (child.parent_serial_number, child.revision) == (None, "1")
    history = api.production.get_unit_state_history("C", "A")
    assert isinstance(history, dict)
    assert history["processes"] == ["100", None]


def test_a_unit_keeps_its_children_under_another_part_number(box: pyWATS) -> None:
    box.production.add_child_to_assembly("P", "Box", "C-1", "Board")
    box.production.change_unit_part_number("P", "Box", "Crate", "1")
    box.production.change_unit_part_number("C-1", "Board", "Plate", "1")
    (child,) = box.production.get_unit("P", "Crate").sub_units or []
    assert (child.serial_number, child.part_number, child.parent_serial_number) == (
        "C-1",
        "Plate",
        "P",
    )
    *_, change = box.production.get_unit_changes()
    assert (change.new_part_number, change.new_parent_serial_number) == ("Plate", "P")
    box.production.create_unit("P", "Box", "1.0")
    with pytest.raises(ConflictError, match="Unit 'P' of 'Box' exists already"):
        box.production.change_unit_part_number("P", "Crate", "Box", "1.0")


def test_a_child_has_one_parent(box: pyWATS) -> None:
    box.production.add_child_to_assembly("P", "Box", "C-1", "Board")
    with pytest.raises(ConflictError, match="Unit 'C-1' already has a parent"):
        box.production.add_child_to_assembly("P", "Box", "C-1", "Board")


def test_units_form_no_loop(box: pyWATS) -> None:
    box.production.add_child_to_assembly("P", "Box", "C-1", "Board")
    with pytest.raises(ConflictError, match="Unit 'P' would be part of itself"):
        box.production.add_child_to_assembly("C-1", "Board", "P", "Box")
    with pytest.raises(ConflictError, match="Unit 'C-2' would be part of itself"):
        box.production.add_child_to_assembly("C-2", "Board", "C-2", "Board")


def test_the_box_build_decides_what_belongs_into_a_unit(box: pyWATS) -> None:
    box.production.create_unit("C-3", "Board", "2.0", unit_phase=16)
    box.production.create_unit("X", "Other", "1.1", unit_phase=16)
    for serial_number, part_number in (("C-3", "Board"), ("X", "Other")):
        with pytest.raises(BadRequestError, match="is not a valid child of 'P'"):
            box.production.add_child_to_assembly("P", "Box", serial_number, part_number)
    for revision in ("1.0", "3"):
        with pytest.raises(BadRequestError, match="is not a valid child of 'P'"):
            box.production.add_child_to_assembly(
                "P", "Box", "C-3", "Board", check_part_number="Board", check_revision=revision
            )
    box.production.add_child_to_assembly(
        "P", "Box", "X", "Other", check_part_number="Other", check_revision="1.1"
    )
    found = box.production.verify_assembly("P", "Box")
    assert found == {
        "isValid": False,
        "messages": ["Unit 'X' is not in the box build.", "Board: 0 of 1 units."],
    }


def test_a_child_must_be_finalized_or_in_the_phase_of_its_revision(box: pyWATS) -> None:
    box.production.set_unit_phase("C-1", "Board", UnitPhaseFlag.IN_STORAGE)
    with pytest.raises(BadRequestError, match="not finalized, but in phase In storage"):
        box.production.add_child_to_assembly("P", "Box", "C-1", "Board")
    box.product.set_revision_tags("Board", "1.1", {"PhaseFinalized": "In Storage"})
    box.production.add_child_to_assembly("P", "Box", "C-1", "Board")
    assert box.production.verify_assembly("P", "Box") == {"isValid": True, "messages": []}
    box.production.set_unit_phase("C-1", "Board", UnitPhaseFlag.SHIPPED)
    assert box.production.verify_assembly("P", "Box") == {
        "isValid": False,
        "messages": ["Unit 'C-1' is not finalized."],
    }


def test_only_a_child_can_be_taken_out(box: pyWATS) -> None:
    with pytest.raises(NotFoundError, match="Unit 'C-1' is not a child of 'P'"):
        box.production.remove_child_from_assembly("P", "Box", "C-1", "Board")


def test_a_subunit_without_a_mask_has_one_revision(api: pyWATS) -> None:
    for part_number in ("Box", "Board"):
        api.product.create_product(part_number)
        api.product.create_revision(part_number, "1")
    api.product.add_subunit("Box", "1", "Board", "1")
    api.production.create_unit("P", "Box", "1")
    for revision in ("1", "2"):
        api.production.create_unit(f"C-{revision}", "Board", revision, unit_phase=16)
    with pytest.raises(BadRequestError, match="Unit 'C-2' is not a valid child"):
        api.production.add_child_to_assembly("P", "Box", "C-2", "Board")
    api.production.add_child_to_assembly("P", "Box", "C-1", "Board")


def test_a_name_that_xml_cannot_carry_is_no_tag(api: pyWATS) -> None:
    api.production.create_unit("S", "A", "1")
    with pytest.raises(BadRequestError, match="The attribute is invalid: tag name '1x'"):
        api.production.set_unit_tag("S", "A", "1x", "v")


@pytest.mark.parametrize(
    ("method", "target", "message"),
    [
        ("GET", f"{PUBLIC}/Units/Changes", "The maxCount parameter is required."),
        (
            "GET",
            f"{PUBLIC}/Units/Changes?maxCount=all",
            "The value 'all' is not valid for a number.",
        ),
        (
            "POST",
            f"{INTERNAL}/CreateUnit?serialNumber=S&partNumber=A&revision=1&unitPhase=new",
            "The unit phase new does not exist.",
        ),
    ],
)
def test_requests_without_what_is_required_are_refused(
    client: httpx.Client, method: str, target: str, message: str
) -> None:
    response = client.request(method, target)
    assert (response.status_code, response.json()) == (400, {"Message": message})
