"""Signatures of the services as synchronous clients have them.

The pages describe the async classes of `pywats.services`. Most readers call them through `pyWATS`,
which has the same methods without ``await``, so the mark ``async`` is left out on these pages, and
an async iterator is an iterator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import desc_annotation, desc_signature, pending_xref

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_PAGES = "reference/api/services/"
_ASYNC = "AsyncIterator"
_SYNC = "Iterator"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at the signatures of a page when it was read."""
    app.connect("doctree-read", leave_async_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def leave_async_out(app: Sphinx, doctree: nodes.document) -> None:
    """Remove the mark ``async`` from the methods of services, and from what they return."""
    if not app.env.docname.startswith(_PAGES):
        return
    for signature in doctree.findall(desc_signature):
        for mark in list(signature.findall(desc_annotation)):
            if mark.astext().strip() == "async":
                mark.parent.remove(mark)
        for reference in signature.findall(pending_xref):
            reference["reftarget"] = reference["reftarget"].replace(_ASYNC, _SYNC)
        for text in list(signature.findall(nodes.Text)):
            if _ASYNC in text:
                text.parent.replace(text, nodes.Text(text.replace(_ASYNC, _SYNC)))
