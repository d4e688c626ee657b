"""The report service: what it refuses, what reaches the server, and what comes back."""

from __future__ import annotations

import json
import math
import platform
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from pywats.errors import (
    BadRequestError,
    NotFoundError,
    WATSConnectionError,
    WATSDecodeError,
)
from pywats.sandbox import Fault
from pywats.services import ReportProblemsError
from pywats.services.report import searches

if TYPE_CHECKING:
    from datetime import tzinfo
    from typing import Self

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox

ID = "b4ccbbaa-a853-4e37-bf6f-241ce1661e33"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make(api: pyWATS, **changes: Any) -> UUTReport:
    settings: dict[str, Any] = {"station_name": "ST", "report_id": ID} | changes
    return api.report.create_uut_report("op", "PN", "A", "S/N #1?", 100, **settings)


@pytest.mark.parametrize(
    ("method", "arguments", "error", "message"),
    [
        ("get_report", {"report_id": "x"}, ValueError, "report_id='x': must be a UUID"),
        ("get_report", {"report_id": 7}, TypeError, "report_id=7: must be a UUID, not int"),
        ("get_report", {"report_id": ID, "detail_level": 8}, ValueError, "must be 0 to 7"),
        ("get_report", {"report_id": ID, "detail_level": -1}, ValueError, "detail_level=-1"),
        (
            "get_report",
            {"report_id": ID, "include_chartdata": "no"},
            TypeError,
            "include_chartdata='no': must be True or False",
        ),
        ("get_attachment", {"report_id": ID}, ValueError, "give either attachment_id"),
        (
            "get_attachment",
            {"report_id": ID, "attachment_id": ID, "step_id": 1},
            ValueError,
            "give either attachment_id",
        ),
        ("get_attachment", {"report_id": ID, "step_id": -1}, ValueError, "step_id=-1"),
        ("submit_report", {"report": 7}, TypeError, "report=7: must be a UUTReport, a UURReport"),
        ("submit_report", {"report": {}}, ValueError, "report has no 'id': give it one"),
        ("submit_report", {"report": {"id": "x"}}, ValueError, r"report\['id'\]='x': must be a"),
        (
            "submit_report",
            {"report": {"id": ID, "root": {1, 2}}},
            ValueError,
            r"report\['root'\] is not JSON: Object of type set",
        ),
        (
            "submit_report",
            {"report": {"id": ID, "root": {"steps": [{"start": START}]}}},
            ValueError,
            r"report\['root'\]\['steps'\]\[0\]\['start'\] is not JSON: Object of type datetime",
        ),
        ("submit_report", {"report": "{}"}, ValueError, "the report has no 'id': give it one"),
        ("submit_report", {"report": "a.json"}, ValueError, r"report='a.json': .*read_bytes\(\)"),
        ("submit_report", {"report": "{\ud800"}, ValueError, "report='{.*UTF-8 cannot encode it"),
        ("query_headers", {"filter": "\ud800"}, ValueError, "filter=.*: UTF-8 cannot encode it"),
        ("submit_report", {"report": b"<a/>"}, ValueError, "not a JSON document: Expecting value"),
        ("submit_report_xml", {"xml_content": ""}, ValueError, "xml_content='': must be a non-em"),
        ("submit_report_xml", {"xml_content": b""}, ValueError, "xml_content is empty"),
        ("submit_report_xml", {"xml_content": 7}, TypeError, "xml_content: must be bytes, not int"),
        ("query_headers", {"report_type": "X"}, ValueError, "report_type='X': must be ReportType"),
        ("query_headers", {"top": 10_001}, ValueError, "top=10001: must be 10000 or less; see it"),
        ("query_headers", {"skip": -1}, ValueError, "skip=-1"),
        ("query_headers", {"filter": " "}, ValueError, "filter=' '"),
        ("query_headers", {"expand": "subUnits"}, TypeError, "expand='subUnits': must be a seq"),
        ("query_headers", {"expand": []}, ValueError, "expand=.*must hold at least one"),
        ("iter_headers", {"page_size": 0}, ValueError, "page_size=0"),
        ("iter_headers", {"page_size": 10_001}, ValueError, "page_size=10001: must be 10000 or"),
        ("iter_headers", {"report_type": "X"}, ValueError, "report_type='X'"),
        ("query_headers_by_misc_info", {}, ValueError, "give a description, data, serial_number"),
        ("query_headers_by_misc_info", {"process_code": -1}, ValueError, "process_code=-1"),
        (
            "get_headers_by_date_range",
            {"start_date": datetime(2026, 1, 2), "end_date": START},  # noqa: DTZ001 - the mistake
            ValueError,
            "start_date=.*: must have a time zone",
        ),
        (
            "get_headers_by_date_range",
            {"start_date": START, "end_date": "today"},
            TypeError,
            "end_date='today': must be a datetime, not str",
        ),
        (
            "get_headers_by_date_range",
            {"start_date": START, "end_date": START.replace(year=2025)},
            ValueError,
            "end_date=2025.* is before start_date=2026",
        ),
        ("get_recent_headers", {"days": 0}, ValueError, "days=0"),
        ("get_recent_headers", {"days": 800_000}, ValueError, "days=800000: reaches back beyond"),
        ("get_recent_headers", {"days": 10**10}, ValueError, "days=10000000000: reaches back"),
        ("create_uur_from_uut", {"uut": 7, "operator": "o"}, TypeError, "uut=7: must be a UUTR"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_sent(
    api: pyWATS,
    sandbox: Sandbox,
    method: str,
    arguments: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        getattr(api.report, method)(**arguments)
    assert sandbox.requests == ()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
@pytest.mark.parametrize(
    ("zone", "now", "start"),
    [
        # The clocks go forward at 2:00.
        ("EST5EDT,M3.2.0,M11.1.0", datetime(2026, 3, 8, 19, tzinfo=UTC), "2026-03-08T05:00"),
        # The clocks go back at 2:00.
        ("EST5EDT,M3.2.0,M11.1.0", datetime(2026, 11, 1, 20, tzinfo=UTC), "2026-11-01T04:00"),
        # The clocks go back at 1:00, so that midnight comes twice; it is half past the second.
        (
            "AZOT1AZOST0,M3.5.0/0,M10.5.0/1",
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "2026-10-25T00:00",
        ),
    ],
)
def test_today_begins_at_midnight_where_the_clocks_change(
    api: pyWATS,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    now: datetime,
    start: str,
) -> None:
    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            then = datetime.fromtimestamp(now.timestamp(), tz)
            # A class of its own loses the fold when it is made.
            return cls.combine(then.date(), then.timetz()).replace(fold=then.fold)

    monkeypatch.setattr(searches, "datetime", Then)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        try:
            api.report.get_todays_headers()
        finally:
            patch.undo()
            time.tzset()
    assert f"start ge {start}:00.000000Z" in unquote(sandbox.requests[-1].target)


def test_a_report_with_problems_is_not_sent_unless_told(api: pyWATS, sandbox: Sandbox) -> None:
    report = make(api)
    report.serial_number = ""
    with pytest.raises(ReportProblemsError) as caught:
        api.report.submit_report(report)
    assert str(caught.value) == "the report was not submitted: serial_number is empty"
    assert caught.value.problems == ["serial_number is empty"]
    assert sandbox.requests == ()
    with pytest.raises(BadRequestError, match=r"The sn field is required\."):
        api.report.submit_report(report, check=False)


def test_a_document_is_sent_as_it_is(api: pyWATS, sandbox: Sandbox) -> None:
    document = json.loads(make(api).to_wire_json()) | {"future": {"Nested": [None, 1.5]}}
    result = api.report.submit_report(document)
    assert json.loads(sandbox.requests[-1].body) == document
    assert result.id == UUID(ID)
    assert json.loads(api.report.get_report(ID).to_wire_json())["future"] == {"Nested": [None, 1.5]}


def test_a_text_is_sent_to_the_last_digit(api: pyWATS, sandbox: Sandbox) -> None:
    report = api.report.create_uut_report("op", "P", "A", "S-1", 100)
    text = report.to_wire_json().decode()[:-1] + ', "miscInfos": [], "x": 1.10}'
    for content in (text, text.encode()):
        assert api.report.submit_report(content).uuid == report.id
        assert sandbox.requests[-1].body == text.encode()
    assert len(api.report.query_headers()) == 1


def test_a_text_that_is_not_checked_is_for_the_server_to_judge(
    api: pyWATS, sandbox: Sandbox
) -> None:
    with pytest.raises(BadRequestError):
        api.report.submit_report("nonsense", check=False)
    assert sandbox.requests[-1].body == b"nonsense"


def test_numbers_that_json_does_not_have_are_sent_as_the_models_send_them(
    api: pyWATS, sandbox: Sandbox
) -> None:
    report = api.report.create_uut_report("op", "P", "A", "S-1", 100)
    document = json.loads(report.to_wire_json()) | {"x": [math.nan, -math.inf, "NaN"]}
    api.report.submit_report(document)
    assert json.loads(sandbox.requests[-1].body)["x"] == ["NaN", "-Infinity", "NaN"]


def test_a_document_that_holds_itself_is_refused(api: pyWATS, sandbox: Sandbox) -> None:
    document: dict[str, Any] = {"id": ID}
    document["root"] = [document, document]
    with pytest.raises(ValueError, match="^report is not JSON: Circular reference"):
        api.report.submit_report(document)
    assert sandbox.requests == ()


def test_the_response_may_be_a_list_of_one(api: pyWATS, sandbox: Sandbox) -> None:
    body = json.dumps([{"ID": ID, "uuid": ID, "Report_ID": 7}]).encode()
    sandbox.inject("POST", "*", Fault.status(200, body=body), times=1)
    assert api.report.submit(make(api)).report_id == 7
    sandbox.inject("POST", "*", Fault.status(200, body=b"[]"))
    with pytest.raises(WATSDecodeError, match="POST /api/Report/WSJF returned 200"):
        api.report.submit(make(api))


def test_a_submission_whose_response_was_lost_may_be_repeated_by_the_same_id(
    api: pyWATS, sandbox: Sandbox
) -> None:
    report = make(api)
    sandbox.inject("POST", "/api/Report/WSJF", Fault.close(executed=True), times=1)
    with pytest.raises(WATSConnectionError) as caught:
        api.report.submit(report)
    assert caught.value.may_have_been_executed
    assert api.report.submit(report).id == UUID(ID)
    (header,) = api.report.query_headers()
    assert (header.receive_count, header.serial_number) == (2, "S/N #1?")


def test_what_is_missing_is_said_to_be(api: pyWATS) -> None:
    with pytest.raises(NotFoundError, match=f"Report {ID} does not exist"):
        api.report.get_report(ID)
    api.report.submit(make(api))
    with pytest.raises(NotFoundError, match="Attachment 9 does not exist"):
        api.report.get_attachment(ID, step_id=9)


def test_wsxf_that_is_none_is_refused_by_the_server(api: pyWATS) -> None:
    with pytest.raises(BadRequestError, match="The report is not a WSXF document"):
        api.report.submit_report_xml("<Report")


def test_the_station_and_the_time_have_defaults(
    api: pyWATS, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYWATS_STATION", "LINE-7")
    report = make(api, station_name=None, start_time=None, report_id=None)
    assert report.station_name == "LINE-7"
    assert report.start is not None
    assert report.start.tzinfo is UTC
    assert report.id != make(api, report_id=None).id
    monkeypatch.delenv("PYWATS_STATION")
    assert make(api, station_name=None).station_name == platform.node()


def test_a_test_report_in_place_of_a_part_number_is_refused_with_the_method_that_takes_it(
    api: pyWATS,
) -> None:
    tested: Any = api.report.create_uut_report("op", "PN", "A", "SN", 10)
    with pytest.raises(TypeError, match=r"call create_uur_from_uut\(uut, operator\)"):
        api.report.create_uur_report(tested, "SN", "A", "rep", test_operation_code=100)


def test_a_repair_may_name_no_test(api: pyWATS) -> None:
    report = api.report.create_uur_report("PN", "SN", "A", "rep", test_operation_code=100)
    assert report.info is not None
    assert (report.info.ref_uut, report.info.comment) == (None, None)
    assert "refUUT" not in json.loads(report.to_wire_json())["uur"]


def test_starts_are_compared_whatever_their_offset(api: pyWATS) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    # As texts they are in another order: 21:00, 08:00, 12:30, 14:00.
    starts = [
        noon.astimezone(timezone(timedelta(hours=9))),
        (noon + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-5))),
        noon + timedelta(minutes=30),
        noon + timedelta(hours=2),
    ]
    for start in starts:
        report = make(api, report_id=None, start_time=start)
        report.sequence().add_boolean("Lamp", True)
        api.report.submit(report)
    found = [(row.start, row.run) for row in api.report.query_headers()]
    assert found == [(starts[3], 4), (starts[1], 3), (starts[2], 2), (starts[0], 1)]


def test_a_report_whose_start_is_no_time_is_refused(api: pyWATS) -> None:
    document = json.loads(make(api).to_wire_json())
    for start in ("yesterday", "2026-13-01T00:00:00", "0001-01-01T00:00:00+09:00"):
        with pytest.raises(BadRequestError, match="is not a date and time"):
            api.report.submit(document | {"start": start})
    assert api.report.query_headers() == []
