from __future__ import annotations

import json

import pydantic
import pytest

from pywats.models import (
    SerialNumberIdentifier,
    SerialNumberRange,
    SerialNumberType,
    Unit,
    UnitPhase,
    UnitPhaseFlag,
)
from pywats.models.production.serial_number_xml import read_serial_numbers


@pytest.mark.parametrize("number", [1, 16, 4098, 8192, 0, -5])
def test_a_phase_is_a_flag_that_goes_back_as_it_came(number: int) -> None:
    unit = Unit.model_validate_json(json.dumps({"unitPhaseId": number}))
    assert unit.unit_phase_id == number
    assert isinstance(unit.unit_phase_id, UnitPhaseFlag) is (number >= 0)
    assert json.loads(unit.to_wire_json()) == {"unitPhaseId": number}


def test_queued_phases_are_two_flags() -> None:
    unit = Unit(unit_phase_id=UnitPhaseFlag(4104))
    assert unit.unit_phase_id == UnitPhaseFlag.SERVICE_REPAIR | UnitPhaseFlag.QUEUED


def test_a_phase_is_no_text() -> None:
    with pytest.raises(pydantic.ValidationError, match="unitPhaseId"):
        Unit.model_validate({"unitPhaseId": "Finalized"})


@pytest.mark.parametrize(("number", "kind"), [(2, SerialNumberIdentifier), (9, int)])
def test_a_kind_of_number_that_is_not_known_stays_a_number(number: int, kind: type) -> None:
    received = SerialNumberType.model_validate({"name": "N", "identifier": number})
    assert type(received.identifier) is kind
    assert json.loads(received.to_wire_json()) == {"name": "N", "identifier": number}


@pytest.mark.parametrize("name", ["UnitPhaseId", "unitPhaseId"])
def test_a_phase_of_either_api_goes_back_under_its_names(name: str) -> None:
    sent = {name: 16, "Name": None, "order": 3}
    phase = UnitPhase.model_validate_json(json.dumps(sent))
    assert phase.phase_id is UnitPhaseFlag.FINALIZED
    assert json.loads(phase.to_wire_json()) == sent


def test_what_the_server_ignores_cannot_be_assigned() -> None:
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        Unit().unit_phase = "Finalized"
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        Unit().tags = []
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        SerialNumberType().identifier_name = "MAC"
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        SerialNumberRange().identifier_name = "MAC"


def test_serial_numbers_are_read_in_any_namespace() -> None:
    document = (
        b'<a:SerialNumbers xmlns:a="urn:x"><a:SN id="1" refSN="S"/><SN id="2"/><x/>'
        b"</a:SerialNumbers>"
    )
    assert read_serial_numbers(document) == [{"id": "1", "refSN": "S"}, {"id": "2"}]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (b"<SerialNumbers", "the file of serial numbers is not well-formed XML"),
        ("<SN/>", "the root element is 'SN': must be SerialNumbers"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><SerialNumbers/>', "has a document type declaration"),
    ],
)
def test_other_documents_are_no_serial_numbers(document: bytes | str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_serial_numbers(document)
