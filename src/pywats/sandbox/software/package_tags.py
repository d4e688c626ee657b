"""Tags of packages: as a list, as an XML document, and how they are searched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pywats.models import xml_data
from pywats.sandbox.documents import rows_of
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["checked_tags", "has_tag", "tag_document", "tag_test"]

_NAME = r"""[^\s\[\]"'=/()|@*]+"""
_LITERAL = r""""[^"]*"|'[^']*'"""
_IS = rf"\.\s*=\s*(?:{_LITERAL})"
_PREDICATE = rf"\[\s*({_NAME})\s*(?:\[\s*({_IS}(?:\s+or\s+{_IS})*)\s*\]|=\s*({_LITERAL}))\s*\]"
_EXPRESSION = re.compile(rf"//\*(?:\s*{_PREDICATE})*\s*")


def checked_tags(row: Row) -> JsonValue:
    """Return the tags of a row as the server sends them.

    Raises:
        ApiError: XML cannot carry a tag (400).
    """
    tags = {str(tag["key"]): str(tag.get("value") or "") for tag in rows_of(row, "tags")}
    try:
        xml_data.check_tags(tags)
    except ValueError as error:
        raise ApiError(400, f"tags are invalid: {error}") from error
    return [{"key": key, "value": value, "change": 0} for key, value in tags.items()]


def tag_document(package: Row) -> str:
    """Return the tags of a package as the XML document of the internal API."""
    elements = "".join(
        f"<{tag['key']}>{escape(str(tag['value']))}</{tag['key']}>"
        for tag in rows_of(package, "tags")
    )
    return f"<PackageInfo>{elements}</PackageInfo>"


def has_tag(package: Row, name: str, value: str) -> bool:
    """Return whether a package has a tag; case counts in its name, not in its value."""
    return any(
        tag["key"] == name and str(tag["value"]).casefold() == value.casefold()
        for tag in rows_of(package, "tags")
    )


def tag_test(xpath: str) -> Callable[[Row], bool]:
    """Return a test of packages for an XPath expression on their tag document.

    Raises:
        ApiError: The sandbox does not understand the expression (400).
    """
    if _EXPRESSION.fullmatch(xpath) is None:
        raise ApiError(
            400, f"""The sandbox understands tags like //*[Name[.="value"]], not {xpath}"""
        )
    wanted = [
        (match[1], {literal[1:-1] for literal in re.findall(_LITERAL, match[2] or match[3])})
        for match in re.finditer(_PREDICATE, xpath)
    ]

    def test(package: Row) -> bool:
        tags = rows_of(package, "tags")
        return all(
            any(tag["key"] == name and tag["value"] in values for tag in tags)
            for name, values in wanted
        )

    return test
