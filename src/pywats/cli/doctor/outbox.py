"""Check of the outbox: how many reports wait in it, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pywats.cli.doctor.finding import Finding, failed, passed, warned
from pywats.client.settings import outbox_of
from pywats.errors import OutboxError
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_outbox"]

_LONG = timedelta(hours=1)


def check_outbox(directory: Path | None) -> list[Finding]:
    """Check an outbox.

    Args:
        directory: Its directory; None reads ``PYWATS_OUTBOX``. Without an outbox there is nothing
            to check.
    """
    outbox = outbox_of(directory or NOT_GIVEN)
    if outbox is None:
        return []
    try:
        status = outbox.status()
    except OutboxError as error:
        return [failed("outbox", str(error), "Correct that, or give another directory.")]
    findings: list[Finding] = []
    if status.refused:
        findings.append(
            warned(
                "outbox, refused",
                f"the server has refused {status.refused} reports in {outbox.directory}: "
                f"{outbox.refused()[0].error}",
                "Correct them and submit them again under their ids.",
            )
        )
    if status.oldest is None:
        return [passed("outbox", f"no report waits in {outbox.directory}"), *findings]
    age = datetime.now(UTC) - status.oldest
    found = (
        f"{status.waiting} reports ({status.size} bytes) wait in {outbox.directory}, the oldest "
        f"for {age.total_seconds():.0f} s"
    )
    if age < _LONG:
        return [passed("outbox", found), *findings]
    place = str(outbox.directory)
    quoted = f'"{place}"' if " " in place else place
    advice = f"Run pywats report submit --outbox {quoted}"
    return [warned("outbox", found, advice), *findings]
