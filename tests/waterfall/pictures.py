"""Reads the pictures that are drawn of traces."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

_SVG = "{http://www.w3.org/2000/svg}"


class Element:
    """A picture, or a group in it."""

    def __init__(self, element: ET.Element) -> None:
        self._element = element

    def groups(self, *kinds: str) -> list[Element]:
        """Return the groups of these classes; without any, all groups."""
        found = [Element(each) for each in self._element.iter(f"{_SVG}g")]
        return [group for group in found if not kinds or group["class"] in kinds]

    def all(self, tag: str, kind: str = "") -> Iterator[Element]:
        """Yield the elements of that name, and class if one is given."""
        for each in self._element.iter(f"{_SVG}{tag}"):
            if kind in {"", each.get("class")}:
                yield Element(each)

    @property
    def texts(self) -> list[str]:
        return [each.text or "" for each in self._element.iter(f"{_SVG}text")]

    @property
    def titles(self) -> list[str]:
        return [each.text or "" for each in self._element.iter(f"{_SVG}title")]

    @property
    def marks(self) -> list[str]:
        return [title for path in self.all("path") for title in path.titles]

    def __getitem__(self, attribute: str) -> str:
        return self._element.attrib[attribute]

    def number(self, attribute: str) -> float:
        return float(self[attribute])


def read(picture: str) -> Element:
    """Return the picture."""
    return Element(ET.fromstring(picture))  # noqa: S314 - we have drawn it
