"""The elements that a picture of a trace is made of: text of fixed width, bars, marks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

if TYPE_CHECKING:
    from pywats.waterfall.rows import Colour

__all__ = ["CHARACTER", "LINE", "MARGIN", "Drawing"]

MARGIN = 24
LINE = 21
CHARACTER = 7.8  # the width of most monospaced fonts is 0.6 of their size
_BASELINE = 15  # below the top of a line

# A card of its own colour: it reads the same on a light page and on a dark one. Fonts are those of
# the reader's machine, so that nothing is fetched.
_STYLE = """
svg { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
svg { color: #e6edf3 }
rect, text { fill: currentColor }
.card { fill: #0d1117; stroke: #30363d }
.chip { fill: #39c5cf; opacity: .16 }
.grid { stroke: #21262d }
.wait { stroke: currentColor; stroke-width: 2; stroke-dasharray: 2 4 }
.mark { fill: none; stroke: currentColor; stroke-width: 1.8 }
.mark { stroke-linecap: round; stroke-linejoin: round }
.strong { font-weight: 600 }
.id { color: #56d4dd; font-weight: 600 }
.dim { color: #8b949e }
.green { color: #3fb950 }
.red { color: #ff7b72 }
.yellow { color: #d29922 }
.magenta { color: #bc8cff }
.cyan { color: #39c5cf }
"""

# Around a middle of 0, 0, so that no font need have the characters.
_MARKS = {
    "↻": "M4.6 -3.2A5.6 5.6 0 1 0 5.6 .6M5.4 -6.6L4.9 -2.9L1.2 -3.4",
    "⏱": "M5.5 0A5.5 5.5 0 1 1 -5.5 0A5.5 5.5 0 1 1 5.5 0M0 -3.2V0H2.4M-1.6 -8H1.6",
    "✗": "M-4 -4L4 4M-4 4L4 -4",
    "!": "M0 -5.5V1.5M0 5V5.2",
    "◆": "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
}


class Drawing:
    """A picture that grows downwards, line by line.

    Args:
        width: Its width.
        title: What a screen reader says of it.

    Attributes:
        y: The top of the current line.
    """

    def __init__(self, width: float, title: str) -> None:
        self.width = width
        self.y: float = MARGIN
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        SubElement(self._root, "title").text = title
        SubElement(self._root, "style").text = _STYLE
        self._card = SubElement(self._root, "rect", {"class": "card", "rx": "10"})
        self._group = self._root

    def go_down(self, lines: float = 1) -> None:
        """Make a later line the current one."""
        self.y += lines * LINE

    def begin(self, kind: str) -> None:
        """Begin a group of the given class: what follows is in it."""
        self._group = SubElement(self._root, "g", {"class": kind})

    def text(self, x: float, text: str, style: str) -> float:
        """Write text, from its left end, and return where its right end is."""
        length = len(text) * CHARACTER
        element = SubElement(
            self._group,
            "text",
            {
                "class": style,
                "x": _number(x),
                "y": _number(self.y + _BASELINE),
                # Fonts differ a little in width; the columns stay where they are.
                "textLength": _number(length),
                "{http://www.w3.org/XML/1998/namespace}space": "preserve",
            },
        )
        element.text = text
        return x + length

    def chip(self, x: float, text: str) -> float:
        """Write an id, so that it stands out, and return where its right end is."""
        self._rectangle(x - 3, self.y, len(text) * CHARACTER + 6, LINE - 1, "chip", 4)
        return self.text(x, text, "id")

    def bar(self, x: float, end: float, colour: Colour) -> None:
        """Draw the bar of a span."""
        self._rectangle(x, self.y + 5, max(end - x, 3), LINE - 10, colour, 2)

    def mark(self, x: float, mark: str, colour: Colour) -> None:
        """Draw the sign of an event around ``x``."""
        middle = f"translate({_number(x)} {_number(self.y + LINE / 2)})"
        path = {"class": f"{colour} mark", "d": _MARKS[mark], "transform": middle}
        SubElement(SubElement(self._group, "path", path), "title").text = mark

    def wait(self, x: float, end: float, colour: Colour) -> None:
        """Draw a dotted line to the end of a wait."""
        y = _number(self.y + LINE / 2)
        line = {"class": f"{colour} wait", "x1": _number(x), "x2": _number(end), "y1": y, "y2": y}
        SubElement(self._group, "line", line)

    def grid(self, x: float, bottom: float) -> None:
        """Draw a line of the time scale, from the current line down."""
        places = {"x1": x, "x2": x, "y1": self.y, "y2": bottom}
        numbers = {name: _number(place) for name, place in places.items()}
        SubElement(self._group, "line", {"class": "grid", **numbers})

    def finish(self) -> str:
        """Return the picture."""
        height = self.y + MARGIN
        self._root.set("viewBox", f"0 0 {_number(self.width)} {_number(height)}")
        for name, length in (("width", self.width), ("height", height)):
            self._root.set(name, _number(length))
            self._card.set(name, _number(length - 1))
        self._card.set("x", "0.5")
        self._card.set("y", "0.5")
        indent(self._root)
        return tostring(self._root, encoding="unicode") + "\n"

    def _rectangle(  # noqa: PLR0917 - as SVG has it
        self, x: float, y: float, width: float, height: float, style: str, rounding: int
    ) -> None:
        places = {"x": x, "y": y, "width": width, "height": height, "rx": rounding}
        numbers = {name: _number(place) for name, place in places.items()}
        SubElement(self._group, "rect", {"class": style, **numbers})


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
