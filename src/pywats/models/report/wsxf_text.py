"""WSXF documents as text: the ids of their reports, and one document for each report."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from uuid import UUID

from pywats.models.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["same_id", "split_wsxf"]


def split_wsxf(raw: bytes, make_id: Callable[[int], str]) -> list[tuple[str, bytes]]:
    """Return the id and the document of each report of a WSXF document.

    A response confirms only one report, so several reports are sent one by one. A document of one
    report with an id is not changed.

    Args:
        raw: The document.
        make_id: Returns an id for a report without one, given its number from 0.

    Raises:
        ValueError: The text is not a WSXF document, or two of its reports have the same id.
    """
    try:
        root = parse_xml(raw, "WSXF document")
    except LookupError as error:
        raise ValueError(
            f"the WSXF document is in an encoding that is not known: {error}"
        ) from None
    reports = [each for each in root if str(each.tag).rpartition("}")[2] == "Report"]
    if not reports:
        raise ValueError("not a WSXF document: there is no element Report below its root")
    if len(reports) == 1 and reports[0].get("ID"):
        return [(reports[0].attrib["ID"], raw)]
    documents: list[tuple[str, bytes]] = []
    for number, report in enumerate(reports):
        report.set("ID", report.get("ID") or make_id(number))
        alone = copy.copy(root)
        for other in reports:
            if other is not report:
                alone.remove(other)
        content: bytes = ET.tostring(alone, encoding="utf-8", xml_declaration=True)
        documents.append((report.attrib["ID"], content))
    ids = [same_id(report_id) for report_id, _ in documents]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise ValueError(f"two reports of the file have the id {twice}: give each its own")
    return documents


def same_id(report_id: str) -> str:
    """Return the canonical spelling of an id, so that different spellings compare equal."""
    try:
        return str(UUID(report_id))
    except ValueError:
        return report_id
