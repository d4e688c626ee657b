"""The elements of a picture of a trace: text of fixed width, bars, marks.

XML 1.0 has no way to write most control characters, so every text is cleaned here once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pywats.redaction import printable

if TYPE_CHECKING:
    from pywats.waterfall.rows import Colour

__all__ = ["CHARACTER", "LEVELS", "LINE", "LONGEST", "MARGIN", "Drawing"]

MARGIN = 24
LINE = 21
CHARACTER = 7.8  # the width of most monospaced fonts is 0.6 of their size
LEVELS: Final = {"WARNING": "yellow", "ERROR": "red", "INFO": "green"}
LONGEST: Final = 2000  # characters of a log line
_BASELINE = 15  # below the top of a line

# The card has a background, so the picture looks the same on a light and on a dark page. Only fonts
# of the reader's machine are named, so that nothing is loaded.
_STYLE = """
svg { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
svg { color: #e6edf3 }
rect, text { fill: currentColor }
.card { fill: #0d1117; stroke: #30363d }
.chip { fill: #39c5cf; opacity: .16 }
.grid { stroke: #21262d }
.phase { fill: #0d1117 }
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

# How dark the phases are at whose end something is still to come.
_SHADES = {"pool": 0.75, "dns": 0.6, "connect": 0.5, "proxy": 0.45, "tls": 0.4, "wait": 0.25}

# Paths around 0, 0: not every font has these characters.
_MARKS = {
    "↻": "M4.6 -3.2A5.6 5.6 0 1 0 5.6 .6M5.4 -6.6L4.9 -2.9L1.2 -3.4",
    "⏱": "M5.5 0A5.5 5.5 0 1 1 -5.5 0A5.5 5.5 0 1 1 5.5 0M0 -3.2V0H2.4M-1.6 -8H1.6",
    "✗": "M-4 -4L4 4M-4 4L4 -4",
    "≡": "M-5 -4H5M-5 0H5M-5 4H2",
    "!": "M0 -5.5V1.5M0 5V5.2",
    "◆": "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
}


class Drawing:
    """A picture that grows downwards, line by line.

    Args:
        width: Width of the picture in pixels.
        title: Title for screen readers.

    Attributes:
        y: Top of the current line in pixels.
    """

    def __init__(self, width: float, title: str) -> None:
        self.width = width
        self.y: float = MARGIN
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        SubElement(self._root, "title").text = printable(title)
        SubElement(self._root, "style").text = _STYLE
        self._card = SubElement(self._root, "rect", {"class": "card", "rx": "10"})
        self._group = self._root

    def go_down(self, lines: float = 1) -> None:
        """Move the current line down."""
        self.y += lines * LINE

    def begin(self, kind: str) -> None:
        """Begin a group of the given class for the elements that follow."""
        self._group = SubElement(self._root, "g", {"class": kind})

    def text(self, x: float, text: str, style: str) -> float:
        """Write text at ``x`` and return where its right end is."""
        text = printable(text)
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
        """Write a highlighted id and return where its right end is."""
        self._rectangle(x - 3, self.y, len(text) * CHARACTER + 6, LINE - 1, "chip", 4)
        return self.text(x, text, "id")

    def text_with_id(self, x: float, text: str, trace_id: str) -> None:
        """Write text at ``x``, with the id highlighted if it is in it."""
        before, found, after = text.partition(trace_id)
        if before:
            x = self.text(x, before, "text")
        if found:
            x = self.chip(x, found)
        if after:
            self.text(x, after, "text")

    def bar(self, x: float, end: float, colour: Colour) -> None:
        """Draw the bar of a span."""
        self._rectangle(x, self.y + 5, max(end - x, 3), LINE - 10, colour, 2)

    def phase(self, x: float, end: float, phase: str, title: str) -> None:
        """Shade the part of a bar in which nothing moves, and name any part."""
        if end - x < 1:
            return
        shade = str(_SHADES.get(phase, 0))
        places = {"x": _number(x), "y": _number(self.y + 5), "width": _number(end - x)}
        style = {"class": "phase", "fill-opacity": shade, "height": _number(LINE - 10)}
        part = SubElement(self._group, "rect", places | style)
        SubElement(part, "title").text = printable(title)

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
