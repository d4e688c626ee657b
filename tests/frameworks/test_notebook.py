"""The notebooks run in a kernel from top to bottom, and show what a reader should see."""

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


def shown_by(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    # The kernel is not measured, and keeps its hands off the folders of whoever runs the tests.
    for variable in os.environ.keys() - untraced().keys():
        monkeypatch.delenv(variable)
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    notebook = nbformat.read(EXAMPLES / name, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in cells] == [[]] * len(cells)  # none are stored with it
    NotebookClient(notebook, timeout=30).execute()
    return [
        "".join(shown.get("text") or shown.data["text/plain"] for shown in cell.outputs)
        for cell in cells
    ]


def test_a_week_of_reports_is_a_frame_with_a_column_for_each_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed = shown_by("week_in_pandas.ipynb", monkeypatch, tmp_path)
    connect, fill, frame, by_day, close = printed
    assert (connect, fill, close) == ("", "", "")
    assert frame.splitlines()[0].split() == ["serial_number", "start", "result"]
    assert len(by_day.splitlines()) == 2 + 7


def test_every_cell_shows_what_it_should(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    printed = shown_by("notebook.ipynb", monkeypatch, tmp_path)
    connect, call, loop, error, close = printed
    assert connect == ""  # nor a warning
    assert "PUT /api/Product: 200 in " in call
    assert "Product(part_number='PCBA-100', " in call
    assert loop.endswith("['PCBA-100']")
    *in_log_lines, found = re.findall(r"\b[0-9a-f]{32}\b", error)
    assert in_log_lines == [found, found]
    assert close == "closed\n"
