"""WSXF: what goes in comes out, in either format."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from pywats.errors import BadRequestError
from pywats.models import (
    BooleanMeasurement,
    CompOp,
    NumericMeasurement,
    StringMeasurement,
    UURReport,
    UUTReport,
)

if TYPE_CHECKING:
    from pywats import pyWATS

REPORT = (
    '<Report type="UUT" ID="{id}" Start="2026-11-28T10:00:00+01:00" Result="Failed" SN="{sn}" '
    'PN="P" Rev="A" MachineName="M" Location="" Purpose="">{more}<Process Code="100"/></Report>'
)
UUT = '<UUT UserLoginName="op"/>'


def reports(*rows: str) -> str:
    namespace = "http://wats.virinco.com/schemas/WATS/Report/wsxf"
    return f'<Reports xmlns="{namespace}">{"".join(rows)}</Reports>'


def a_test(api: pyWATS) -> UUTReport:
    report = api.report.create_uut_report(
        "op",
        "PN",
        "A",
        "SN",
        100,
        location="Hall",
        purpose="P",
        sequence_name="main.seq",
        sequence_version="1.2",
    )
    root = report.sequence()
    inner = root.add_sequence("Inner", "inner.seq", "2.0")
    inner.add_numeric("V", 9, "V", comp_op=CompOp.GELE, low_limit=4, high_limit=6)
    inner.add_numerics(
        "Rails",
        [NumericMeasurement(name=name, value=1.5, unit="A", comp_op="LOG") for name in "ab"],
    )
    root.add_string("Label", "x", "x")
    root.add_strings(
        "Labels",
        [StringMeasurement(name=name, value="y", comp_op="NE", limit="z") for name in "ab"],
    )
    root.add_boolean("LED", False)
    root.add_booleans("LEDs", [BooleanMeasurement(name=name, value=True) for name in "ab"])
    root.add_step("Wait", "NI_Wait").attach("log.txt", b"hello", "text/plain")
    report.add_misc_info("Firmware", "1.0")
    report.add_sub_unit(part_number="S", serial_number="1", revision="B", part_type="PCBA")
    report.add_asset("FIX-1", 2)
    report.conclude(12.5)
    assert report.info is not None
    report.info.batch_number = "B1"
    report.info.comment = "c & d"
    report.info.test_socket_index = 3
    return report


def test_a_test_goes_out_as_wsxf_and_comes_back_equal(api: pyWATS) -> None:
    report = a_test(api)
    api.report.submit_report(report)
    first = api.report.get_report(report.id)
    xml = api.report.get_report_xml(report.id)
    api.report.submit_report_xml(xml)
    second = api.report.get_report(report.id)
    assert isinstance(second, UUTReport)
    shown = [(type(step).__name__, step.name, step.status, step.group) for step in second.steps()]
    assert isinstance(first, UUTReport)
    assert shown == [
        (type(step).__name__, step.name, step.status, step.group) for step in first.steps()
    ]
    for one, other in zip(first.steps(), second.steps(), strict=True):
        for field in ("step_type", "numeric_meas", "string_meas", "boolean_meas", "attachment"):
            assert getattr(one, field) == getattr(other, field), (one.name, field)
    assert first.root is not None
    assert second.root is not None
    assert first.root.seq_call == second.root.seq_call
    for field in ("info", "misc_infos", "sub_units", "assets", "result", "process_name", "start"):
        assert getattr(first, field) == getattr(second, field), field


def test_a_repair_goes_out_as_wsxf_and_comes_back_equal(api: pyWATS) -> None:
    test = a_test(api)
    api.report.submit_report(test)
    repair = api.report.create_uur_from_uut(test, "rep", "bad joint")
    repair.unit().add_failure("Soldering", "Cold joint", comp_ref="R12", comment="hot air")
    (_, inner) = repair.sub_units or []
    inner.add_failure("Component", "Defective", comp_ref="U1")
    api.report.submit_report(repair)
    first = api.report.get_report(repair.id)
    api.report.submit_report_xml(api.report.get_report_xml(repair.id))
    second = api.report.get_report(repair.id)
    assert isinstance(first, UURReport)
    assert isinstance(second, UURReport)
    for one, other in zip(first.sub_units or [], second.sub_units or [], strict=True):
        assert (one.idx, one.parent_idx, one.part_type) == (
            other.idx,
            other.parent_idx,
            other.part_type,
        )
        assert (one.failures or []) == (other.failures or [])
    assert first.info is not None
    assert second.info is not None
    assert (first.info.ref_uut, first.info.comment) == (second.info.ref_uut, second.info.comment)


def test_every_report_of_a_document_is_kept(api: pyWATS) -> None:
    rows = [REPORT.format(id=uuid4(), sn=sn, more=UUT) for sn in "AB"]
    api.report.submit_report_xml(reports(*rows))
    assert sorted(row.serial_number or "" for row in api.report.query_headers()) == ["A", "B"]
    bad = REPORT.format(id=uuid4(), sn="C", more=UUT).replace('PN="P"', 'PN=""')
    with pytest.raises(BadRequestError, match="pn field is required"):
        api.report.submit_report_xml(reports(REPORT.format(id=uuid4(), sn="D", more=UUT), bad))
    assert len(api.report.query_headers()) == 2


@pytest.mark.parametrize(
    "document",
    [
        "<Report",
        reports(),
        reports("<Report/>"),
        reports(REPORT.format(id="x", sn="A", more="")),
        reports(REPORT.format(id="x", sn="A", more=UUT).replace("Failed", "Perhaps")),
        reports(REPORT.format(id="x", sn="A", more=UUT).replace('Code="100"', 'Code="a"')),
        reports(REPORT.format(id="x", sn="A", more=UUT + '<Step Status="Passed"/>')),
        reports(REPORT.format(id="x", sn="A", more=UUT + '<Step Name="s" Status="Good"/>')),
        '<?xml version="1.0" encoding="foo"?><Reports/>',
        '<!DOCTYPE r [<!ENTITY x "y">]><Reports>&x;</Reports>',
        "<a>" * 100_000,
    ],
)
def test_what_is_not_wsxf_is_refused(api: pyWATS, document: str) -> None:
    with pytest.raises(BadRequestError, match="The report is not a WSXF document"):
        api.report.submit_report_xml(document)


def test_deeply_nested_steps_are_refused_not_an_error(api: pyWATS) -> None:
    steps = '<Step Name="s" Status="Passed">' * 3000 + "</Step>" * 3000
    with pytest.raises(BadRequestError):
        api.report.submit_report_xml(reports(REPORT.format(id=uuid4(), sn="A", more=UUT + steps)))


def test_what_comes_out_is_in_the_namespace_of_wsxf(api: pyWATS) -> None:
    report = a_test(api)
    api.report.submit_report(report)
    root = ET.fromstring(api.report.get_report_xml(report.id))  # noqa: S314 - from the sandbox
    tags = {each.tag.partition("}")[0] for each in root.iter()}
    assert tags == {"{http://wats.virinco.com/schemas/WATS/Report/wsxf"}
