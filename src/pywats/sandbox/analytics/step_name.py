"""XML texts that name a step: returned by one request, sent with the next.

The API file says that a list of failed steps contains these texts, but does not describe them, so
the sandbox uses a format of its own.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from pywats.models.safe_xml import parse_xml
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["filters_of", "path_of"]

_SEPARATOR = "¶"


def filters_of(path: str) -> Row:
    """Return ``stepFilters`` and ``sequenceFilters`` for the step at a path."""
    sequence, _, name = path.rpartition(_SEPARATOR)
    return {
        "stepFilters": _xml("StepFilters", name),
        "sequenceFilters": _xml("SequenceFilters", sequence),
    }


def path_of(step_filters: str, sequence_filters: str) -> str:
    """Return the path of the step that the two texts name.

    Raises:
        ApiError: The texts were not made by `filters_of` (400).
    """
    sequence, name = (
        _value("SequenceFilters", sequence_filters),
        _value("StepFilters", step_filters),
    )
    return f"{sequence}{_SEPARATOR}{name}" if sequence else name


def _xml(tag: str, value: str) -> str:
    root = ET.Element(tag)
    ET.SubElement(root, "Filter", {"Value": value})
    return ET.tostring(root, encoding="unicode")


def _value(tag: str, text: str) -> str:
    try:
        root = parse_xml(text, "filter")
    except ValueError as error:
        raise ApiError(400, f"The {tag} are not valid.") from error
    named = root.find("Filter")
    if root.tag != tag or named is None or "Value" not in named.attrib:
        raise ApiError(400, f"The {tag} are not valid.")
    return named.attrib["Value"]
