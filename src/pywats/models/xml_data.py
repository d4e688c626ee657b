"""Tags inside ``xmlData``, the XML document of a product or a revision.

The document has a root element ``Root`` with one sub-element per tag; its attribute ``Value`` has
the value. ``Root`` may contain more, such as a WSBF document. The functions replace only the text
of the tags and keep every other character: writing an XML tree would rename namespaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from pywats.models.product.product import Tag
from pywats.redaction import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["add_tag", "check_tags", "read_tags", "set_tags"]

# Possessive quantifiers (++, *+) do not backtrack, so that the time is linear in the length.
_START_TAG = re.compile(rb"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_TAG_NAME = re.compile(rb"<[^\s/>]++")
_ATTRIBUTE = re.compile(rb"""\s++([^\s=/>"'<]++)\s*+=\s*+("[^"]*+"|'[^']*+')""")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The Name production of XML 1.0 section 2.3 without the colon, which would need a namespace.
_LETTERS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_LETTERS}][{_LETTERS}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*")


@dataclass(frozen=True, slots=True)
class _Element:
    """A tag in the document: its name, its value and its position in bytes."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Document:
    """The document in UTF-8, its tags, and where its root ends."""

    data: bytes
    tags: tuple[_Element, ...]
    root_end: int


def read_tags(xml_data: str | None) -> list[Tag]:
    """Read the tags of an ``xmlData`` document.

    Args:
        xml_data: The document; None or blank means an empty document.

    Returns:
        The tags in the order of the document.

    Raises:
        ValueError: The text is not an ``xmlData`` document.
    """
    return [Tag(key=tag.name, value=tag.value) for tag in _parse(xml_data).tags]


def set_tags(xml_data: str | None, tags: Mapping[str, str]) -> str:
    """Make these the only tags of an ``xmlData`` document.

    Args:
        xml_data: The document; None or blank means an empty document.
        tags: Value by name of tag. Tags that are not named here are removed.

    Returns:
        The new document. Everything except the tags is unchanged.

    Raises:
        ValueError: The text is not an ``xmlData`` document, or XML cannot carry a name or value.
    """
    document = _parse(xml_data)
    gone = {tag.name for tag in document.tags} - tags.keys()
    return _rewrite(document, tags, gone)


def add_tag(xml_data: str | None, name: str, value: str) -> str:
    """Add a tag to an ``xmlData`` document, or give an existing tag a new value.

    Args:
        xml_data: The document; None or blank means an empty document.
        name: Name of the tag, which must be a valid name of an XML element.
        value: Value of the tag.

    Returns:
        The new document. Everything except this tag is unchanged.

    Raises:
        TypeError: The name or the value is not a string.
        ValueError: The text is not an ``xmlData`` document, or XML cannot carry a name or value.
    """
    if not isinstance(name, str):
        # A list, for example, could not be a key of the tags.
        raise TypeError(f"name={name!r}: must be a string, not {type(name).__name__}")
    return _rewrite(_parse(xml_data), {name: value}, set())


def check_tags(tags: Mapping[str, str]) -> None:
    """Check that XML can carry tags.

    Args:
        tags: Value by name of tag.

    Raises:
        TypeError: A name or value is not a string.
        ValueError: A name is not a name of an XML element, or a value holds control characters.
    """
    for name, value in tags.items():
        for what, text in (("name", name), ("value", value)):
            if not isinstance(text, str):
                raise TypeError(f"tag {name!r}: {what} must be a string, not {type(text).__name__}")
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"tag name {name!r}: must be a valid XML element name without colon: "
                "a letter or _ first, then letters, digits, '.', '-' and '_'"
            )
        if _NOT_XML.search(value):
            raise ValueError(f"tag {name!r}: value {value!r} must not hold control characters")


def _rewrite(document: _Document, tags: Mapping[str, str], gone: set[str]) -> str:
    check_tags(tags)
    missing = dict(tags)
    pieces: list[bytes] = []
    position = 0
    for tag in document.tags:
        pieces.append(document.data[position : tag.start])
        position = tag.end
        if tag.name in missing:
            text = document.data[tag.start : tag.end]
            value = missing.pop(tag.name)
            pieces.append(text if value == tag.value else _with_value(text, value))
        elif tag.name not in tags and tag.name not in gone:
            pieces.append(document.data[tag.start : tag.end])
    pieces.append(document.data[position : document.root_end])
    pieces += [f"<{name} Value={quoteattr(value)} />".encode() for name, value in missing.items()]
    pieces.append(document.data[document.root_end :])
    return b"".join(pieces).decode()


def _with_value(text: bytes, value: str) -> bytes:
    found = _TAG_NAME.match(text)
    while found is not None:
        # finditer would search again from each character of a long name, in quadratic time.
        found = _ATTRIBUTE.match(text, found.end())
        if found is not None and found.group(1) == b"Value":
            return text[: found.start(2)] + quoteattr(value).encode() + text[found.end(2) :]
    raise AssertionError("a tag has an attribute Value")  # pragma: no cover


def _parse(xml_data: str | None) -> _Document:
    if xml_data is None or not xml_data.strip():
        xml_data = "<Root></Root>"
    data = xml_data.encode()
    reader = _Reader(data)
    try:
        reader.parse()
    except expat.ExpatError as error:
        raise ValueError(f"xml_data is not well-formed XML: {error}") from error
    if reader.root_is_empty:
        opened = data[: reader.root_end - 2].rstrip() + b">"
        return _Document(opened + b"</Root>" + data[reader.root_end :], (), len(opened))
    return _Document(data, tuple(reader.tags), reader.root_end)


class _Reader:
    """Records where each tag starts and ends in the document."""

    def __init__(self, data: bytes) -> None:
        self.tags: list[_Element] = []
        self.root_end = 0
        self.root_is_empty = False
        self._data = data
        self._depth = 0
        self._start = 0
        self._value: str | None = None
        # The text is already decoded, so an encoding declared in the document is ignored.
        self._parser = expat.ParserCreate(encoding="utf-8")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._enter
        self._parser.EndElementHandler = self._leave

    def parse(self) -> None:
        self._parser.Parse(self._data, True)

    def _refuse(self, name: str, *_: object) -> NoReturn:
        raise ValueError(f"xml_data has a document type declaration (<!DOCTYPE {name}>)")

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name != "Root":
            raise ValueError(
                f"xml_data has the root element {one_line(repr(name))}: must be 'Root'"
            )
        if self._depth <= 2:  # noqa: PLR2004 - Root or a child of it
            self._start = self._parser.CurrentByteIndex
        if self._depth == 1:
            opening = self._opening()
            self.root_is_empty = opening.endswith(b"/>")
            self.root_end = self._start + len(opening)
        elif self._depth == 2:  # noqa: PLR2004 - a child of Root
            is_tag = ":" not in name and "xmlns" not in attributes
            self._value = attributes.get("Value") if is_tag else None
        elif self._depth > 2:  # noqa: PLR2004 - content of a child, which is not a tag then
            self._value = None

    def _leave(self, name: str) -> None:
        if self._depth == 1 and not self.root_is_empty:
            self.root_end = self._parser.CurrentByteIndex
        elif self._depth == 2 and self._value is not None:  # noqa: PLR2004 - a child of Root
            self.tags.append(_Element(name, self._value, self._start, self._end()))
        self._depth -= 1

    def _opening(self) -> bytes:
        opening = _START_TAG.match(self._data, self._start)
        if opening is None:  # pragma: no cover - expat has accepted a start tag here
            raise AssertionError(self._start)
        return opening.group()

    def _end(self) -> int:
        opening = self._opening()
        if opening.endswith(b"/>"):
            return self._start + len(opening)
        return self._data.index(b">", self._parser.CurrentByteIndex) + 1
