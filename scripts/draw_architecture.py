"""Draw the two pictures of docs/explanation/architecture.md.

python scripts/draw_architecture.py           # write what has changed
python scripts/draw_architecture.py --check   # write nothing; exit with 1 if a picture is stale

The layers come from the import contract in pyproject.toml, and the text of each layer is the first
line of its docstring. The path of a call names modules; a missing module is an error.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import textwrap
import tomllib
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pywats
from pywats.sync.stubs import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "docs" / "explanation"
PACKAGE: Final = Path(pywats.__file__).parent

WIDTH: Final = 760
MARGIN: Final = 16
GAP: Final = 8
MODULES_IN_A_LINE: Final = 4
LINE: Final = 17
LETTER: Final = 6.5
"""Width of a letter at the size of the text: a little more than the average."""

# A picture in a page does not know the colours of the page, only the dark or light mode of the
# system, so it has its own background.
STYLE: Final = """\
<style>
  svg { --paper: #ffffff; --ink: #1a202c; --soft: #4a5568; --box: #f1f5f9; --edge: #94a3b8;
        --mark: #1d4ed8; font: 12px system-ui, -apple-system, "Segoe UI", sans-serif }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #131722; --ink: #e2e8f0; --soft: #a8b3c4; --box: #1e2533; --edge: #52607a;
          --mark: #8ab4f8 }
  }
  rect { fill: var(--box); stroke: var(--edge) }
  .paper { fill: var(--paper); stroke: none }
  text { fill: var(--soft) }
  .name { fill: var(--ink); font-weight: 600 }
  .mark { fill: var(--mark) }
  path { stroke: var(--edge); fill: none; stroke-width: 1.5 }
</style>
<defs>
<marker id="arrow" viewBox="0 0 8 8" markerWidth="7" markerHeight="7" refX="7" refY="4"
 orient="auto"><path d="M0 0 L8 4 L0 8"/>
</marker>
</defs>"""


@dataclass(frozen=True)
class Station:
    """A place on the path of a call; the stations after it are inside it.

    Attributes:
        title: Its name, or its code.
        module: Its module; empty for code outside this package.
        does: Description of the work that it does.
        leaves: Traces that it leaves: spans, log lines, headers.
    """

    title: str
    module: str
    does: str
    leaves: str = ""


PATH: Final = (
    Station('api.product.get_product("A")', "", "your thread, your code"),
    Station(
        "The face",
        "pywats.sync.faces.face",
        "has the methods of the async class, and passes the coroutine to the engine",
        "a short traceback",
    ),
    Station(
        "The call",
        "pywats.sync.engine.engine",
        "one Call in one context variable: id, span, deadline, attempts",
        "INTERNAL span; the id; the error with id, attempts, stop_reason; duration as a metric",
    ),
    Station(
        "The attempts",
        "pywats.sync.engine.attempts",
        "one, and more while retry policy, budget, breaker and deadline allow it",
        "events retry, timeout, circuit_open, retry_given_up; log lines; your hooks",
    ),
    Station(
        "The DirectRunner",
        "pywats.sync.runners.direct",
        "runs the coroutine on this thread with one send(None)",
    ),
    Station(
        "The service",
        "pywats.services.product.products",
        "checks the arguments, makes a Request, decodes the Response",
    ),
    Station(
        "The port",
        "pywats.http.attempt",
        "adds headers and limit, translates statuses and errors",
        "CLIENT span; log line; X-Correlation-ID, traceparent; duration as a metric",
    ),
    Station(
        "The connection",
        "pywats.http.network.transport",
        "gives each socket operation the time that is left, and no more",
        "the phases on the CLIENT span: dns, connect, tls, send, wait, receive",
    ),
)


@dataclass
class Picture:
    """An SVG that is being drawn.

    Attributes:
        parts: Its elements.
        bottom: The y of its lowest element.
    """

    parts: list[str] = field(default_factory=list)
    bottom: float = 0

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a box."""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>')
        self.bottom = max(self.bottom, y + height)

    def text(self, x: float, y: float, lines: Iterable[str], kind: str = "") -> float:
        """Write lines below one another, and return the y of the next line."""
        attribute = f' class="{kind}"' if kind else ""
        for line in lines:
            self.parts.append(f'<text x="{x}" y="{y}"{attribute}>{escape(line)}</text>')
            y += LINE
        return y

    def line(self, course: str) -> None:
        """Draw a line that ends in an arrow."""
        self.parts.append(f'<path d="{course}" marker-end="url(#arrow)"/>')

    def svg(self, told: str) -> str:
        """Return the file.

        Args:
            told: Description of the picture for screen readers.
        """
        height = self.bottom + MARGIN
        size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(told)}</title>",
            STYLE,
            f'<rect class="paper" width="{WIDTH}" height="{height:g}" rx="8"/>',
        ]
        return "\n".join([*head, *self.parts, "</svg>\n"])


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the architecture.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    arguments = parser.parse_args()
    return bring_up_to_date(pictures(), check=arguments.check)


def pictures() -> dict[Path, str]:
    """Return the pictures by their files."""
    return {FOLDER / "layers.svg": draw_layers(layers()), FOLDER / "call.svg": draw_path(PATH)}


def layers() -> list[list[str]]:
    """Return the floors of the import contract, each with its packages and modules."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contract = next(each for each in tool["importlinter"]["contracts"] if each["type"] == "layers")
    (package,) = contract["containers"]
    floors = [re.split(r"\s*[|:]\s*", layer) for layer in contract["layers"]]
    return [[f"{package}.{name}" for name in floor if not name.startswith("_")] for floor in floors]


def draw_layers(rows: Sequence[Sequence[str]]) -> str:
    """Return the picture of the floors, from top to bottom."""
    picture = Picture()
    y: float = MARGIN
    for floor in filter(None, rows):
        lines = _lines_of(floor)
        inset = GAP if len(lines) > 1 else 0
        frame = len(picture.parts)
        below = y + inset
        for line in lines:
            below = _draw_modules(picture, line, MARGIN + inset, below) + GAP
        if inset:
            # A frame groups the lines of one floor. It is drawn first, so that it is below them.
            outside = Picture()
            outside.box(MARGIN, y, WIDTH - 2 * MARGIN, below - y)
            picture.parts[frame:frame] = outside.parts
            picture.bottom = max(picture.bottom, outside.bottom)
        y = below + inset
    names_of = ", ".join(" and ".join(row) for row in rows if row)
    return picture.svg(f"The floors of pywats; each imports only what is below it: {names_of}")


def _lines_of(floor: Sequence[str]) -> list[Sequence[str]]:
    """Return the modules of a floor in lines of similar length, as few lines as possible."""
    count = -(-len(floor) // MODULES_IN_A_LINE)
    size, longer = divmod(len(floor), count)
    ends = [number * size + min(number, longer) for number in range(count + 1)]
    return [floor[start:end] for start, end in pairwise(ends)]


def _draw_modules(picture: Picture, modules: Sequence[str], left: float, top: float) -> float:
    """Draw boxes beside one another, and return their lower end."""
    width = WIDTH - 2 * left
    each = (width - GAP * (len(modules) - 1)) / len(modules)
    said = [_fit(_first_line(module), each - 20) for module in modules]
    height = LINE * (1 + max(map(len, said))) + 12
    for column, (module, text) in enumerate(zip(modules, said, strict=True)):
        x = left + column * (each + GAP)
        picture.box(x, top, each, height)
        after = picture.text(x + 10, top + 19, [module.rpartition(".")[2]], "name")
        picture.text(x + 10, after, text)
    return top + height


def draw_path(stations: Sequence[Station]) -> str:
    """Return the picture of the path of a call: nested boxes, with their traces beside them."""
    picture = Picture()
    left = 470
    step = 10
    top: float = MARGIN
    tops: list[float] = []
    for depth, station in enumerate(stations):
        x = MARGIN + depth * step
        tops.append(top)
        after = _text_of(picture, station, x + 10, top + 19, left - 2 * depth * step - 20)
        beside = picture.text(
            MARGIN + left + 16, top + 19, _fit(station.leaves, WIDTH - left - 48), "mark"
        )
        top = max(after, beside) - LINE + 12
    boxes = Picture()
    for depth, each in enumerate(tops):
        inside = len(stations) - 1 - depth
        width = left - 2 * depth * step
        boxes.box(MARGIN + depth * step, each, width, top + inside * 6 - each)
    picture.parts = boxes.parts + picture.parts
    picture.bottom = boxes.bottom
    return picture.svg(
        "The path of one call, from the outside in: "
        + "; ".join(f"{station.title}: {station.does}" for station in stations)
    )


def _text_of(picture: Picture, station: Station, x: float, y: float, width: float) -> float:
    """Write the text of a station, and return the y of the next line."""
    if station.module:
        _source(station.module)
    title = station.title if not station.module else f"{station.title} · {station.module}"
    after = picture.text(x, y, [title], "name")
    return picture.text(x, after, _fit(station.does, width))


def _fit(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, int(width / LETTER))


def _first_line(module: str) -> str:
    docstring = ast.get_docstring(ast.parse(_source(module).read_text(encoding="utf-8"))) or ""
    return re.sub("`+", "", docstring.partition("\n")[0])


def _source(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    raise ValueError(f"{module}: there is no such module")


if __name__ == "__main__":
    sys.exit(main())
