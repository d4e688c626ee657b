"""Files of serial numbers in XML: ``SN`` elements whose attributes describe one number each."""

from __future__ import annotations

from pywats.models.safe_xml import parse_xml
from pywats.redaction import one_line

__all__ = ["read_serial_numbers"]


def read_serial_numbers(document: bytes | str) -> list[dict[str, str]]:
    """Decode a file of serial numbers.

    Args:
        document: The XML document, with the root element ``SerialNumbers`` in any namespace.

    Returns:
        The attributes of each ``SN`` element in order; ``id`` is the number.

    Raises:
        ValueError: The document is not well-formed, has another root element, or has a document
            type declaration.
    """
    root = parse_xml(document, "file of serial numbers")
    if _local_name(root.tag) != "SerialNumbers":
        raise ValueError(f"the root element is {one_line(repr(root.tag))}: must be SerialNumbers")
    return [dict(child.attrib) for child in root if _local_name(child.tag) == "SN"]


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]
