"""Categories of products: list and save."""

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

    from pywats.models import ProductCategory

__all__ = ["Categories"]

_CATEGORIES = adapter(lambda: list[models.ProductCategory])


class Categories(Calls):
    """The methods on product categories."""

    async def get_product_categories(self) -> list[ProductCategory]:
        """List the product categories (GET /api/internal/Product/GetProductCategories).

        Returns:
            The categories in the order of the server.
        """
        request = Request(method="GET", template="/api/internal/Product/GetProductCategories")
        return await self._list(request, _CATEGORIES())

    async def save_product_categories(self, categories: Iterable[ProductCategory]) -> JsonValue:
        """Save product categories (PUT /api/internal/Product/PutProductCategories).

        The API file does not say whether the server deletes categories that are not in the request:
        read all categories, change them, and save all.

        Args:
            categories: One category or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("categories", categories, models.ProductCategory)
        request = Request(
            method="PUT",
            template="/api/internal/Product/PutProductCategories",
            content=json_array(items),
        )
        return await self._undeclared(request)
