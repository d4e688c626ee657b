"""The picture in the README is of a real run, and shows what a run shows today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demo.test_demo import WITHOUT_SDK, run_demo
from tests.waterfall.pictures import read

PICTURE = Path(__file__).parents[2] / "docs" / "trace.svg"
NARROW = PICTURE.with_name("trace-narrow.svg")
ID = r"[0-9a-f]{32}"
# What differs from run to run: time of day, port, id, durations, and which phases are the longest.
OF_THE_RUN = rf" · .*|\d\d:\d\d:\d\d\.\d{{3}}|(?<=127\.0\.0\.1:)\d+|{ID}|[\d.]+ ms"
ATTEMPT = "GET /api/Product/{partNumber} …"


def told(picture: Path) -> list[tuple[str, str, list[str]]]:
    """Return class, text and marks of each group but the scale, whose steps may differ."""
    return [
        (group["class"], re.sub(OF_THE_RUN, _shortened, " ".join(group.texts)), group.marks)
        for group in read(picture.read_text(encoding="utf-8")).groups()
        if group["class"] != "scale"
    ]


def _shortened(found: re.Match[str]) -> str:
    return "" if found[0].startswith(" · ") else "…"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    picture = tmp_path_factory.mktemp("picture") / "trace.svg"
    narrow = picture.with_name(NARROW.name)
    run_demo("-m", "pywats.demo", "--svg", str(picture), "--narrow-svg", str(narrow))
    return picture


def test_the_picture_shows_what_a_run_shows(fresh: Path) -> None:
    assert told(PICTURE) == told(fresh)


def test_so_does_the_picture_for_a_telephone(fresh: Path) -> None:
    # The length of a time decides where a line is broken.
    kinds = [[kind for kind, _, _ in told(each)] for each in (NARROW, fresh.with_name(NARROW.name))]
    assert kinds[0] == kinds[1]
    assert read(NARROW.read_text(encoding="utf-8")).number("width") == 420


def test_it_shows_one_id_a_timeout_two_retries_and_success() -> None:
    ids = re.findall(ID, PICTURE.read_text(encoding="utf-8"))
    # In the title, in each of five log lines, and at the head of the trace.
    assert (len(ids), len(set(ids))) == (7, 1)
    assert [row for row in told(PICTURE) if row[0] in {"span", "event"}] == [
        ("span", "pywats.product.get_product …", []),
        ("span", f"{ATTEMPT} WATSTimeoutError", []),
        ("event", "timeout limit of the attempt, 0.25 s (read)", ["⏱", "⏱"]),
        ("event", "retry after attempt 1: timeout; waits 0.2 s", ["↻", "↻"]),
        ("span", f"{ATTEMPT} 503, resend 1", []),
        ("event", "retry after attempt 2: status 503; waits 0.2 s", ["↻", "↻"]),
        ("span", f"{ATTEMPT} 200, resend 2", []),
    ]


def test_without_the_sdk_there_is_no_trace_to_draw(tmp_path: Path) -> None:
    arguments = f"import sys; sys.argv[1:] = ['--svg', {str(tmp_path / 'trace.svg')!r}]"
    why = run_demo("-c", arguments + WITHOUT_SDK, code=2)
    assert why.endswith("which needs the SDK: pip install 'pywats[otel]'\n")
