"""Reports as XML (WSXF): the parts that the sandbox reads and writes.

The names are from https://support.virinco.com/hc/en-us/articles/360013383500-Post-WSXF.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.models.safe_xml import parse_xml
from pywats.sandbox.documents import rows_of
from pywats.sandbox.report.header import RESULTS, info_of
from pywats.sandbox.report.wsxf_steps import add_step, local_name, read_step
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["from_wsxf", "to_wsxf"]

_NAMESPACE = "http://wats.virinco.com/schemas/WATS/Report/wsxf"
_REPORT = {
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
_INFO = {
    "UserLoginName": "user",
    "BatchSN": "batchSN",
    "FixtureId": "fixtureId",
    "ErrorMessage": "errorMessage",
    "ReferencedUUT": "refUUT",
    "ConfirmDate": "confirmDate",
    "FinalizeDate": "finalizeDate",
}
_INFO_NUMBERS = {
    "TestSocketIndex": "testSocketIndex",
    "ErrorCode": "errorCode",
    "BatchFailCount": "batchFailCount",
    "BatchLoopIndex": "batchLoopIndex",
}
_SUB_UNIT = {"PartType": "partType", "PN": "pn", "SN": "sn", "Rev": "rev"}
_SUB_UNIT_NUMBERS = {
    "Idx": "idx",
    "ParentIdx": "parentIdx",
    "Position": "position",
    "ReplacedIdx": "replacedIdx",
}
_FAILURE = {
    "Category": "category",
    "Code": "code",
    "CompRef": "comRef",
    "FunctionBlock": "funcBlock",
    "ArticleNumber": "artNumber",
    "ArticleRevision": "artRev",
    "ArticleVendor": "artVendor",
    "ArticleDescription": "artDescription",
}
_ASSET = {"SN": "sn", "AssetSN": "sn"}


def to_wsxf(document: Row) -> bytes:  # noqa: C901 - one part for each kind of element
    """Return a report as an XML document."""
    kind = "UUR" if document["type"] == "R" else "UUT"
    root = ET.Element("Reports", {"xmlns": _NAMESPACE})
    report = ET.SubElement(root, "Report", {"type": kind, **_texts(_REPORT, document)})
    report.set("Result", RESULTS.get(str(document["result"]), "Unknown"))
    process = ET.SubElement(report, "Process", {"Code": str(document["processCode"])})
    if document.get("processName"):
        process.set("Name", str(document["processName"]))
    info = info_of(document)
    element = ET.SubElement(report, kind, _texts({**_INFO, **_INFO_NUMBERS}, info))
    element.attrib.setdefault("UserLoginName", "")
    if info.get("execTime") is not None:
        element.set("ExecutionTime", str(info["execTime"]))
    if info.get("comment"):
        ET.SubElement(element, "Comment").text = str(info["comment"])
    for misc in rows_of(document, "miscInfos"):
        row = ET.SubElement(report, "MiscInfo", {"Description": str(misc.get("description"))})
        row.text = str(misc.get("text") or "")
        if misc.get("numeric") is not None:
            row.set("Numeric", str(misc["numeric"]))
    for unit in rows_of(document, "subUnits"):
        names = {**_SUB_UNIT, **_SUB_UNIT_NUMBERS}
        ET.SubElement(report, "ReportUnitHierarchy", _texts(names, unit))
    for asset in rows_of(document, "assets"):
        names = {"AssetSN": "sn", "UsageCount": "usageCount"}
        ET.SubElement(report, "Asset", _texts(names, asset))
    for unit in rows_of(document, "subUnits"):
        for failure in rows_of(unit, "failures"):
            row = ET.SubElement(report, "Failures", _texts(_FAILURE, failure))
            row.set("PartIdx", str(unit.get("idx") or 0))
            if failure.get("refStepId") is not None:
                row.set("StepID", str(failure["refStepId"]))
            if failure.get("comment"):
                ET.SubElement(row, "Comment").text = str(failure["comment"])
    steps = document.get("root")
    if isinstance(steps, dict):
        add_step(report, steps)
    document_bytes: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document_bytes


def from_wsxf(content: bytes) -> list[Row]:
    """Return the reports of an XML document, as WSJF documents.

    Raises:
        ApiError: It is not a WSXF document (400).
    """
    try:
        root = parse_xml(content, "WSXF document")
        reports = [_report(each) for each in root if local_name(each) == "Report"]
    except (KeyError, ValueError, RecursionError) as error:
        raise ApiError(400, "The report is not a WSXF document.") from error
    if not reports:
        raise ApiError(400, "The report is not a WSXF document.")
    return reports


def _report(report: ET.Element) -> Row:
    kind = report.attrib["type"]
    children: dict[str, list[ET.Element]] = {}
    for child in report:
        children.setdefault(local_name(child), []).append(child)
    results = {name: letter for letter, name in RESULTS.items()}
    (process,) = children["Process"]
    (element,) = children[kind]
    document: Row = {
        **_fields(_REPORT, report),
        "type": _TYPES[kind],
        "result": results[report.attrib["Result"]],
        "processCode": int(process.attrib["Code"]),
        kind.lower(): _info(element),
        "miscInfos": [_misc(each) for each in children.get("MiscInfo", ())],
    }
    if "Name" in process.attrib:
        document["processName"] = process.attrib["Name"]
    units = [
        {**_fields(_SUB_UNIT, each), **_numbers(_SUB_UNIT_NUMBERS, each)}
        for each in children.get("ReportUnitHierarchy", ())
    ]
    for failure in children.get("Failures", ()):
        place = int(failure.attrib.get("PartIdx", "0"))
        unit = next(each for each in units if each.get("idx", 0) == place)
        unit["failures"] = [*rows_of(unit, "failures"), _failure(failure)]
    if units:
        document["subUnits"] = list(units)
    if "Asset" in children:
        document["assets"] = [
            {**_fields(_ASSET, each), **_numbers({"UsageCount": "usageCount"}, each)}
            for each in children["Asset"]
        ]
    if kind == "UUT":
        steps = children.get("Step", [])
        document["root"] = read_step(steps[0]) if steps else _no_steps(document)
    return document


def _no_steps(document: Row) -> Row:
    return {
        "stepType": "SequenceCall",
        "name": "MainSequence Callback",
        "group": "M",
        "status": document["result"],
        "steps": [],
    }


def _info(element: ET.Element) -> Row:
    element.attrib["UserLoginName"]
    info: Row = {**_fields(_INFO, element), **_numbers(_INFO_NUMBERS, element)}
    if "ExecutionTime" in element.attrib:
        info["execTime"] = float(element.attrib["ExecutionTime"])
    comment = _text_below(element, "Comment") or element.attrib.get("Comment")
    if comment:
        info["comment"] = comment
    return info


def _misc(element: ET.Element) -> Row:
    misc: Row = {"description": element.attrib["Description"], "text": element.text}
    if "Numeric" in element.attrib:
        misc["numeric"] = float(element.attrib["Numeric"])
    return misc


def _failure(element: ET.Element) -> Row:
    failure: Row = _fields(_FAILURE, element)
    comment = _text_below(element, "Comment")
    if comment:
        failure["comment"] = comment
    return failure | _numbers({"StepID": "refStepId"}, element)


def _text_below(element: ET.Element, name: str) -> str | None:
    return next((each.text for each in element if local_name(each) == name), None)


def _fields(attributes: dict[str, str], element: ET.Element) -> Row:
    return {
        field: element.attrib[name] for name, field in attributes.items() if name in element.attrib
    }


def _numbers(attributes: dict[str, str], element: ET.Element) -> Row:
    return {
        field: int(element.attrib[name])
        for name, field in attributes.items()
        if name in element.attrib
    }


def _texts(attributes: dict[str, str], row: Row) -> dict[str, str]:
    return {
        name: str(row[field]) for name, field in attributes.items() if row.get(field) is not None
    }
