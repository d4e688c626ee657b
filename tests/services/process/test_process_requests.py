"""The process service: what is refused, what is not found, and what a response may look like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from pywats.errors import NotFoundError, WATSDecodeError
from pywats.models import FailCode, RepairBinding, RepairType
from pywats.sandbox import Fault
from pywats.services.process import DEFAULT_REPAIR_PROCESS_CODE, DEFAULT_TEST_PROCESS_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.client.sync_services import SyncProcessService
    from pywats.sandbox import Sandbox

PUBLIC = "/api/App/Processes"
REPAIRS = "/api/internal/Process/GetRepairOperations"
UNKNOWN = "6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a"


def respond(sandbox: Sandbox, path: str, body: object) -> None:
    sandbox.inject("GET", path, Fault.status(200, body=json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p: p.get_process(""), ValueError, "identifier='': must be a non-empty string"),
        (lambda p: p.get_process(-1), ValueError, "identifier=-1: must be an integer >= 0"),
        (lambda p: p.get_process(True), TypeError, "identifier=True: must be an integer"),
        (lambda p: p.get_process(None), TypeError, "identifier=None: must be an integer"),
        (lambda p: p.get_process_by_code("100"), TypeError, "code='100': must be an integer"),
        (lambda p: p.get_process_by_name(100), TypeError, "name=100: must be a non-empty string"),
        (lambda p: p.get_test_operation(1.5), TypeError, "identifier=1.5: must be an integer"),
        (lambda p: p.get_repair_operation(" "), ValueError, "identifier=' ': must be"),
        (lambda p: p.get_wip_operation(b"x"), TypeError, "identifier=b'x': must be"),
        (lambda p: p.process_exists("100"), TypeError, "code='100': must be an integer"),
        (lambda p: p.is_valid_test_operation(-1), ValueError, "code=-1: must be"),
        (lambda p: p.is_valid_repair_operation(None), TypeError, "code=None: must be"),
        (lambda p: p.is_valid_wip_operation(False), TypeError, "code=False: must be"),
        (
            lambda p: p.get_processes_filtered("yes"),
            TypeError,
            "include_test_operations='yes': must be True or False",
        ),
        (
            lambda p: p.get_processes_filtered(include_inactive_processes=1),
            TypeError,
            "include_inactive_processes=1: must be True or False",
        ),
        (lambda p: p.get_process_detailed("100"), ValueError, "process_id='100': must be a UUID"),
        (lambda p: p.get_process_detailed(100), TypeError, "process_id=100: must be a UUID"),
        (lambda p: p.get_repair_operation_config("x"), ValueError, "process_id='x': must be a"),
        (
            lambda p: p.get_repair_operation_config(UNKNOWN, "500"),
            TypeError,
            "process_code='500': must be an integer",
        ),
        (lambda p: p.get_repair_categories("500"), TypeError, "process_code='500': must be"),
        (lambda p: p.get_repair_codes(500, ""), ValueError, "category='': must be"),
        (lambda p: p.get_fail_codes(None), TypeError, "repair_code=None: must be an integer"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[SyncProcessService], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error) as caught:
        call(api.process)
    assert str(caught.value).startswith(text)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda p: p.get_process(999), "code=999: no such operation"),
        (lambda p: p.get_process("board test"), "name='board test': no such operation"),
        (lambda p: p.get_process("100"), "name='100': no such operation"),
        (lambda p: p.get_process_by_code(450), "code=450: no such operation"),
        (lambda p: p.get_process_by_name("Rework"), "name='Rework': no such operation"),
        (lambda p: p.get_test_operation(500), "code=500: no such test operation"),
        (lambda p: p.get_repair_operation(100), "code=100: no such repair operation"),
        (lambda p: p.get_wip_operation("Board test"), "name='Board test': no such WIP operation"),
        (lambda p: p.get_repair_categories(100), "process_code=100: the server lists no such"),
        (lambda p: p.get_repair_codes(100), "process_code=100: the server lists no such repair"),
        (lambda p: p.get_repair_codes(500, "Use"), "category='Use': the server lists no such"),
        (lambda p: p.get_fail_codes(501), "repair_code=501: the server lists no such repair"),
    ],
)
def test_what_the_server_does_not_list_is_an_error(
    api: pyWATS, call: Callable[[SyncProcessService], object], text: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        call(api.process)
    assert str(caught.value).startswith(text)
    assert isinstance(caught.value, LookupError)
    assert caught.value.correlation_id is not None


def test_an_id_that_the_server_does_not_know_is_an_error(api: pyWATS, sandbox: Sandbox) -> None:
    with pytest.raises(NotFoundError, match=f"Process {UNKNOWN} does not exist"):
        api.process.get_process_detailed(UUID(UNKNOWN))
    test = next(each for each in api.process.get_processes_detailed() if each.is_test_operation)
    assert test.process_id is not None
    with pytest.raises(NotFoundError, match="is not a repair operation"):
        api.process.get_repair_operation_config(test.process_id)
    assert {request.header("referer") for request in sandbox.requests} == {sandbox.base_url}


def test_nothing_is_kept_between_calls(api: pyWATS, sandbox: Sandbox) -> None:
    assert api.process.process_exists(100)
    respond(sandbox, PUBLIC, [{"code": 7}])
    assert not api.process.process_exists(100)
    assert api.process.list_process_codes() == [7]
    assert len(sandbox.requests) == 3


def test_names_of_both_apis_are_read_and_nothing_is_lost(api: pyWATS, sandbox: Sandbox) -> None:
    public = {
        "code": 500,
        "name": None,
        "isWipOperation": False,
        "processId": UNKNOWN.upper(),
        "future": [1, None],
        "repairOperation": {
            "uutBinding": 0,
            "bomBinding": 7,
            "imageConstraint": 2,
            "repairType": 3,
            "categories": [{"more": None}],
        },
    }
    internal = {
        "Code": 500,
        "Name": "Repair",
        "IsWIPOperation": True,
        "ProcessID": UNKNOWN,
        "Properties": None,
        "Future": {},
    }
    respond(sandbox, PUBLIC, [public])
    respond(sandbox, "/api/internal/Process/GetProcesses", [internal])
    (first,) = api.process.get_processes()
    (second,) = api.process.get_processes_detailed()
    assert first.process_id == second.process_id == UUID(UNKNOWN)
    assert (first.is_wip_operation, second.is_wip_operation) == (False, True)
    details = first.repair_operation
    assert details is not None
    assert (details.uut_binding, details.bom_binding) == (RepairBinding.REQUIRED, 7)
    assert details.image_constraint is RepairBinding.NEVER
    assert details.repair_type is RepairType.NO_FAILURE_FOUND
    assert json.loads(first.to_wire_json()) == public
    assert json.loads(second.to_wire_json()) == internal
    assert api.process.list_process_names() == []


def test_of_several_operations_with_one_name_the_first_is_found(
    api: pyWATS, sandbox: Sandbox
) -> None:
    respond(sandbox, PUBLIC, [{"code": 1, "name": "A/B#1?x"}, {"code": 2, "name": "A/B#1?x"}])
    assert api.process.get_process("A/B#1?x").code == 1
    assert api.process.get_process(2).name == "A/B#1?x"


def test_without_the_usual_code_the_first_operation_is_the_default(
    api: pyWATS, sandbox: Sandbox
) -> None:
    assert (DEFAULT_TEST_PROCESS_CODE, DEFAULT_REPAIR_PROCESS_CODE) == (100, 500)
    rows = [
        {"code": DEFAULT_TEST_PROCESS_CODE, "isRepairOperation": True},
        {"code": 30, "isTestOperation": True},
        {"code": 20, "isTestOperation": True},
    ]
    respond(sandbox, PUBLIC, rows)
    assert api.process.get_default_test_operation().code == 30
    assert api.process.get_default_test_code() == 30
    assert api.process.get_default_repair_code() == 100
    sandbox.heal()
    respond(sandbox, PUBLIC, [])
    with pytest.raises(NotFoundError, match="the server lists no active test operation"):
        api.process.get_default_test_code()
    with pytest.raises(NotFoundError, match="the server lists no active repair operation"):
        api.process.get_default_repair_operation()


@pytest.mark.parametrize("body", [b"", b"null", b"[]"])
def test_an_empty_list_may_come_as_nothing(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", PUBLIC, Fault.status(200, body=body))
    assert api.process.get_processes() == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            {"500": {}, "510": {"Categories": [{"GUID": UNKNOWN}]}},
            "Field required at 510.Categories.0.Description",
        ),
        ({"500": {}, "repair": {}}, "Input should be a valid integer, .* at repair"),
        ({"500": None}, "Input should be an object at 500"),
        (None, "Input should be an object;"),
    ],
)
def test_an_entry_that_cannot_be_read_is_an_error_and_not_left_out(
    api: pyWATS, sandbox: Sandbox, body: object, problem: str
) -> None:
    respond(sandbox, REPAIRS, body)
    with pytest.raises(WATSDecodeError, match=problem):
        api.process.get_repair_operation_configs()


def test_fail_codes_below_fail_codes_are_listed_too(api: pyWATS, sandbox: Sandbox) -> None:
    config = {
        "Description": None,
        "UUTRequired": 1,
        "Categories": [
            {
                "GUID": UNKNOWN,
                "Description": "Soldering",
                "Failcodes": [
                    {
                        "Description": "Joint",
                        "Selectable": False,
                        "FailureType": 4,
                        "ImageConstraint": "1",
                        "Failcodes": [{"Description": "Cold", "Selectable": True, "X": 1}],
                    },
                    {"Description": "Bridge", "Failcodes": None},
                ],
            },
            {"Description": "Scrap", "Failcodes": []},
        ],
        "MiscInfos": [{"Description": "Station"}],
    }
    respond(sandbox, REPAIRS, {"500": config, "510": {"Categories": None}})
    parent = UUID(UNKNOWN)
    assert api.process.get_fail_codes() == [
        FailCode("Soldering", "Joint", None, parent, 4, selectable=False),
        FailCode("Soldering", "Cold", None, parent, None, selectable=True),
        FailCode("Soldering", "Bridge", None, parent),
    ]
    assert api.process.get_fail_codes(510) == []
    assert api.process.get_repair_codes(category="Scrap") == []
    assert api.process.get_repair_codes() == ["Joint", "Cold", "Bridge"]
    assert [each.description for each in api.process.get_repair_categories()] == [
        "Soldering",
        "Scrap",
    ]
    read = api.process.get_repair_operation_configs()[500]
    assert json.loads(read.to_wire_json()) == config
