"""Steps of test reports as XML (WSXF)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.sandbox.documents import rows_of

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["STATUSES", "add_step", "local_name", "read_step"]

STATUSES = {
    "P": "Passed",
    "F": "Failed",
    "S": "Skipped",
    "D": "Done",
    "E": "Error",
    "T": "Terminated",
}
_GROUPS = {"S": "Setup", "M": "Main", "C": "Cleanup"}
_STEP = {
    "Name": "name",
    "StepType": "stepType",
    "StepErrorCode": "errorCode",
    "StepErrorMessage": "errorMessage",
    "Start": "start",
    "total_time": "totTime",
}
_SEQUENCE = {"Name": "name", "Version": "version", "Filename": "name", "Filepath": "path"}
# Element, field of the step, and attributes by the field of a measurement.
_MEASUREMENTS = {
    "NumericLimit": (
        "numericMeas",
        {
            "Name": "name",
            "NumericValue": "value",
            "Units": "unit",
            "CompOperator": "compOp",
            "LowLimit": "lowLimit",
            "HighLimit": "highLimit",
        },
    ),
    "StringValue": (
        "stringMeas",
        {
            "Name": "name",
            "StringValue": "value",
            "CompOperator": "compOp",
            "StringLimit": "limit",
        },
    ),
    "PassFail": ("booleanMeas", {"Name": "name"}),
}
_NUMBERS = {"value", "lowLimit", "highLimit"}


def add_step(parent: ET.Element, step: Row) -> None:
    """Add a step, with the steps that it holds, to an XML element."""
    element = ET.SubElement(parent, "Step", _texts(_STEP, step))
    _set(element, "Group", _GROUPS.get(str(step.get("group"))))
    _set(element, "Status", STATUSES.get(str(step.get("status"))))
    if step.get("id") is not None:
        element.set("StepID", str(step["id"]))
    if step.get("reportText"):
        ET.SubElement(element, "ReportText").text = str(step["reportText"])
    called = step.get("seqCall")
    if isinstance(called, dict) or isinstance(step.get("steps"), list):
        sequence = called if isinstance(called, dict) else {}
        names = {"Name": "name", "Filename": "name", "Version": "version", "Filepath": "path"}
        ET.SubElement(element, "SequenceCall", _texts(names, sequence))
    for tag, (field, attributes) in _MEASUREMENTS.items():
        for measured in rows_of(step, field):
            row = ET.SubElement(element, tag, _texts(attributes, measured))
            _set(row, "Status", STATUSES.get(str(measured.get("status"))))
    file = step.get("attachment")
    if isinstance(file, dict):
        names = {"Name": "name", "ContentType": "contentType", "Description": "description"}
        ET.SubElement(element, "Attachment", _texts(names, file)).text = str(file.get("data") or "")
    for below in rows_of(step, "steps"):
        add_step(element, below)


def read_step(element: ET.Element) -> Row:  # noqa: C901 - one branch for each kind of element
    """Return the step of an XML element, with the steps that it holds.

    Raises:
        KeyError: The element lacks an attribute that WSXF requires.
        ValueError: A value is not as WSXF requires.
    """
    step: Row = _fields(_STEP, element)
    step.setdefault("stepType", "Action")
    step["name"] = element.attrib["Name"]
    if "totTime" in step:
        step["totTime"] = float(str(step["totTime"]))
    if "Group" in element.attrib:
        step["group"] = _letter(_GROUPS, element.attrib["Group"])
    if "Status" in element.attrib:
        step["status"] = _letter(STATUSES, element.attrib["Status"])
    steps: list[JsonValue] = []
    for child in element:
        tag = local_name(child)
        if tag == "Step":
            steps.append(read_step(child))
        elif tag == "SequenceCall":
            step["seqCall"] = dict(_fields(_SEQUENCE, child))
        elif tag in _MEASUREMENTS:
            field, attributes = _MEASUREMENTS[tag]
            step[field] = [*rows_of(step, field), _measurement(child, attributes)]
        elif tag == "Attachment":
            file = {"Name": "name", "ContentType": "contentType", "Description": "description"}
            step["attachment"] = {**_fields(file, child), "data": (child.text or "").strip()}
        elif tag == "ReportText":
            step["reportText"] = child.text
    if steps or "seqCall" in step:
        step["steps"] = steps
    return step


def local_name(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _measurement(element: ET.Element, attributes: dict[str, str]) -> Row:
    measured: Row = _fields(attributes, element)
    if local_name(element) == "NumericLimit":
        for name in _NUMBERS & measured.keys():
            measured[name] = _number(str(measured[name]))
    if "Status" in element.attrib:
        measured["status"] = _letter(STATUSES, element.attrib["Status"])
    if local_name(element) == "PassFail":
        measured["value"] = measured.get("status") == "P"
    return measured


def _number(text: str) -> JsonValue:
    # NaN and the infinities are texts in WSJF, because JSON has no numbers for them.
    value = float(text)
    return value if value - value == 0 else text


def _letter(names: dict[str, str], text: str) -> str:
    return {name: letter for letter, name in names.items()}[text]


def _fields(attributes: dict[str, str], element: ET.Element) -> Row:
    return {
        field: element.attrib[name] for name, field in attributes.items() if name in element.attrib
    }


def _texts(attributes: dict[str, str], row: Row) -> dict[str, str]:
    return {
        name: str(row[field]) for name, field in attributes.items() if row.get(field) is not None
    }


def _set(element: ET.Element, name: str, value: str | None) -> None:
    if value is not None:
        element.set(name, value)
