"""`Outbox.send` tells how many reports no longer wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats import Outbox
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE, units

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox


@pytest.fixture
def waiting(
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    api: pyWATS,
) -> Outbox:
    """Return an outbox with three reports that wait."""
    sandbox.inject("POST", ROUTE, Fault.status(503), times=3)
    for unit in "ABC":
        assert keeping.report.submit_report(report(unit)).kept
    return Outbox(directory, api)


def test_a_function_is_called_after_each_report(waiting: Outbox, api: pyWATS) -> None:
    told: list[tuple[int, int | None, int]] = []
    run = waiting.send(
        progress=lambda done, total: told.append((done, total, waiting.status().waiting))
    )
    assert told == [(1, 3, 2), (2, 3, 1), (3, 3, 0)]
    assert len(run.sent) == 3
    assert units(api) == ["A", "B", "C"]


def test_a_refused_report_no_longer_waits_and_one_that_is_put_in_counts(
    waiting: Outbox, report: Callable[..., UUTReport], sandbox: Sandbox
) -> None:
    told: list[tuple[int, int | None]] = []

    def tell(done: int, total: int | None) -> None:
        told.append((done, total))
        if done == 1:
            made = report("D")
            waiting.store.put(str(made.id), "WSJF", made.to_wire_json(), {})

    sandbox.inject("POST", ROUTE, Fault.status(400), times=1)
    run = waiting.send(progress=tell)
    assert told == [(1, 3), (2, 4), (3, 4), (4, 4)]
    assert len(run.refused) == 1


def test_what_the_function_raises_ends_the_run_and_no_report_is_lost(
    waiting: Outbox, api: pyWATS
) -> None:
    def cancel(done: int, _: int | None) -> None:
        raise LookupError(f"cancelled at {done}")

    with pytest.raises(LookupError, match="cancelled at 1"):
        waiting.send(progress=cancel)
    assert waiting.status().waiting == 2
    assert waiting.send().waiting == 0
    assert units(api) == ["A", "B", "C"]


def test_true_shows_a_bar_and_other_values_are_refused(
    waiting: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(TypeError, match="progress=1: must be True, False or a function"):
        waiting.send(progress=1)  # type: ignore[arg-type]  # that is tested
    assert waiting.status().waiting == 3
    waiting.send(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split()[0] == "reports"
    assert "3/3" in err
