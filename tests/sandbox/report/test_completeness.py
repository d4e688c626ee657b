"""Incomplete reports are refused, and what is taken can be read back."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from pywats.errors import BadRequestError, WATSError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats import pyWATS

ID = "b4ccbbaa-a853-4e37-bf6f-241ce1661e33"
STEP: dict[str, JsonValue] = {
    "id": 1,
    "stepType": "ET_NLT",
    "name": "V",
    "status": "P",
    "numericMeas": [{"value": 5.0, "compOp": "GELE", "lowLimit": 4.0, "highLimit": 6.0}],
    "attachment": {"name": "log.txt", "data": "eA=="},
}
DOCUMENT: dict[str, JsonValue] = {
    "type": "T",
    "id": ID,
    "pn": "PN",
    "sn": "SN",
    "rev": "A",
    "processCode": 100,
    "result": "P",
    "machineName": "ST",
    "location": "Hall 1",
    "purpose": "Test",
    "start": "2026-01-02T03:04:05+01:00",
    "uut": {"user": "op", "execTime": 1.5, "batchSN": "B", "testSocketIndex": 1},
    "miscInfos": [{"description": "d", "text": "t"}],
    "subUnits": [{"pn": "S", "sn": "1", "partType": "PCBA"}],
    "assets": [{"sn": "FIX-1", "usageCount": 1}],
    "root": {"stepType": "SequenceCall", "name": "M", "status": "P", "steps": [STEP]},
}
REQUIRED = (
    "type",
    "id",
    "pn",
    "sn",
    "rev",
    "processCode",
    "result",
    "machineName",
    "start",
    "uut",
    "root",
)
ODD: list[JsonValue] = [None, "", 7, 1.5, True, [], {}, "x" * 101, [1], {"a": 1}, "NaN"]


def readers(api: pyWATS) -> None:
    """Read the report in every way there is."""
    api.report.get_report(ID)
    api.report.get_report_xml(ID)
    api.report.get_certificate(ID)
    api.report.get_all_attachments(ID)
    every = ["subUnits", "miscInfo", "assets", "attachments"]
    (header,) = api.report.query_headers(expand=every)
    assert header.process_name in {"Board test", None}
    api.report.query_headers_by_misc_info("d")
    api.production.get_unit("SN", "PN")
    api.production.verify_unit("SN", "PN")


def test_a_complete_report_can_be_read_back(api: pyWATS) -> None:
    api.report.submit_report(DOCUMENT)
    readers(api)
    (header,) = api.report.query_headers()
    assert header.process_name == "Board test"
    assert api.report.get_report(ID).process_name == "Board test"


@pytest.mark.parametrize("name", REQUIRED)
def test_a_report_without_a_required_field_is_refused(api: pyWATS, name: str) -> None:
    for value in (..., None):
        document = {key: each for key, each in DOCUMENT.items() if key != name}
        if value is None:
            document[name] = None
        with pytest.raises((BadRequestError, ValueError, TypeError)):
            api.report.submit_report(document)
    assert api.report.query_headers() == []


def test_the_missing_field_is_named(api: pyWATS) -> None:
    document = {key: each for key, each in DOCUMENT.items() if key != "uut"}
    with pytest.raises(BadRequestError, match="The uut field is required"):
        api.report.submit_report(document)
    with pytest.raises(BadRequestError, match="The uur field is required"):
        api.report.submit_report(document | {"type": "R"})


@pytest.mark.parametrize(
    "place", ["", "uut", "root", "root.steps.0", "subUnits.0", "miscInfos.0", "assets.0"]
)
def test_what_is_taken_can_be_read_whatever_it_holds(api: pyWATS, place: str) -> None:
    names = {
        *_at(DOCUMENT, place),
        "comment",
        "attachment",
        "fixtureId",
        "errorCode",
        "totTime",
        "seqCall",
    }
    taken = 0
    for name in sorted(names):
        for value in ODD:
            document = copy.deepcopy(DOCUMENT)
            _at(document, place)[name] = value
            if document["id"] != ID:
                continue
            try:
                api.report.submit_report(document)
            except (BadRequestError, ValueError, TypeError):
                continue
            taken += 1
            if api.report.query_headers(top=1)[0].serial_number == "SN":
                readers_of_any(api)
    assert taken > 0


def readers_of_any(api: pyWATS) -> None:
    for read in (api.report.get_report, api.report.get_report_xml, api.report.get_certificate):
        read(ID)
    api.report.query_headers(expand=["subUnits", "miscInfo", "assets", "attachments"])


def _at(document: dict[str, JsonValue], place: str) -> dict[str, JsonValue]:
    found: Any = document
    for part in filter(None, place.split(".")):
        if part.isdecimal():
            assert isinstance(found, list)
            found = found[int(part)]
        else:
            assert isinstance(found, dict)
            found = found[part]
    assert isinstance(found, dict)
    return found


def test_an_error_of_the_sandbox_itself_closes_the_connection_and_says_so(
    api: pyWATS, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pywats.sandbox.report.store import ReportStore  # noqa: PLC0415 - patched here only

    def broken(_: object) -> list[object]:
        raise RuntimeError("broken")

    monkeypatch.setattr(ReportStore, "headers", broken)
    seen = []
    for _ in range(3):
        with pytest.raises(WATSError) as caught:
            api.report.query_headers()
        seen.append(type(caught.value).__name__)
    # A closed connection that was not announced would be a WATSConnectionError now and then.
    assert seen == ["ServerError"] * 3
