"""The operations of the sandbox, for as long as its process service has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywats.sandbox.routing import Row

__all__ = ["operations"]


def operations() -> list[Row]:
    """Return one operation of each kind."""
    kinds = ("isTestOperation", "isRepairOperation", "isWipOperation")
    named = ((100, "End of line test"), (500, "Repair"), (200, "Assembly"))
    return [
        {
            "code": code,
            "name": name,
            "description": None,
            **{each: each == kind for each in kinds},
            "processIndex": index,
            "state": 1,
        }
        for index, (kind, (code, name)) in enumerate(zip(kinds, named, strict=True), start=1)
    ]
