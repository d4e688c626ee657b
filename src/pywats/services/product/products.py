"""Products: read, query, add, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import models, validation
from pywats.http.port import Request
from pywats.models import Product, ProductState, ProductView
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls, json_array
from pywats.services.odata import query_options
from pywats.services.paging import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.models import InternalProduct
    from pywats.progress import Progress

__all__ = ["PRODUCT", "Products"]

PRODUCT = TypeAdapter(Product)
_VIEWS = TypeAdapter(list[ProductView])
_INTERNAL_PRODUCTS = adapter(lambda: list[models.InternalProduct])


class Products(Calls):
    """The methods on whole products."""

    async def get_product(self, part_number: str) -> Product:
        """Get a product with its revisions (GET /api/Product/{partNumber}).

        Args:
            part_number: Part number. ``Query``, ``Vendors`` and ``ProductGroupsByProduct`` are
                routes of the server and cannot be read this way.

        Returns:
            The product.

        Raises:
            NotFoundError: The server does not know the product.
        """
        arguments.text("part_number", part_number)
        request = Request(
            method="GET", template="/api/Product/{partNumber}", path={"partNumber": part_number}
        )
        return await self._one(request, PRODUCT)

    async def query_products(
        self,
        filter: str | None = None,
        top: int | None = None,
        skip: int | None = None,
        orderby: str | None = None,
    ) -> list[ProductView]:
        """List products with OData options (GET /api/Product/Query).

        Without a filter the server returns 1000 products at most.

        Args:
            filter: Sent as ``$filter``, for example ``partNumber eq 'XYZ123'``. Double the quotes
                inside a text, or use `pywats.services.odata.string_literal`.
            top: Sent as ``$top``: the largest number of products, 1 or more.
            skip: Sent as ``$skip``: the number of rows to skip, 0 or more.
            orderby: Sent as ``$orderby``, for example ``partNumber desc``.

        Returns:
            The products in the order of the server.

        Raises:
            BadRequestError: The server does not accept an option.
        """
        query = query_options(filter=filter, top=top, skip=skip, orderby=orderby)
        request = Request(method="GET", template="/api/Product/Query", query=query)
        return await self._list(request, _VIEWS)

    def iter_products(
        self, filter: str | None = None, *, page_size: int = 500, progress: Progress = False
    ) -> AsyncIterator[ProductView]:
        """Iterate over all products that match, page by page (GET /api/Product/Query).

        Args:
            filter: Sent as ``$filter``; see `query_products`.
            page_size: Number of products per request, 1 to 10,000.
            progress: True shows the number of products; a function is called after each page with
                this number and the total, or None if the server does not send the total.

        Returns:
            An iterator over the products, by part number.
            Each page is requested when its first row is needed.
        """
        arguments.optional_text("filter", filter)

        async def fetch(top: int, skip: int) -> list[ProductView]:
            return await self.query_products(filter, top, skip, "partNumber")

        return Pages(fetch, page_size, progress=progress, what="products")

    async def get_products(self) -> list[ProductView]:
        """List products; the server returns 1000 at most (GET /api/Product/Query).

        Returns:
            The products in the order of the server.
        """
        return await self.query_products()

    async def get_active_products(self) -> list[ProductView]:
        """List the products whose state is active (GET /api/Product/Query).

        Returns:
            The products that match ``$filter=state eq 1``.
        """
        return await self.query_products(filter=f"state eq {ProductState.ACTIVE:d}")

    async def get_products_full(self) -> list[InternalProduct]:
        """List products with all their details (GET /api/internal/Product/Query).

        Returns:
            The products in the form of the internal API.
        """
        request = Request(method="GET", template="/api/internal/Product/Query")
        return await self._list(request, _INTERNAL_PRODUCTS())

    async def create_product(
        self,
        part_number: str,
        name: str | None = None,
        description: str | None = None,
        non_serial: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        state: ProductState | int = ProductState.ACTIVE,
        *,
        xml_data: str | None = None,
        product_category_id: UUID | str | None = None,
    ) -> Product:
        """Add a product (PUT /api/Product without a product id).

        Args:
            part_number: Part number.
            name: Name of the product.
            description: Description.
            non_serial: True if the product cannot have units.
            state: Active or inactive.
            xml_data: XML document with tags, see `pywats.models.xml_data`.
            product_category_id: Id of the category.

        Returns:
            The product as the server saved it.
        """
        validation.boolean("non_serial", non_serial)
        category = product_category_id
        fields = {
            "part_number": arguments.text("part_number", part_number),
            "name": arguments.optional_text("name", name),
            "description": arguments.optional_text("description", description),
            "non_serial": non_serial,
            "state": validation.whole_number("state", state, 0),
            "xml_data": arguments.optional_text("xml_data", xml_data),
            "product_category_id": category
            and arguments.uuid_text("product_category_id", category),
        }
        given = {field: value for field, value in fields.items() if value is not None}
        return await self.update_product(Product.model_validate(given))

    async def update_product(self, product: Product) -> Product:
        """Save a product (PUT /api/Product).

        The server updates the product that ``product_id`` names; if that is empty, it adds a
        product. All fields that were received or set are sent; the server ignores ``tags``.

        Args:
            product: A product that was read and changed.

        Returns:
            The product as the server saved it.
        """
        arguments.instance("product", product, Product)
        arguments.text("product.part_number", product.part_number)
        request = Request(method="PUT", template="/api/Product", content=product.to_wire_json())
        return await self._one(request, PRODUCT)

    async def bulk_save_products(self, products: Iterable[Product]) -> JsonValue:
        """Add or update products in one request (PUT /api/Products).

        The API file says it is for ERP integration.

        Args:
            products: One product or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("products", products, Product)
        request = Request(method="PUT", template="/api/Products", content=json_array(items))
        return await self._undeclared(request)

    async def delete_product(self, part_number: str) -> JsonValue:
        """Delete a product (DELETE /api/internal/Product/DeleteProduct).

        Args:
            part_number: Part number.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the product.
        """
        arguments.text("part_number", part_number)
        request = Request(
            method="DELETE",
            template="/api/internal/Product/DeleteProduct",
            query={"partNumber": part_number},
        )
        return await self._undeclared(request)
