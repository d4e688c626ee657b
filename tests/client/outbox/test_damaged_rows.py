"""One damaged row of the database holds up no other report, and is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox, pyWATS
from tests.client.outbox.conftest import units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats.models import UUTReport

DAMAGES = {
    # What is damaged beside the report is not needed to send it.
    "carrier = '{oops'": 3,
    "carrier = '[1]'": 3,
    'carrier = \'{"traceparent": 7, "correlation_id": null}\'': 3,
    "carrier = CAST(x'ff' AS TEXT)": 3,
    "error = CAST(x'ff00fe' AS TEXT)": 3,
    "failures = 'many'": 3,
    "content = CAST(content AS TEXT)": 3,
    # A report that is damaged itself is refused, or not confirmed.
    "content = x'ff00fe'": 2,
    "content = substr(content, 1, 40)": 2,
    "content = x''": 2,
    "format = 'CSV'": 2,
}


@pytest.fixture
def damaged(
    tmp_path: Path, api: pyWATS, report: Callable[..., UUTReport]
) -> Callable[[str], Outbox]:
    """Return a function that keeps three reports, damages the second, and makes an outbox."""

    def make(damage: str) -> Outbox:
        with pyWATS("http://127.0.0.1:1", "eDp5", outbox=Outbox(tmp_path)) as away:
            for unit in ("S1", "S2", "S3"):
                assert away.report.submit_report(report(unit)).kept
        with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as database:
            changed = database.execute(
                f"UPDATE reports SET {damage} WHERE seq = 2"  # noqa: S608 - a constant of the test
            )
            assert changed.rowcount == 1
            database.commit()
        return Outbox(tmp_path, api)

    return make


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_others_are_sent(damaged: Callable[[str], Outbox], api: pyWATS, damage: str) -> None:
    outbox = damaged(damage)
    assert len(outbox.waiting()) == 3
    run = outbox.send()
    assert (len(run.sent), run.waiting, run.error) == (DAMAGES[damage], 0, None)
    assert units(api) == (["S1", "S2", "S3"] if DAMAGES[damage] == 3 else ["S1", "S3"])
    (*refused,) = outbox.refused()
    assert len(refused) == 3 - DAMAGES[damage]
    assert all("400 Bad Request" in (each.error or "") for each in refused)


def test_a_report_whose_id_is_damaged_waits_and_tells(
    damaged: Callable[[str], Outbox], api: pyWATS
) -> None:
    outbox = damaged("id = CAST(x'ff41fe' AS TEXT)")
    for _ in range(2):
        run = outbox.send()
        assert (run.refused, run.waiting) == ((), 1)
        assert "does not confirm the report \ufffdA\ufffd: it names" in str(run.error)
    (kept,) = outbox.waiting()
    assert "does not confirm the report" in (kept.error or "")
    # The server counts a report once, whatever the outbox calls it.
    assert units(api) == ["S1", "S2", "S3"]
