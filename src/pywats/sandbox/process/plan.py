"""The operations that every sandbox has: tests, repairs with their fail codes, assembly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

__all__ = ["PROCESSES", "Process", "fixed_id"]

_NAMESPACE = UUID("0b0b3f5e-52b0-4a0e-8f53-6f5b7f2d9c11")


def fixed_id(name: str) -> str:
    """Return an id that is the same in each sandbox."""
    return str(uuid5(_NAMESPACE, name))


@dataclass(frozen=True, slots=True)
class Process:
    """An operation.

    Attributes:
        code: Its code.
        name: Its name.
        kind: ``Test``, ``Repair`` or ``Wip``.
        active: Whether it is in use.
        fail_codes: Of a repair operation: the fail codes by category.
    """

    code: int
    name: str
    kind: str
    active: bool = True
    fail_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The id."""
        return fixed_id(f"process {self.code}")


_BOARD_FAILURES = {
    "Soldering": ("Cold joint", "Bridge", "Missing solder"),
    "Component": ("Defective", "Wrong part", "Missing", "Wrong orientation"),
    "Mechanical": ("Scratch", "Loose screw"),
    "No failure found": ("Passed again",),
}
_FIELD_FAILURES = {"Use": ("Water damage", "Worn out", "Overload")}

PROCESSES = (
    Process(50, "Incoming inspection", "Test"),
    Process(100, "Board test", "Test"),
    Process(200, "Functional test", "Test"),
    Process(300, "Burn-in", "Test"),
    Process(400, "Final test", "Test"),
    Process(450, "Final test, old line", "Test", active=False),
    Process(500, "Repair", "Repair", fail_codes=_BOARD_FAILURES),
    Process(510, "Repair of returns", "Repair", fail_codes=_BOARD_FAILURES | _FIELD_FAILURES),
    Process(600, "Assembly", "Wip"),
    Process(610, "Packing", "Wip"),
)
