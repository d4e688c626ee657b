"""A plot of all ratios, as SVG without a plotting library."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["plot"]

_LABELS = 500
_WIDTH = 1040
_LINE = 18
_LARGEST = 4.0


def plot(found: Mapping[str, Any]) -> str:
    """Return the bars of every table with ratios; the line is the reference, 1.00.

    Args:
        found: Stored results of a run.
    """
    parts: list[str] = []
    y = 30
    for case in found["cases"].values():
        for caption, rows in case.get("tables", {}).items():
            compared = [row for row in rows if row["ratio"] is not None]
            if not compared:
                continue
            y += _LINE
            parts.append(_text(8, y, f"{case['title']}: {caption}", weight="bold"))
            for row in compared:
                y += _LINE
                parts.append(_row(y, row))
            y += _LINE // 2
    one = _x(1.0)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 20}" '
        f'width="{_WIDTH}" height="{y + 20}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{_WIDTH}" height="{y + 20}" fill="white"/>\n'
        + _text(8, 20, f"Time per call as a multiple of the reference (cut at {_LARGEST:g})")
    )
    line = f'<line x1="{one}" x2="{one}" y1="30" y2="{y + 8}" stroke="black"/>'
    return "\n".join([head, *parts, line, "</svg>"]) + "\n"


def _x(ratio: float) -> int:
    return _LABELS + round(min(ratio, _LARGEST) / _LARGEST * (_WIDTH - _LABELS - 60))


def _row(y: int, row: Mapping[str, Any]) -> str:
    ratio: float = row["ratio"]
    fill = "#2b6cb0" if row["name"].startswith("pywats") and "api" not in row["name"] else "#a0aec0"
    end = _x(ratio)
    return "\n".join(
        [
            _text(20, y, row["name"]),
            f'<rect x="{_LABELS}" y="{y - 10}" width="{end - _LABELS}" height="12" fill="{fill}"/>',
            _text(end + 6, y, f"{ratio:.2f}"),
        ]
    )


def _text(x: int, y: int, text: str, *, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" font-weight="{weight}">{escape(text)}</text>'
