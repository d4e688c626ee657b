"""WSBF, the WATS Standard BOM Format: an XML document of attributes (PUT /api/Product/BOM)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.models.safe_xml import parse_xml
from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NAMESPACE", "read_wsbf", "write_wsbf"]

NAMESPACE = "http://wats.virinco.com/schemas/WATS/wsbf"

# The characters outside the Char production of XML 1.0 section 2.2.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_wsbf(
    attributes: Mapping[str, object], components: Iterable[Mapping[str, object]]
) -> bytes:
    """Encode a WSBF document.

    Args:
        attributes: Attributes of the root element ``BOM``.
        components: Attributes of each ``Component``.

    Returns:
        XML in UTF-8.

    Raises:
        ValueError: A text holds a character that XML cannot carry.
    """
    root = ET.Element("BOM", {"xmlns": NAMESPACE, **_texts("BOM", attributes)})
    for number, component in enumerate(components, start=1):
        ET.SubElement(root, "Component", _texts(f"component {number}", component))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _texts(owner: str, attributes: Mapping[str, object]) -> dict[str, str]:
    texts = {name: str(value) for name, value in attributes.items()}
    for name, text in texts.items():
        if _NOT_XML.search(text):
            raise ValueError(f"{owner}: {name}={text!r}: must not hold control characters")
    return texts


def read_wsbf(document: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Decode a WSBF document.

    Args:
        document: The XML document.

    Returns:
        The attributes of the root element, and of each component in order.

    Raises:
        ValueError: The document is not well-formed or not WSBF, or has a document type
                declaration.
    """
    root = parse_xml(document, "WSBF document")
    if _local_name(root) != "BOM":
        raise ValueError(
            f"the root element is {one_line(repr(root.tag))}: must be BOM in {NAMESPACE}"
        )
    rows = [dict(child.attrib) for child in root if _local_name(child) == "Component"]
    return dict(root.attrib), rows


def _local_name(element: ET.Element) -> str | None:
    namespace, brace, name = str(element.tag).rpartition("}")
    # The example in the API file has a trailing space in the namespace.
    allowed = not brace or namespace[1:].strip() == NAMESPACE
    return name if allowed else None
