"""Vendors: list, add, delete. The API identifies a vendor by its name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls, json_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from pywats.models import Vendor

__all__ = ["Vendors"]

_VENDORS = adapter(lambda: list[models.Vendor])
_PATH = "/api/Product/Vendors"


class Vendors(Calls):
    """The methods on vendors."""

    async def get_vendors(self) -> list[Vendor]:
        """List all vendors (GET /api/Product/Vendors).

        Returns:
            The vendors in the order of the server.
        """
        return await self._list(Request(method="GET", template=_PATH), _VENDORS())

    async def save_vendor(self, name: str) -> JsonValue:
        """Add a vendor unless it exists (PUT /api/Product/Vendors).

        Args:
            name: Name of the vendor.

        Returns:
            The server's response; the API file does not declare it.
        """
        return await self.save_vendors([models.Vendor(name=arguments.text("name", name))])

    async def save_vendors(self, vendors: Iterable[Vendor]) -> JsonValue:
        """Add the vendors that do not exist yet (PUT /api/Product/Vendors).

        Args:
            vendors: One vendor or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("vendors", vendors, models.Vendor)
        return await self._undeclared(
            Request(method="PUT", template=_PATH, content=json_array(items))
        )

    async def delete_vendor(self, name: str) -> JsonValue:
        """Delete a vendor (DELETE /api/Product/Vendors).

        Args:
            name: Name of the vendor.

        Returns:
            The server's response; the API file does not declare it.
        """
        return await self.delete_vendors([models.Vendor(name=arguments.text("name", name))])

    async def delete_vendors(self, vendors: Iterable[Vendor]) -> JsonValue:
        """Delete vendors (DELETE /api/Product/Vendors).

        Args:
            vendors: One vendor or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("vendors", vendors, models.Vendor)
        return await self._undeclared(
            Request(method="DELETE", template=_PATH, content=json_array(items))
        )
