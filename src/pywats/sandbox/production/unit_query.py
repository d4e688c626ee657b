"""Look-up of the unit that the query of a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.requests import present_query, required_query

if TYPE_CHECKING:
    from starlette.requests import Request

    from pywats.sandbox.production.unit_store import UnitStore
    from pywats.sandbox.requests import Row

__all__ = ["unit_of"]


def unit_of(units: UnitStore, request: Request, role: str = "") -> Row:
    """Return the unit that a request names by serial number and part number.

    Args:
        units: All units.
        request: The request. Its part number may be blank if the serial number is unique.
        role: Prefix of the parameters, such as ``parent`` for ``parentSerialNumber``.

    Raises:
        ApiError: A parameter is missing (400), or the unit does not exist (404).
    """
    serial, part = (
        f"{role}{name}" if role else name[0].lower() + name[1:]
        for name in ("SerialNumber", "PartNumber")
    )
    return units.find(required_query(request, serial), present_query(request, part))
