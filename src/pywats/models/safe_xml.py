"""XML parser that refuses document type declarations, and so the entities in them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

__all__ = ["parse_xml"]


def parse_xml(document: bytes | str, what: str) -> ET.Element:
    """Parse an XML document.

    Args:
        document: The document.
        what: Kind of document for error messages, such as ``WSBF document``.

    Returns:
        The root element.

    Raises:
        ValueError: The document is not well-formed, or has a document type declaration.
    """
    parser = ET.XMLParser(target=_NoDoctype(what))  # nosec B314  # noqa: S314 - document types are refused
    try:
        parser.feed(document)
        root: ET.Element = parser.close()
    except _DoctypeError:
        raise
    except (ET.ParseError, LookupError, ValueError) as error:
        # LookupError and ValueError: a declared encoding that Python or expat does not know.
        raise ValueError(f"the {what} is not well-formed XML: {error}") from error
    return root


class _DoctypeError(ValueError):
    """The document has a document type declaration."""


class _NoDoctype(ET.TreeBuilder):
    """Refuses document type declarations before an entity is expanded."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse the document."""
        del pubid, system
        raise _DoctypeError(
            f"the {self._what} has a document type declaration (<!DOCTYPE {name}>), "
            "which is refused: remove it"
        )
