"""The production service: what is refused, what errors look like, what survives the wire."""

from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pywats.config import RetryConfig
from pywats.errors import (
    BadRequestError,
    ConflictError,
    NotFoundError,
    StopReason,
    WATSConnectionError,
    WATSDecodeError,
)
from pywats.models import (
    ProductionBatch,
    SaveUnitsResult,
    SerialNumberRange,
    SerialNumberRecord,
    Unit,
    UnitPhaseFlag,
)
from pywats.sandbox import Fault
from pywats.services import UnitsNotSavedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from pywats import pyWATS
    from pywats.sandbox import Sandbox

PUBLIC = "/api/Production"
INTERNAL = "/api/internal/Production"
TAKE = f"{PUBLIC}/SerialNumbers/Take"
RESERVE = f"{INTERNAL}/GetAndReserveNewSerialNumbers"
NAIVE = datetime(2026, 1, 2)  # noqa: DTZ001 - the mistake under test
RANGE = SerialNumberRange(type="MACAddress", start_address="00")


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p: p.get_unit("", "A"), ValueError, "serial_number='': must be a non-empty string"),
        (lambda p: p.get_unit("S", 7), TypeError, "part_number=7: must be a non-empty string, not"),
        (lambda p: p.get_unit("S", ".."), ValueError, "partNumber='..' cannot be a path segment"),
        (lambda p: p.create_units([]), ValueError, "units=[]: must hold at least one Unit"),
        (lambda p: p.create_units(Unit()), TypeError, "must be a sequence of Unit"),
        (lambda p: p.create_units(["S"]), TypeError, "units[0]='S': must be a Unit, not str"),
        (
            lambda p: p.create_units([Unit(part_number="A")]),
            TypeError,
            "units[0].serial_number=None: must be a non-empty string",
        ),
        (
            lambda p: p.create_units([Unit(serial_number="S", part_number=" ")]),
            ValueError,
            "units[0].part_number=' ': must be a non-empty string",
        ),
        (lambda p: p.update_unit("S"), TypeError, "unit='S': must be a Unit, not str"),
        (lambda p: p.create_unit("S", "A", ""), ValueError, "revision='': must be a non-empty"),
        (lambda p: p.create_unit("S", "A", "1", ""), ValueError, "batch_number='': must be"),
        (
            lambda p: p.create_unit("S", "A", "1", unit_phase=0),
            ValueError,
            "unit_phase=0: must be an integer >= 1",
        ),
        (
            lambda p: p.change_unit_part_number("S", "A", "", "1"),
            ValueError,
            "new_part_number='': must be a non-empty string",
        ),
        (
            lambda p: p.change_unit_part_number("S", "A", "B", ""),
            ValueError,
            "new_revision='': must be a non-empty string",
        ),
        (lambda p: p.set_unit_tag("S", "A", "", "v"), ValueError, "key='': must be a non-empty"),
        (lambda p: p.set_unit_tag("S", "A", "k", 1), TypeError, "value=1: must be a str, not int"),
        (lambda p: p.set_unit_tag("S", "A", "k", "\ud800"), ValueError, "UTF-8 cannot encode it"),
        (lambda p: p.get_unit_contents("S", "A", ""), ValueError, "revision='': must be"),
        (lambda p: p.get_unit_info("S", ""), ValueError, "part_number='': must be"),
        (lambda p: p.get_phase(), ValueError, "give one of phase_id, code and name"),
        (lambda p: p.get_phase(1, "x"), ValueError, "give one of phase_id, code and name"),
        (lambda p: p.get_phase(0), ValueError, "phase_id=0: must be an integer >= 1"),
        (lambda p: p.get_phase(code=""), ValueError, "code='': must be a non-empty string"),
        (lambda p: p.get_phase_by_name(16), TypeError, "name=16: must be a non-empty string"),
        (lambda p: p.get_phase_id(True), TypeError, "phase=True: must be an integer >= 1"),
        (lambda p: p.get_phase_id(""), ValueError, "phase='': must be a non-empty string"),
        (lambda p: p.set_unit_phase("S", "A", -1), ValueError, "phase=-1: must be an integer >= 1"),
        (lambda p: p.set_unit_phase("", "A", "Finalized"), ValueError, "serial_number='': must"),
        (lambda p: p.set_unit_process("S", "A", ""), ValueError, "process_name='': must be"),
        (
            lambda p: p.add_child_to_assembly("P", "A", "C", "B", check_revision="1"),
            ValueError,
            "check_revision='1': give a check_part_number with it",
        ),
        (
            lambda p: p.add_child_to_assembly("P", "A", "C", "B", check_part_number=""),
            ValueError,
            "check_part_number='': must be a non-empty string",
        ),
        (
            lambda p: p.add_child_unit_validated("P", "A", "", "B", None, None),
            ValueError,
            "child_serial_number='': must be a non-empty string",
        ),
        (
            lambda p: p.add_child_unit_validated("P", "A", "C", "B", None, None, check_phase=1),
            TypeError,
            "check_phase=1: must be True or False",
        ),
        (
            lambda p: p.remove_child_from_assembly("P", "A", "C", ""),
            ValueError,
            "child_part='': must be a non-empty string",
        ),
        (
            lambda p: p.remove_all_children_from_assembly("", "A"),
            ValueError,
            "parent_serial='': must be a non-empty string",
        ),
        (
            lambda p: p.remove_all_children_from_assembly("P", ""),
            ValueError,
            "parent_part='': must be a non-empty string",
        ),
        (
            lambda p: p.validate_child_units("P", "A", ""),
            ValueError,
            "culture_code='': must be a non-empty string",
        ),
        (lambda p: p.verify_unit("S", ""), ValueError, "part_number='': must be a non-empty"),
        (lambda p: p.get_unit_changes(0), ValueError, "max_count=0: must be an integer >= 1"),
        (lambda p: p.acknowledge_unit_change("1"), TypeError, "change_id='1': must be an integer"),
        (lambda p: p.delete_unit_change(-1), ValueError, "change_id=-1: must be an integer >= 0"),
        (
            lambda p: p.save_batches([ProductionBatch(batch_size=1)]),
            TypeError,
            "batches[0].batch_number=None: must be a non-empty string",
        ),
        (lambda p: p.create_batch({}), TypeError, "batch={}: must be a ProductionBatch, not dict"),
        (lambda p: p.take_serial_numbers("", 1), ValueError, "type_name='': must be"),
        (lambda p: p.take_serial_numbers("M", 0), ValueError, "count=0: must be an integer >= 1"),
        (lambda p: p.allocate_serial_numbers("M", 1.5), TypeError, "count=1.5: must be an integer"),
        (
            lambda p: p.reserve_serial_numbers("M", 1, None),
            TypeError,
            "only_in_sequence=None: must be True or False",
        ),
        (
            lambda p: p.free_serial_numbers([RANGE]),
            TypeError,
            "ranges[0].end_address=None: must be a non-empty string",
        ),
        (lambda p: p.import_serial_numbers("M", b""), ValueError, "file_content is empty"),
        (
            lambda p: p.import_serial_numbers("M", "SN"),
            TypeError,
            "file_content: must be bytes, not str",
        ),
        (
            lambda p: p.import_serial_numbers("M", b"x", "txt"),
            ValueError,
            "format='txt': must be 'XML' or 'CSV'",
        ),
        (
            lambda p: p.export_serial_numbers("M", start_date=NAIVE),
            ValueError,
            "start_date=datetime.datetime(2026, 1, 2, 0, 0): must have a time zone",
        ),
        (
            lambda p: p.find_serial_numbers_by_reference("M"),
            ValueError,
            "give a reference_serial, a reference_part or both",
        ),
        (
            lambda p: p.find_serial_numbers_in_range("M", "1", ""),
            ValueError,
            "to_serial='': must be a non-empty string",
        ),
        (
            lambda p: p.find_serial_numbers("M", "1", "2", "today"),
            TypeError,
            "start_date='today': must be a datetime, not str",
        ),
        (lambda p: p.get_serial_number_ranges(""), ValueError, "serial_number_type='': must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[object], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error) as caught:
        call(api.production)
    assert text in str(caught.value)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.get_unit("S", "A"),
        lambda p: p.verify_unit("S", "A"),
        lambda p: p.get_unit_info("S", "A"),
        lambda p: p.set_unit_phase("S", "A", 16),
        lambda p: p.set_unit_process("S", "A", "Test"),
        lambda p: p.set_unit_tag("S", "A", "k", "v"),
        lambda p: p.change_unit_part_number("S", "A", "B", "1"),
        lambda p: p.add_child_to_assembly("S", "A", "C", "B"),
        lambda p: p.remove_all_child_units("S", "A"),
    ],
)
def test_an_unknown_unit_is_not_found(api: pyWATS, call: Callable[[object], object]) -> None:
    with pytest.raises(NotFoundError, match=r"Unit '\w' of '\w' does not exist"):
        call(api.production)


@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.take_serial_numbers("None"),
        lambda p: p.reserve_serial_numbers("None"),
        lambda p: p.export_serial_numbers("None"),
        lambda p: p.import_serial_numbers("None", b"x"),
        lambda p: p.find_serial_numbers_by_reference("None", "S"),
        lambda p: p.get_serial_number_count("None"),
    ],
)
def test_an_unknown_type_of_serial_numbers_is_not_found(
    api: pyWATS, call: Callable[[object], object]
) -> None:
    with pytest.raises(NotFoundError, match="Serial number type 'None' does not exist"):
        call(api.production)


def test_a_unit_is_made_once(api: pyWATS) -> None:
    api.production.create_unit("S", "A", "1")
    with pytest.raises(ConflictError, match="Unit 'S' of 'A' exists already"):
        api.production.create_unit("S", "A", "1")


def test_a_change_that_was_handled_is_gone(api: pyWATS) -> None:
    with pytest.raises(NotFoundError, match="Unit change 7 does not exist"):
        api.production.delete_unit_change(7)


def test_units_that_were_not_saved_are_an_error_with_what_the_server_says(api: pyWATS) -> None:
    units = [
        Unit(serial_number="S-1", part_number="A"),
        Unit(serial_number="S-2", part_number="A", unit_phase_id=UnitPhaseFlag(3)),
    ]
    with pytest.raises(UnitsNotSavedError, match="the server did not save 1 of the units") as error:
        api.production.create_units(units)
    problem: JsonValue = {"serialNumber": "S-2", "message": "The unit phase 3 does not exist."}
    assert error.value.result == SaveUnitsResult(
        insert_count=1, update_count=0, error_count=1, errors=[problem]
    )
    assert "The unit phase 3 does not exist." in str(error.value)
    assert isinstance(error.value, ValueError)
    assert api.production.get_unit("S-1", "A").serial_number == "S-1"


def test_the_error_of_unsaved_units_is_short_and_can_be_pickled() -> None:
    result = SaveUnitsResult(error_count=1, errors=["æ" * 500])
    error = UnitsNotSavedError(result)
    assert str(error).endswith('it says ["' + "æ" * 198 + "…")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (copy.result, str(copy)) == (result, str(error))


def test_a_unit_goes_back_as_it_came(api: pyWATS, sandbox: Sandbox) -> None:
    sent = {
        "serialNumber": "S",
        "partNumber": "A",
        "revision": None,
        "serialDate": "2026-01-02T03:04:05.1234567",
        "unitPhaseId": 4098,
        "unitPhase": "Under production, queued",
        "futureNumber": 1.5,
        "tags": [{"key": "k", "value": None, "change": 9}],
        "productRevision": {"revision": "1", "partNumber": "A"},
        "product": {"partNumber": "A", "productId": "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A"},
        "subUnits": [{"serialNumber": "C", "unitPhaseId": 16, "unknown": None}],
    }
    sandbox.inject(
        "GET", f"{PUBLIC}/Unit/S/A", Fault.status(200, body=json.dumps(sent).encode()), times=1
    )
    unit = api.production.get_unit("S", "A")
    assert unit.unit_phase_id == UnitPhaseFlag.UNDER_PRODUCTION | UnitPhaseFlag.QUEUED
    api.production.update_unit(unit)
    assert json.loads(sandbox.requests[-1].body) == [sent]


@pytest.mark.parametrize("number", ["A/B#1?x", "a b", "æøå", "100%", "..a", "%2F", "+", "O'Brien&"])
def test_odd_characters_survive_in_paths_and_queries(api: pyWATS, number: str) -> None:
    api.production.create_unit(number, number, number)
    unit = api.production.get_unit(number, number)
    assert (unit.serial_number, unit.part_number, unit.revision) == (number, number, number)
    api.production.set_unit_tag(number, number, "Note", number)
    ((tag,),) = [api.production.get_unit(number, number).tags or []]
    assert tag.value == number


def test_a_tag_may_be_empty(api: pyWATS, sandbox: Sandbox) -> None:
    api.production.create_unit("S", "A", "1")
    api.production.set_unit_tag("S", "A", "Site", "")
    assert sandbox.requests[-1].target.endswith("&attributeName=Site&attributeValue=")
    assert [tag.value for tag in api.production.get_unit("S", "A").tags or []] == [""]


def test_a_phase_that_the_server_does_not_have_is_not_found(api: pyWATS, sandbox: Sandbox) -> None:
    api.production.create_unit("S", "A", "1")
    sandbox.clear()
    with pytest.raises(NotFoundError, match="no phase has the code or name 'Lost'; the server has"):
        api.production.set_unit_phase("S", "A", "Lost")
    assert [request.method for request in sandbox.requests] == ["GET"]
    with pytest.raises(NotFoundError, match="phase_id 3; the server has 1 'Unknown', 2 'Under pro"):
        api.production.get_phase(3)
    with pytest.raises(BadRequestError, match="The unit phase 3 does not exist"):
        api.production.set_unit_phase("S", "A", 3)


def test_a_code_wins_over_a_name(api: pyWATS, sandbox: Sandbox) -> None:
    rows = [{"unitPhaseId": 1, "Name": "STRAẞE"}, {"UnitPhaseId": 2, "Code": "straße"}]
    body = json.dumps(rows).encode()
    sandbox.inject("GET", "/api/internal/Mes/GetUnitPhases", Fault.status(200, body=body))
    assert api.production.get_phase_id("Strasse") == 2
    assert api.production.get_phase_by_name("Strasse").phase_id == 1


@pytest.mark.parametrize(
    ("grade", "passing"),
    [
        ({"allProcessesPassedLastRun": True, "results": [{"processCode": 1}]}, True),
        ({"allProcessesPassedLastRun": False, "results": [{"processCode": 1}]}, False),
        ({"allProcessesPassedLastRun": True, "results": []}, False),
        ({"allProcessesPassedLastRun": True, "results": None}, False),
        ({"results": [{"processCode": 1}]}, False),
        ({"allProcessesPassedLastRun": None, "results": [{"processCode": 1}]}, False),
    ],
)
def test_a_unit_passes_if_the_server_says_so_of_at_least_one_test(
    api: pyWATS, sandbox: Sandbox, grade: dict[str, object], *, passing: bool
) -> None:
    body = json.dumps(grade).encode()
    sandbox.inject("GET", f"{PUBLIC}/UnitVerification", Fault.status(200, body=body))
    assert api.production.is_unit_passing("S", "A") is passing


def test_fewer_serial_numbers_than_asked_for_is_what_the_api_says(api: pyWATS) -> None:
    assert len(api.production.take_serial_numbers("SerialNumber", 99)) == 99
    assert api.production.take_serial_numbers("SerialNumber", 5) == ["SN-000099"]
    assert api.production.take_serial_numbers("SerialNumber", 5) == []
    with pytest.raises(BadRequestError, match="no 2 free numbers of SerialNumber in sequence"):
        api.production.take_serial_numbers("SerialNumber", 2, only_in_sequence=True)


XML = (
    '<?xml version="1.0" encoding="utf-16"?><SerialNumbers xmlns="urn:x" batchSize="2">'
    '<SN id="A&amp;1" taken="2026-01-02T03:04:05Z" refSN="S"/><Other/><SN id="æ"/></SerialNumbers>'
)


@pytest.mark.parametrize(
    "body",
    [
        XML.encode(),
        b"\xef\xbb\xbf" + XML.encode(),
        json.dumps(XML).encode(),
        json.dumps(["A&1", "æ"]).encode(),
        json.dumps([{"serialNumber": "A&1", "more": None}, {"id": "æ"}]).encode(),
    ],
)
def test_serial_numbers_are_read_from_xml_and_from_json(
    api: pyWATS, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.inject("POST", TAKE, Fault.status(200, body=body))
    assert api.production.take_serial_numbers("MACAddress", 2) == ["A&1", "æ"]


def test_a_serial_number_keeps_what_the_server_says_of_it(api: pyWATS, sandbox: Sandbox) -> None:
    row = {"serialNumber": "A", "taken": "2026-01-02T03:04:05", "refSN": None, "site": 7}
    body = json.dumps([row]).encode()
    sandbox.inject("GET", f"{PUBLIC}/SerialNumbers/ByRange", Fault.status(200, body=body))
    (found,) = api.production.find_serial_numbers_in_range("M", "A", "B")
    assert json.loads(found.to_wire_json()) == row
    assert found.model_extra == {"site": 7}


@pytest.mark.parametrize("body", [b"", b"null", b" [] ", b"<SerialNumbers/>"])
def test_no_serial_numbers_may_come_as_nothing(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", f"{PUBLIC}/SerialNumbers/ByReference", Fault.status(200, body=body))
    assert api.production.find_serial_numbers_by_reference("M", "S") == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<SerialNumbers", "it is not a file of serial numbers"),
        (b"<Other/>", "it is not a file of serial numbers"),
        (b"<SerialNumbers><SN/></SerialNumbers>", "it is not a file of serial numbers"),
        (b"<SerialNumbers>\xff</SerialNumbers>", "it is not a file of serial numbers"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><SerialNumbers/>', "it is not a file of serial numbers"),
        (b'"SN-1"', "it is not a file of serial numbers"),
        (b'[{"number": "1"}]', "Field required"),
        (b"SN-1;SN-2", "Invalid JSON"),
    ],
)
def test_a_response_without_serial_numbers_is_a_decode_error(
    api: pyWATS, sandbox: Sandbox, body: bytes, problem: str
) -> None:
    sandbox.inject("POST", TAKE, Fault.status(200, body=body))
    with pytest.raises(WATSDecodeError, match=problem) as caught:
        api.production.take_serial_numbers("MACAddress")
    assert caught.value.may_have_been_executed
    assert caught.value.__cause__ is None


def test_a_reservation_whose_response_was_lost_is_not_sent_again(
    connect: Callable[..., pyWATS], sandbox: Sandbox
) -> None:
    api = connect(retry_config=RetryConfig(max_retries=2, max_backoff=0.01))
    sandbox.inject("GET", RESERVE, Fault.reset(executed=True))
    with pytest.raises(WATSConnectionError) as caught:
        api.production.reserve_serial_numbers("MACAddress")
    assert caught.value.may_have_been_executed
    assert caught.value.stop_reason is StopReason.UNSAFE_TO_REPEAT
    assert len(sandbox.requests) == 1
    (range_,) = api.production.get_serial_number_ranges("MACAddress")
    assert range_.reserved == 1


def test_a_count_is_a_number(api: pyWATS, sandbox: Sandbox) -> None:
    sandbox.inject("GET", f"{INTERNAL}/SerialNumbers/Count", Fault.status(200, body=b"{}"))
    with pytest.raises(WATSDecodeError, match="should be a valid integer"):
        api.production.get_serial_number_count("MACAddress")


def test_times_are_sent_with_their_time_zone(api: pyWATS, sandbox: Sandbox) -> None:
    time = datetime.fromisoformat("2026-01-02T03:04:05.678+02:00")
    api.production.find_serial_numbers_by_reference("MACAddress", "S", start_date=time)
    assert dict(sandbox.requests[-1].query)["startDate"] == "2026-01-02T03:04:05.678000+02:00"
    api.production.get_serial_number_count("MACAddress", to_date=time - timedelta(days=1))
    assert dict(sandbox.requests[-1].query)["toDate"] == "2026-01-01T03:04:05.678000+02:00"


def test_a_part_number_alone_may_replace_the_box_build(api: pyWATS, sandbox: Sandbox) -> None:
    for serial_number in ("P", "C"):
        api.production.create_unit(serial_number, "A", "1", unit_phase=16)
    api.production.add_child_to_assembly("P", "A", "C", "A", check_part_number="A")
    assert sandbox.requests[-1].target.endswith("&checkPartNumber=A&checkRevision=")
    (child,) = api.production.get_unit("P", "A").sub_units or []
    assert child.parent_serial_number == "P"


def test_records_of_both_names_are_equal_in_what_they_say() -> None:
    by_name = SerialNumberRecord.model_validate({"serialNumber": "A", "refPN": "P"})
    by_id = SerialNumberRecord.model_validate({"id": "A", "refPN": "P"})
    assert (by_name.serial_number, by_name.reference_part_number) == ("A", "P")
    assert (by_id.serial_number, by_id.reference_part_number) == ("A", "P")
    assert by_id.to_wire_json() == b'{"id":"A","refPN":"P"}'
