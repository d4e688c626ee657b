"""Checks of the parts of a report; each check returns the problems that it found."""

from collections.abc import Sequence

from pywats.models.report.attachment import Attachment
from pywats.models.report.parts import ReportSubUnit

__all__ = ["MAX_TEXT", "file_problems", "sub_unit_problems", "too_long"]

MAX_TEXT = 100
"""Maximum number of characters of most texts in WSJF."""

_MAX_PART_TYPE = 50


def too_long(name: str, text: str | None, limit: int = MAX_TEXT) -> list[str]:
    """Return a problem if a text is longer than WSJF allows.

    The lengths are from https://support.virinco.com/hc/en-us/articles/360014879119-Post-WSJF.
    """
    if text is None or len(text) <= limit:
        return []
    return [f"{name} has {len(text)} characters: {limit} are allowed"]


def sub_unit_problems(units: Sequence[ReportSubUnit] | None) -> list[str]:
    """List the problems of the sub units of a report."""
    found = []
    for index, unit in enumerate(units or []):
        place = f"sub_units[{index}]"
        if not (unit.part_type or "").strip():
            found.append(f"{place}.part_type is missing: 'Unknown' is allowed")
        if not unit.part_number.strip():
            found.append(f"{place}.part_number is empty")
        found += too_long(f"{place}.part_type", unit.part_type, _MAX_PART_TYPE)
        for name in ("part_number", "serial_number", "revision"):
            found += too_long(f"{place}.{name}", getattr(unit, name))
    return found


def file_problems(place: str, file: Attachment) -> list[str]:
    """List the problems of a file of a report."""
    try:
        file.content()
    except ValueError as error:
        return [f"{place}: {error}"]
    return []
