"""Titles of code blocks.

GitHub and the tests read ``python title="station.py"`` behind a fence; Sphinx shows a caption where
the block is a directive. So the one becomes the other when a page is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_TITLED = re.compile(
    r"^(?P<fence> *`{3,})(?P<language>\w+) title=\"(?P<title>[^\"]+)\"$", re.MULTILINE
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Rewrite every page before it is parsed."""
    app.connect("source-read", show_titles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def show_titles(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Turn the titles behind fences into captions."""
    source[0] = _TITLED.sub(r"\g<fence>{code-block} \g<language>\n:caption: \g<title>\n", source[0])
