"""WSXF documents as text."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pywats.models.report.wsxf_text import same_id, split_wsxf

IDS = ("0f0e0d0c-0b0a-4908-8706-050403020100", "1f0e0d0c-0b0a-4908-8706-050403020100")


def document(*ids: str | None) -> bytes:
    reports = "".join("<Report/>" if each is None else f'<Report ID="{each}"/>' for each in ids)
    return f'<Reports xmlns="urn:w" version="2">{reports}</Reports>'.encode()


def test_one_report_with_an_id_stays_as_it_is() -> None:
    assert split_wsxf(document(IDS[0]), str) == [(IDS[0], document(IDS[0]))]


def test_each_report_gets_a_document_of_its_own_with_an_id() -> None:
    split = split_wsxf(document(IDS[0], None, IDS[1]), lambda number: f"made-{number}")
    assert [report_id for report_id, _ in split] == [IDS[0], "made-1", IDS[1]]
    for report_id, content in split:
        root = ET.fromstring(content)  # noqa: S314 - made here
        assert root.attrib == {"version": "2"}
        assert [each.attrib["ID"] for each in root] == [report_id]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"<a", "not well-formed"),
        (b"<a/>", "there is no element Report below its root"),
        (b'<?xml version="1.0" encoding="none"?><a/>', "encoding"),
        (document(IDS[0], IDS[0].upper()), f"two reports of the file have the id {IDS[0]}"),
    ],
)
def test_what_is_not_wsxf_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split_wsxf(raw, str)


def test_two_spellings_of_an_id_are_the_same() -> None:
    assert same_id("{" + IDS[0].upper() + "}") == IDS[0]
    assert same_id("other") == "other"
