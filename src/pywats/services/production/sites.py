"""Sites and connection of the production module."""

from __future__ import annotations

from pydantic import JsonValue, TypeAdapter

from pywats.http.port import Request
from pywats.services.calls import Calls

__all__ = ["Sites"]

_OBJECTS = TypeAdapter(list[dict[str, JsonValue]])


class Sites(Calls):
    """The methods on the production module as a whole."""

    async def get_sites(self) -> list[dict[str, JsonValue]]:
        """List the production sites (GET /api/internal/Production/GetSites).

        Returns:
            The sites as the server describes them; the API file does not declare their fields.
        """
        request = Request(method="GET", template="/api/internal/Production/GetSites")
        return await self._list(request, _OBJECTS)

    async def is_connected(self) -> bool:
        """Ask whether the production API is there (GET /api/internal/Production/isConnected).

        Returns:
            False if the server sends ``false``, True for any other response; the API file does
            not declare it.

        Raises:
            WATSConnectionError: The server cannot be reached.
        """
        request = Request(method="GET", template="/api/internal/Production/isConnected")
        return await self._undeclared(request) is not False
