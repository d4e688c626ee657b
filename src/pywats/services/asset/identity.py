"""Asset of a request, named by its id or its serial number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import arguments

if TYPE_CHECKING:
    from pywats.http.port import QueryValue

__all__ = ["one_asset"]


def one_asset(
    asset_id: str | None,
    serial_number: str | None,
    *,
    names: tuple[str, str] = ("asset_id", "serial_number"),
) -> dict[str, QueryValue | None]:
    """Return the query parameters that name one asset.

    Args:
        asset_id: Id of the asset, or None.
        serial_number: Serial number of the asset, or None.
        names: Names of these arguments in the caller, for the error message.

    Raises:
        TypeError: The given argument is not a string.
        ValueError: Both or none are given, or the given argument is blank.
    """
    if (asset_id is None) == (serial_number is None):
        given = "none" if asset_id is None else "both"
        raise ValueError(f"give exactly one of {names[0]} and {names[1]}, not {given}")
    return {
        "id": arguments.optional_text(names[0], asset_id),
        "serialNumber": arguments.optional_text(names[1], serial_number),
    }
