"""Moving the files that the server has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.running import run_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))


@pytest.mark.usefixtures("station")
def test_what_the_server_has_is_moved_and_the_rest_stays(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    before, now = write("A", name="in/a.json"), write("B", name="in/b.json")
    write("C", name="in/c.json", type="?")
    run_json("report", "submit", before)
    done = tmp_path / "new" / "done"
    told = run_json("report", "submit", tmp_path / "in", "--move-to", done, code=1)
    assert [(row["status"], row["moved_to"]) for row in told["files"]] == [
        ("skipped", str(done / "a.json")),
        ("submitted", str(done / "b.json")),
        ("failed", None),
    ]
    assert not now.exists()
    assert (names(tmp_path / "in"), names(done)) == (["c.json"], ["a.json", "b.json"])


@pytest.mark.usefixtures("station")
def test_no_file_is_moved_over_another(write: Callable[..., Path], tmp_path: Path) -> None:
    done = tmp_path / "in" / "done"
    for unit in ("A", "B", "C"):
        file = write(unit, name="in/report.json")
        content = file.read_bytes()
        told = run_json("report", "submit", tmp_path / "in", "--move-to", done)
        assert told["submitted"] == 1
        assert any(moved.read_bytes() == content for moved in done.iterdir())
    assert names(done) == ["report-1.json", "report-2.json", "report.json"]


@pytest.mark.usefixtures("station")
def test_a_file_that_cannot_be_moved_is_submitted_and_says_so(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = run_json("report", "submit", write("A"), "--move-to", tmp_path / "file" / "x", code=1)
    assert told["submitted"] == 1
    assert told["files"][0]["error"].startswith("submitted, but not moved: [Errno 20]")
