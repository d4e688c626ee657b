"""Report files: which format they are in, and the id that makes a second submission harmless."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from pydantic import JsonValue

from pywats.models.safe_xml import parse_xml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ReportFile", "read_report_file"]

_IDS = UUID("4d0ff2c3-2c4c-5c0e-9e0c-2f1c1f4f3b53")
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that holds a report.

    Attributes:
        digest: SHA-256 of its bytes in hex.
        report_ids: Ids of its reports; one without an id gets one that the bytes decide, so that
            the same file always is the same report.
        content: The WSJF document, or the bytes of the WSXF document.
    """

    digest: str
    report_ids: tuple[str, ...]
    content: dict[str, JsonValue] | bytes


def read_report_file(path: Path) -> ReportFile:
    """Read a file and tell its format by its content.

    Raises:
        OSError: It cannot be read.
        ValueError: It holds no report.
    """
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    start = raw.removeprefix(_BOM).lstrip()[:1]
    if start == b"{":
        return _wsjf(raw, digest)
    if start == b"<" or raw.startswith(_UTF_16):
        return _wsxf(raw, digest)
    raise ValueError("neither a WSJF document (JSON, starts with '{') nor WSXF (XML, with '<')")


def _wsjf(raw: bytes, digest: str) -> ReportFile:
    try:
        document: dict[str, JsonValue] = json.loads(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"not a JSON document: {error}") from None
    if not document.get("id"):
        document["id"] = _made_id(digest, 0)
    return ReportFile(digest, (str(document["id"]),), document)


def _wsxf(raw: bytes, digest: str) -> ReportFile:
    root = parse_xml(raw, "WSXF document")
    reports = [each for each in root if str(each.tag).rpartition("}")[2] == "Report"]
    if not reports:
        raise ValueError("the XML document has no element Report below its root: no WSXF")
    content = raw
    if not all(report.get("ID") for report in reports):
        for number, report in enumerate(reports):
            report.set("ID", report.get("ID") or _made_id(digest, number))
        content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return ReportFile(digest, tuple(report.attrib["ID"] for report in reports), content)


def _made_id(digest: str, number: int) -> str:
    return str(uuid5(_IDS, f"{digest}/{number}"))
