"""The notebook runs in a kernel from top to bottom, and shows what a reader should see."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient

from tests.frameworks.running import EXAMPLES
from tests.untraced import untraced

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_cell_shows_what_it_should(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # The kernel is not measured, and keeps its hands off the folders of whoever runs the tests.
    for variable in os.environ.keys() - untraced().keys():
        monkeypatch.delenv(variable)
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in cells] == [[]] * 5  # none are stored with it
    NotebookClient(notebook, timeout=30).execute()
    connect, call, loop, error, close = [
        "".join(shown.get("text") or shown.data["text/plain"] for shown in cell.outputs)
        for cell in cells
    ]
    assert connect == ""  # nor a warning
    assert "HTTP Request: PUT " in call
    assert "Product(part_number='PCBA-100', " in call
    assert loop.endswith("['PCBA-100']")
    (in_log_line, found) = re.findall(r"\b[0-9a-f]{32}\b", error)
    assert in_log_line == found
    assert close == "closed\n"
