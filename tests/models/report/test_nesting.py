"""Reports whose sequences are nested deeper than an encoder, or Python's function calls, reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats.models.report import ReportStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox


@pytest.fixture
def nested(api: pyWATS) -> Callable[[int], UUTReport]:
    """Return a function that makes a report whose sequences are nested that deep."""

    def make(levels: int) -> UUTReport:
        report = api.report.create_uut_report("op", "P", "A", "S", 100)
        sequence = report.sequence()
        for number in range(1, levels):
            sequence = sequence.add_sequence(str(number))
        sequence.add_step("last", status=StepStatus.FAILED)
        return report

    return make


@pytest.mark.parametrize("levels", [1, 60, 90])
def test_a_report_within_the_limit_is_sent(
    api: pyWATS, nested: Callable[[int], UUTReport], levels: int
) -> None:
    report = nested(levels)
    assert report.conclude() == ReportStatus.FAILED
    api.report.submit_report(report)


def test_the_limit_is_exact(nested: Callable[[int], UUTReport]) -> None:
    assert nested(126).to_wire_json().count(b"SequenceCall") == 126
    with pytest.raises(ValueError, match="nested 256 levels deep, and at most 255 can be sent"):
        nested(127).to_wire_json()


@pytest.mark.parametrize("levels", [127, 250, 500, 5000])
@pytest.mark.parametrize("check", [True, False])
def test_a_report_over_the_limit_is_refused_and_stays_as_it_is(
    api: pyWATS,
    sandbox: Sandbox,
    nested: Callable[[int], UUTReport],
    levels: int,
    check: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    report = nested(levels)
    assert report.conclude() == ReportStatus.FAILED
    assert report.problems() == []
    sent = len(sandbox.requests)
    depth = 2 * levels + 2
    message = f"UUTReport: its values are nested {depth} levels deep, and at most 255 can be sent"
    with pytest.raises(ValueError, match=message):
        api.report.submit_report(report, check=check)
    assert len(sandbox.requests) == sent
    assert [step.name for step in report.steps()][1:] == [*map(str, range(1, levels)), "last"]
    assert {step.status for step in report.steps()} == {StepStatus.FAILED}


def test_steps_are_yielded_in_the_order_in_which_they_ran(api: pyWATS) -> None:
    report = api.report.create_uut_report("op", "P", "A", "S", 100)
    root = report.sequence()
    first = root.add_sequence("1")
    first.add_step("2")
    first.add_sequence("3").add_step("4")
    root.add_step("5")
    assert [step.name for step in report.steps()][1:] == ["1", "2", "3", "4", "5"]
