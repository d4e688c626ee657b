"""Links to the tests that prove a statement.

A page names a test as ``tests/http/test_body.py::test_name``, which is long. The site shows a mark
instead, which links to the line of the test in the repository.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

ROOT = Path(__file__).parents[2]
_TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)(?:\[.*\])?")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Show marks instead of the names of tests."""
    app.add_config_value("repository", "", "html", types=frozenset({str}))
    app.add_post_transform(TestMarks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class TestMarks(SphinxPostTransform):
    """Replaces the name of a test with a mark that links to the test."""

    default_priority = 700
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Replace all names of tests on a page."""
        for literal in list(self.document.findall(nodes.literal)):
            named = _TEST.fullmatch(literal.astext())
            if named is None:
                continue
            path, function = named.groups()
            address = f"{self.config.repository}/blob/main/{path}#L{_line(path, function)}"
            mark = nodes.reference(
                "", "✓ test", refuri=address, reftitle=named.group(), internal=False
            )
            mark["classes"].append("test-mark")
            literal.replace_self(mark)


@cache
def _line(path: str, function: str) -> int:
    source = (ROOT / path).read_text(encoding="utf-8")
    found = re.search(rf"^(?:(?:async )?def {function}\(|{function} = )", source, re.MULTILINE)
    if found is None:
        raise ValueError(f"{path} has no test {function}")
    return source.count("\n", 0, found.start()) + 1
