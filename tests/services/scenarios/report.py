"""Scenarios of the report service."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from pywats.models import (
    CompOp,
    NumericMeasurement,
    ReportStatus,
    ReportType,
    StepStatus,
    UURReport,
    UUTReport,
)
from pywats.services import ReportService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

SERVICE = ReportService

REPORT = "/api/Report"
FIRST = "b4ccbbaa-a853-4e37-bf6f-241ce1661e33"
SECOND = "b4ccbbaa-a853-4e37-bf6f-241ce1661e34"
REPAIR = "6b6b577b-16e5-4553-927a-a0348b850c3d"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def make_test(bench: Bench, report_id: str = FIRST, *, value: float = 5.1) -> UUTReport:
    report: UUTReport = await bench.call(
        "create_uut_report",
        "op",
        "PN-1",
        "A",
        f"SN-{report_id[-1]}",
        100,
        station_name="ST-1",
        location="Hall 1",
        purpose="Production",
        start_time=START,
        report_id=report_id,
    )
    assert bench.sent == []
    root = report.sequence()
    root.id = 6
    step = root.add_numeric(
        "Voltage", value, "V", comp_op=CompOp.GELE, low_limit=4.9, high_limit=5.2
    )
    step.id = 7
    step.attach("scope.png", b"picture", "image/png")
    report.add_misc_info("Firmware", "1.2.3")
    report.add_sub_unit(part_number="SUB-1", serial_number="SS-1", revision="B", part_type="PCBA")
    report.conclude(12.5)
    return report


async def a_test_is_submitted_and_read(bench: Bench) -> None:
    report = await make_test(bench)
    result = await bench.call("submit_report", report)
    assert bench.sent == [f"POST {REPORT}/WSJF"]
    assert bench.last["id"] == FIRST
    assert bench.last["uut"] == {"user": "op", "execTime": 12.5}
    assert (bench.last["pn"], bench.last["result"]) == ("PN-1", "P")
    (step,) = bench.last["root"]["steps"]
    assert step["numericMeas"] == [
        {
            "value": 5.1,
            "unit": "V",
            "compOp": "GELE",
            "lowLimit": 4.9,
            "highLimit": 5.2,
            "status": "P",
        }
    ]
    assert str(result.id) == FIRST
    read = await bench.call("get_report", FIRST)
    assert bench.sent == [f"GET {REPORT}/Wsjf/{FIRST}"]
    assert read == report.model_copy(update={"process_name": "Board test"})
    thin = await bench.call(
        "get_report", FIRST, 0, include_chartdata=False, include_attachments=False
    )
    assert bench.sent == [
        f"GET {REPORT}/Wsjf/{FIRST}?detailLevel=0&includeChartdata=false&includeAttachments=false"
    ]
    assert (thin.serial_number, thin.root) == ("SN-3", None)


async def a_second_submission_is_the_same_report(bench: Bench) -> None:
    report = await make_test(bench)
    first = await bench.call("submit", report)
    second = await bench.call("submit", report, check=False)
    assert first == second
    (header,) = await bench.call("query_uut_headers")
    assert header.receive_count == 2


async def a_failed_unit_is_repaired(bench: Bench) -> None:
    test = await make_test(bench, value=6.0)
    assert test.result is ReportStatus.FAILED
    await bench.call("submit", test)
    repair: UURReport = await bench.call(
        "create_uur_from_uut", test, "rep", "bad joint", start_time=START, report_id=REPAIR
    )
    assert bench.sent == []
    repair.unit().add_failure("Soldering", "Cold joint", comp_ref="R12", ref_step_name="Voltage")
    repair.attach("photo.jpg", b"photo", "image/jpeg")
    await bench.call("submit", repair)
    assert bench.last["type"] == "R"
    assert bench.last["uur"]["refUUT"] == FIRST
    assert bench.last["subUnits"][0]["failures"] == [
        {
            "category": "Soldering",
            "code": "Cold joint",
            "comRef": "R12",
            "refStepName": "Voltage",
        }
    ]
    read = await bench.call("get_report", REPAIR)
    assert isinstance(read, UURReport)
    (file,) = read.binary_data or []
    data = await bench.call("get_attachment", REPAIR, attachment_id=file.id)
    assert bench.sent == [f"GET {REPORT}/Attachment?reportId={REPAIR}&attachmentId={file.id}"]
    assert data == b"photo"
    (header,) = await bench.call("query_uur_headers", expand=["uurSubUnits", "uurAttachments"])
    assert str(header.referenced_uut) == FIRST
    assert [unit.serial_number for unit in header.uur_sub_units] == ["SN-3", "SS-1"]
    other = await bench.call(
        "create_uur_report",
        "PN-1",
        "SN-9",
        "A",
        "rep",
        test_operation_code=100,
        uut=FIRST,
        comment="c",
        station_name="ST-2",
        start_time=START,
        report_id=SECOND,
    )
    assert (other.process_code, str(other.info.ref_uut)) == (500, FIRST)


async def files_of_a_test(bench: Bench) -> None:
    await bench.call("submit", await make_test(bench))
    assert await bench.call("get_attachment", FIRST, step_id=7) == b"picture"
    assert bench.sent == [f"GET {REPORT}/Attachment?reportId={FIRST}&stepId=7"]
    packed = await bench.call("get_all_attachments", FIRST)
    assert bench.sent == [f"GET {REPORT}/Attachments/{FIRST}"]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("scope.png") == b"picture"
    assert b"SN-3" in await bench.call("get_certificate", FIRST)
    assert bench.sent == [f"GET {REPORT}/Certificate/{FIRST}"]
    assert bench.requests[0].header("accept") == "*/*"


async def steps_are_numbered_by_the_server(bench: Bench) -> None:
    report = await make_test(bench)
    root = report.sequence()
    root.id = None
    (numbered,) = root.steps or []
    numbered.id = 1
    inner = root.add_sequence("Inner")
    inner.add_boolean("Lamp", True).attach("lamp.png", b"lamp")
    sent = report.to_wire_json()
    await bench.call("submit", report)
    assert report.to_wire_json() == sent
    read = await bench.call("get_report", FIRST)
    assert [(step.name, step.id) for step in read.steps()] == [
        (root.name, 0),
        ("Voltage", 1),
        ("Inner", 2),
        ("Lamp", 3),
    ]
    (header,) = await bench.call("query_uut_headers", expand=["attachments"])
    found = {}
    for file in header.attachments:
        found[file.filename] = await bench.call("get_attachment", FIRST, step_id=file.step_id)
    assert found == {"scope.png": b"picture", "lamp.png": b"lamp"}


async def xml(bench: Bench) -> None:
    await bench.call("submit", await make_test(bench))
    document = await bench.call(
        "get_report_xml",
        FIRST,
        include_attachments=True,
        include_chartdata=False,
        include_indexes=True,
        detail_level=7,
    )
    assert bench.sent == [
        f"GET {REPORT}/Wsxf/{FIRST}?detailLevel=7&includeAttachments=true&includeChartdata=false"
        "&includeIndexes=true"
    ]
    assert bench.requests[0].header("accept") == "application/xml"
    copied = document.replace(FIRST.encode(), SECOND.encode())
    result = await bench.call("submit_report_xml", copied)
    assert bench.sent == [f"POST {REPORT}/WSXF"]
    assert bench.requests[0].header("content-type") == "application/xml"
    assert str(result.id) == SECOND
    assert (await bench.call("get_report", SECOND)).serial_number == "SN-3"


async def the_list(bench: Bench) -> None:
    for report_id in (FIRST, SECOND):
        await bench.call("submit", await make_test(bench, report_id))
    header = f"GET {REPORT}/Query/Header"
    uut = "reportType%20eq%20%27U%27"
    rows = await bench.call(
        "query_headers",
        ReportType.UUT,
        ["subUnits", "miscInfo"],
        "result eq 'Passed'",
        5,
        "serialNumber",
        skip=1,
    )
    assert bench.sent == [
        f"{header}?$filter=%28{uut}%29%20and%20%28result%20eq%20%27Passed%27%29&$top=5&$skip=1"
        "&$orderby=serialNumber&$expand=subUnits%2CmiscInfo"
    ]
    assert [row.serial_number for row in rows] == ["SN-4"]
    assert [info.value for info in rows[0].misc_info] == ["1.2.3"]
    everything = await bench.call("iter_headers", page_size=1)
    assert len(bench.sent) == 3
    assert bench.sent[1] == f"{header}?$top=1&$skip=1&$orderby=timestamp"
    assert [str(row.uuid) for row in everything] == [FIRST, SECOND]
    with_units = await bench.call("query_headers_with_subunits", top=1)
    assert bench.sent == [f"{header}?$filter={uut}&$top=1&$expand=subUnits"]
    assert [unit.part_number for unit in with_units[0].sub_units] == ["SUB-1"]


async def ready_made_questions(bench: Bench) -> None:
    await bench.call("submit", await make_test(bench))
    questions = {
        "get_headers_by_serial": ("SN-3", "serialNumber eq 'SN-3'"),
        "get_headers_by_part_number": ("PN-1", "partNumber eq 'PN-1'"),
        "query_headers_by_subunit_part_number": (
            "SUB-1",
            "subUnits/any(s: s/partNumber eq 'SUB-1')",
        ),
        "query_headers_by_subunit_serial": (
            "SS-1",
            "subUnits/any(s: s/serialNumber eq 'SS-1')",
        ),
    }
    for method, (value, expression) in questions.items():
        (row,) = await bench.call(method, value)
        assert row.serial_number == "SN-3"
        asked = f"(reportType eq 'U') and ({expression})"
        assert dict(bench.requests[0].query)["$filter"] == asked
        assert await bench.call(method, "O'Brien") == []
    await bench.call("get_headers_by_date_range", START - timedelta(hours=1), START, top=3)
    period = "start ge 2026-01-02T02:04:05.000000Z and start le 2026-01-02T03:04:05.000000Z"
    asked = quote(f"(reportType eq 'U') and ({period})", safe="")
    assert bench.sent == [f"GET {REPORT}/Query/Header?$filter={asked}&$top=3"]
    (hit,) = await bench.call("query_headers_by_misc_info", "Firmware", "1.2.3")
    assert bench.sent == [f"GET {REPORT}/Query/HeaderByMiscInfo?description=Firmware&data=1.2.3"]
    assert [row.data for row in hit.misc_data] == ["1.2.3"]
    assert await bench.call("query_headers_by_misc_info", serial_number="x", process_code=1) == []


async def both_ends_of_a_period_belong_to_it(bench: Bench) -> None:
    start = START.replace(microsecond=123_456)
    report = (await make_test(bench)).model_copy(update={"start": start})
    await bench.call("submit", report)
    for first, last in ((start, start), (START, start), (start, start + timedelta(hours=1))):
        (row,) = await bench.call("get_headers_by_date_range", first, last)
        assert row.start == start
    tick = timedelta(microseconds=1)
    assert await bench.call("get_headers_by_date_range", START, start - tick) == []
    later = start + timedelta(hours=1)
    assert await bench.call("get_headers_by_date_range", start + tick, later) == []


async def recent_reports(bench: Bench) -> None:
    report = await make_test(bench)
    # Not submitted through the bench: the time of day differs between the runs it compares. A
    # time to come is recent even if midnight passes meanwhile.
    later = report.model_copy(update={"start": datetime.now(UTC) + timedelta(days=1)})
    await bench.other(ReportService).submit(later)
    for method in ("get_recent_headers", "get_todays_headers"):
        found = await getattr(bench.other(ReportService), method)()
        assert [row.serial_number for row in found] == ["SN-3"]
        await bench.call(method, report_type="R")
        asked = dict(bench.requests[0].query)["$filter"]
        assert asked.startswith("(reportType eq 'R') and (start ge ")
    assert await bench.call("iter_recent_headers", 2, "R", expand=["subUnits"], page_size=7) == []
    query = dict(bench.requests[0].query)
    assert query["$filter"].startswith("(reportType eq 'R') and (start ge ")
    assert (query["$top"], query["$expand"]) == ("7", "subUnits")
    assert await bench.call("iter_recent_headers", filter="partNumber eq 'no'") == []
    query = dict(bench.requests[0].query)
    assert query["$filter"].startswith("(reportType eq 'U') and ((start ge ")
    assert query["$filter"].endswith(") and (partNumber eq 'no'))")


async def several_numbers_in_one_step(bench: Bench) -> None:
    report = await make_test(bench)
    step = report.sequence().add_numerics(
        "Rails",
        [
            NumericMeasurement(name="3V3", value=3.3, comp_op=CompOp.LT, low_limit=3.2),
            NumericMeasurement(name="5V", value=5.0, comp_op=CompOp.LOG),
        ],
    )
    assert step.status == StepStatus.FAILED
    report.conclude()
    await bench.call("submit", report)
    assert (bench.last["result"], bench.last["root"]["status"]) == ("F", "F")


SCENARIOS: list[Scenario] = [
    a_test_is_submitted_and_read,
    a_second_submission_is_the_same_report,
    a_failed_unit_is_repaired,
    files_of_a_test,
    steps_are_numbered_by_the_server,
    xml,
    the_list,
    ready_made_questions,
    both_ends_of_a_period_belong_to_it,
    recent_reports,
    several_numbers_in_one_step,
]
