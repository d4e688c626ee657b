"""Phases of the units of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import UnitPhaseFlag
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["FIRST_PHASE", "PHASES", "is_phase", "phase_name"]

FIRST_PHASE = UnitPhaseFlag.UNDER_PRODUCTION.value

_QUEUED = UnitPhaseFlag.QUEUED.value
_NAMES = {
    1: ("Unknown", "Unknown"),
    2: ("UnderProduction", "Under production"),
    4: ("ProductionRepair", "Production repair"),
    8: ("ServiceRepair", "Service repair"),
    16: ("Finalized", "Finalized"),
    32: ("Scrapped", "Scrapped"),
    64: ("ExtendedTest", "Extended test"),
    128: ("Customization", "Customization"),
    256: ("Repaired", "Repaired"),
    512: ("Missing", "Missing"),
    1024: ("InStorage", "In storage"),
    2048: ("Shipped", "Shipped"),
    _QUEUED | 2: ("UnderProductionQueued", "Under production, queued"),
    _QUEUED | 4: ("ProductionRepairQueued", "Production repair, queued"),
    _QUEUED | 8: ("ServiceRepairQueued", "Service repair, queued"),
}
PHASES: list[Row] = [
    {"UnitPhaseId": number, "Code": code, "Name": name, "Description": None}
    for number, (code, name) in _NAMES.items()
]


def phase_name(number: JsonValue) -> str:
    """Return the name of a phase.

    Raises:
        ApiError: The phase does not exist (400).
    """
    if not isinstance(number, int) or number not in _NAMES:
        raise ApiError(400, f"The unit phase {number} does not exist.")
    return _NAMES[number][1]


def is_phase(number: JsonValue, text: str) -> bool:
    """Tell whether a phase has a code or a name, in upper or lower case."""
    names = _NAMES[number] if isinstance(number, int) else ()
    return text.casefold() in {name.casefold() for name in names}
