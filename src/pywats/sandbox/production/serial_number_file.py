"""Serial number files: reading and writing."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.models import SerialNumberFormat
from pywats.models.production.serial_number_xml import read_serial_numbers
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["file_format", "read_file", "write_file"]

_NAMESPACE = "http://schemas.microsoft.com/2003/10/Serialization/"
_FIELDS = ("serialNumber", "taken", "refSN", "refPN", "refStn")


def file_format(text: str) -> SerialNumberFormat:
    """Return the format that a request names.

    Raises:
        ApiError: The format does not exist (400).
    """
    try:
        return SerialNumberFormat(text.upper())
    except ValueError as error:
        raise ApiError(400, f"The format '{text}' is neither XML nor CSV.") from error


def write_file(kind: str, rows: list[Row], form: SerialNumberFormat) -> bytes:
    """Encode serial numbers of a type."""
    if form is SerialNumberFormat.CSV:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_FIELDS)
        writer.writerows([row[name] for name in _FIELDS] for row in rows)
        return text.getvalue().encode()
    root = ET.Element("SerialNumbers", {"xmlns": _NAMESPACE, "serialNumberType": kind})
    for row in rows:
        named = {"id": row["serialNumber"]} | {name: row[name] for name in _FIELDS[1:]}
        given = {name: str(value) for name, value in named.items() if value is not None}
        ET.SubElement(root, "SN", given)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def read_file(content: bytes, form: SerialNumberFormat) -> list[str]:
    """Decode serial numbers.

    Args:
        content: The file. In CSV the first column has the numbers; a header line is skipped.
        form: Its format.

    Raises:
        ApiError: The content does not have this format (400).
    """
    try:
        if form is SerialNumberFormat.XML:
            return [row["id"] for row in read_serial_numbers(content)]
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (ValueError, KeyError) as error:
        raise ApiError(400, f"The file is no {form} file of serial numbers.") from error
    texts = [row[0].strip() for row in rows if row]
    return texts[1:] if texts[:1] == [_FIELDS[0]] else texts
