"""The header of a report as XML (WSXF): as much of it as the sandbox needs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.sandbox.answers import ApiError
from pywats.sandbox.report_header import RESULTS, info_of, rows_of

if TYPE_CHECKING:
    from pywats.sandbox.routing import Row

__all__ = ["from_wsxf", "to_wsxf"]

_NAMESPACE = "http://wats.virinco.com/schemas/WATS/Report/wsxf"
_ATTRIBUTES = {
    "ID": "id",
    "PN": "pn",
    "SN": "sn",
    "Rev": "rev",
    "MachineName": "machineName",
    "Location": "location",
    "Purpose": "purpose",
    "Start": "start",
}
_TYPES = {"UUT": "T", "UUR": "R"}


def to_wsxf(document: Row) -> bytes:
    """Return a report as an XML document."""
    kind = "UUR" if document["type"] == "R" else "UUT"
    root = ET.Element("Reports", {"xmlns": _NAMESPACE})
    present = {key: document.get(name) for key, name in _ATTRIBUTES.items()}
    attributes = {key: str(value) for key, value in present.items() if value is not None}
    attributes["Result"] = RESULTS.get(str(document["result"]), "Unknown")
    report = ET.SubElement(root, "Report", {"type": kind, **attributes})
    ET.SubElement(report, "Process", {"Code": str(document["processCode"])})
    ET.SubElement(report, kind, {"UserLoginName": str(info_of(document).get("user") or "")})
    for info in rows_of(document, "miscInfos"):
        element = ET.SubElement(report, "MiscInfo", {"Description": str(info.get("description"))})
        element.text = str(info.get("text") or "")
    document_bytes: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document_bytes


def from_wsxf(content: bytes) -> Row:
    """Return the first report of an XML document.

    Raises:
        ApiError: It is no such document (400).
    """
    try:
        root = ET.fromstring(content)  # noqa: S314 - a server for tests on this machine
        report = next(each for each in root if _local(each) == "Report")
        children = {_local(child): child for child in report}
        kind = report.attrib["type"]
        results = {name: letter for letter, name in RESULTS.items()}
        document: Row = {
            name: report.attrib[key] for key, name in _ATTRIBUTES.items() if key in report.attrib
        }
        return document | {
            "type": _TYPES[kind],
            "result": results[report.attrib["Result"]],
            "processCode": int(children["Process"].attrib["Code"]),
            kind.lower(): {"user": children[kind].attrib["UserLoginName"]},
            "miscInfos": [
                {"description": child.attrib["Description"], "text": child.text}
                for child in report
                if _local(child) == "MiscInfo"
            ],
        }
    except (ET.ParseError, KeyError, StopIteration, ValueError) as error:
        raise ApiError(400, "The report is not a WSXF document.") from error


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
