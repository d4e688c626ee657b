"""What metrics say of an outbox."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from pywats import Outbox
from pywats.errors import BadRequestError
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE
from tests.observability.measuring import measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats import pyWATS
    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox


def test_reports_are_counted_by_their_outcome_and_by_what_they_wait_for(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    # The outboxes of other tests have nothing to tell once they are gone.
    gc.collect()
    measurements = measure()
    sandbox.inject("POST", ROUTE, Fault.status(400), times=1)
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    with pytest.raises(BadRequestError):
        keeping.report.submit_report(report("A"))
    keeping.report.submit_report(report("B"))
    # A second object for the directory counts nothing twice.
    outbox = Outbox(directory)
    assert measurements.counts("pywats.outbox.reports") == {("waiting",): 1, ("refused",): 1}
    assert measurements.counts("pywats.outbox.outcomes") == {
        ("kept",): 2,
        ("refused",): 1,
        ("failed",): 1,
    }
    later = measure()
    outbox.send(keeping)
    assert later.counts("pywats.outbox.reports") == {("waiting",): 0, ("refused",): 1}
    assert later.counts("pywats.outbox.outcomes") == {("sent",): 1}


def test_an_outbox_that_cannot_be_read_is_left_out(directory: Path) -> None:
    gc.collect()
    measurements = measure()
    directory.mkdir(parents=True)
    (directory / "outbox.sqlite3").write_bytes(b"no database" * 1000)
    outbox = Outbox(directory)
    counted = measurements.counts("pywats.outbox.reports")
    assert counted == {("waiting",): 0, ("refused",): 0}
    del outbox
