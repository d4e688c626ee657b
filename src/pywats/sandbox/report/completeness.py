"""Check that submitted reports are complete, and readable by clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import UURReport, UUTReport
from pywats.sandbox.documents import report_key, rows_of
from pywats.sandbox.report.header import RESULTS, steps_of
from pywats.sandbox.responses import ApiError, required_text, well_formed
from pywats.sandbox.times import time_of

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = ["check_report"]

_TEXTS = ("pn", "sn", "rev", "machineName")
_MAX_TEXT = 100


def check_report(document: Row) -> None:
    """Check a WSJF document against the rules of Post WSJF.

    https://support.virinco.com/hc/en-us/articles/360014879119-Post-WSJF

    Raises:
        ApiError: The report is incomplete, or a value does not fit the format (400).
    """
    for name in _TEXTS:
        required_text(document, name)
    for name in (*_TEXTS, "location", "purpose"):
        if len(str(document.get(name) or "")) > _MAX_TEXT:
            raise ApiError(400, f"The {name} field must have {_MAX_TEXT} characters at most.")
    kind = _kind(document)
    report_key(required_text(document, "id"))
    if required_text(document, "result") not in RESULTS:
        raise ApiError(400, f"The result must be one of {', '.join(RESULTS)}.")
    time_of(required_text(document, "start"))
    if document.get("type") == "T" and not isinstance(document.get("root"), dict):
        raise ApiError(400, "The root field is required.")
    well_formed(document, UUTReport if kind == "uut" else UURReport)
    for _, step in steps_of(document):
        if isinstance(step.get("attachment"), dict) and not _is_number(step.get("id")):
            raise ApiError(400, "The id of a step with an attachment must be a number.")
    for asset in rows_of(document, "assets"):
        required_text(asset, "sn")


def _kind(document: Row) -> str:
    """Return the name of the field that a report of its type must have."""
    kind = {"T": "uut", "R": "uur"}.get(str(document.get("type")))
    if kind is None:
        raise ApiError(400, "The report is neither a test (type T) nor a repair (type R).")
    if not isinstance(document.get(kind), dict):
        raise ApiError(400, f"The {kind} field is required.")
    return kind


def _is_number(value: object) -> bool:
    return value is None or str(value).isdecimal()
