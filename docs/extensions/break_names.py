"""Line breaks in the code of tables.

A browser breaks a line at spaces only, and a name such as `http.request.resend_count` has none. So
a column of names would be as wide as the longest name, or break in the middle of a word. This lets
long names in tables break where people read them: after a dot, an underscore or a slash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_LONGEST_WHOLE = 20
_LONG_NAME = re.compile(rf"\S{{{_LONGEST_WHOLE + 1},}}")
_PIECE = re.compile(r".*?\w[._/]+(?=[\w{])|.+", re.DOTALL)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let names in tables break."""
    app.add_post_transform(BreakableNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class BreakableNames(SphinxPostTransform):
    """Puts an invisible place for a line break into code in cells of tables."""

    # After the marks of tests have replaced their names.
    default_priority = 710
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Change all code in the tables of a page."""
        for cell in self.document.findall(nodes.entry):
            for literal in list(cell.findall(nodes.literal)):
                for text in [each for each in literal.children if isinstance(each, nodes.Text)]:
                    first, *rest = pieces(text)
                    replacement: list[nodes.Node] = [nodes.Text(first)]
                    for piece in rest:
                        replacement += [nodes.raw("", "<wbr>", format="html"), nodes.Text(piece)]
                    literal.replace(text, replacement)


def pieces(name: str) -> list[str]:
    """Return the parts of some code between which a line may break, beside at its spaces."""
    parts: list[str] = []
    rest = 0
    for long in _LONG_NAME.finditer(name):
        first, *others = _PIECE.findall(long.group())
        parts += [name[rest : long.start()] + first, *others]
        rest = long.end()
    if parts:
        parts[-1] += name[rest:]
    return parts or [name]
