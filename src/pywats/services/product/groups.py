"""Product groups, which the internal API calls product selections, and their filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.errors import NotFoundError
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.models import ProductGroup, ProductGroupFilter

__all__ = ["Groups"]

_GROUP = adapter(lambda: models.ProductGroup)
_GROUPS = adapter(lambda: list[models.ProductGroup])
_SELECTION = "/api/internal/ProductSelection"


class Groups(Calls):
    """The methods on product groups."""

    async def get_groups(self) -> list[ProductGroup]:
        """List the product groups of the user, without filters.

        Sends GET /api/internal/ProductSelection/GetProductGroups.

        Returns:
            The groups in the order of the server.
        """
        return await self.get_product_groups()

    async def get_product_groups(
        self,
        group_id: int | None = None,
        include_filters: bool = False,  # noqa: FBT001, FBT002 - its place in the catalogue
        *,
        include_private: bool | None = None,
    ) -> list[ProductGroup]:
        """List the product groups of the user.

        Sends GET /api/internal/ProductSelection/GetProductGroups.

        Args:
            group_id: Keep the group with this id only. The server has no such option: it lists
                all groups, and the others are left out here.
            include_filters: True asks for the filters of each group.
            include_private: Whether to ask for private groups; None leaves it to the server.

        Returns:
            The groups in the order of the server.
        """
        if group_id is not None:
            validation.whole_number("group_id", group_id, 0)
        validation.boolean("include_filters", include_filters)
        if include_private is not None:
            validation.boolean("include_private", include_private)
        request = Request(
            method="GET",
            template=f"{_SELECTION}/GetProductGroups",
            query={"includeFilters": include_filters, "includePrivate": include_private},
        )
        groups = await self._list(request, _GROUPS())
        return [group for group in groups if group_id is None or group.id == group_id]

    async def get_groups_for_product(self, part_number: str) -> list[ProductGroup]:
        """List the groups that hold a product (GET /api/Product/ProductGroupsByProduct).

        Args:
            part_number: Part number.

        Returns:
            The groups in the order of the server.
        """
        return await self.get_product_groups_by_product(part_number)

    async def get_product_groups_by_product(
        self, part_number: str, revision: str | None = None
    ) -> list[ProductGroup]:
        """List the groups that hold a product (GET /api/Product/ProductGroupsByProduct).

        Args:
            part_number: Part number.
            revision: Name of the revision; None asks without one.

        Returns:
            The groups in the order of the server.
        """
        query = {
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.optional_text("revision", revision),
        }
        request = Request(method="GET", template="/api/Product/ProductGroupsByProduct", query=query)
        return await self._list(request, _GROUPS())

    async def create_group(self, name: str, description: str | None = None) -> ProductGroup:
        """Add a product group (POST /api/internal/ProductSelection/PostProductSelection).

        Args:
            name: Name of the group.
            description: Description.

        Returns:
            The group in the response. The API file does not declare the response: if
            it has no group, the group as it was sent.
        """
        group = models.ProductGroup(name=arguments.text("name", name))
        if description is not None:
            group.description = arguments.instance("description", description, str)
        request = Request(
            method="POST",
            template=f"{_SELECTION}/PostProductSelection",
            content=group.to_wire_json(),
        )
        return await self._saved(request, _GROUP(), group)

    async def create_product_group(self, name: str, description: str | None = None) -> ProductGroup:
        """Add a product group; the same as `create_group`.

        Args:
            name: Name of the group.
            description: Description.

        Returns:
            The group, see `create_group`.
        """
        return await self.create_group(name, description)

    async def update_product_group(
        self, group_id: int, name: str | None = None, description: str | None = None
    ) -> ProductGroup:
        """Change the name or the description of a product group.

        Reads the groups (GET /api/internal/ProductSelection/GetProductGroups), then saves the
        one with this id (PUT /api/internal/ProductSelection/PutProductSelection), so that its
        other fields stay.

        Args:
            group_id: Id of the group.
            name: New name; None keeps it.
            description: New description; None keeps it.

        Returns:
            The group in the response. The API file does not declare the response: if
            it has no group, the group as it was sent.

        Raises:
            NotFoundError: The server does not list a group with this id for the user.
        """
        arguments.optional_text("name", name)
        if description is not None:
            arguments.instance("description", description, str)
        found = await self.get_product_groups(
            validation.whole_number("group_id", group_id, 0),
            include_filters=True,
            include_private=True,
        )
        if not found:
            raise NotFoundError(
                f"group_id={group_id}: no such group is among those the server lists for the user"
            )
        group = found[0]
        if name is not None:
            group.name = name
        if description is not None:
            group.description = description
        request = Request(
            method="PUT",
            template=f"{_SELECTION}/PutProductSelection",
            content=group.to_wire_json(),
        )
        return await self._saved(request, _GROUP(), group)

    async def delete_product_group(self, group_id: int) -> JsonValue:
        """Delete a product group with its filters.

        Sends DELETE /api/internal/ProductSelection/DeleteProductSelections.

        Args:
            group_id: Id of the group.

        Returns:
            The server's response; the API file does not declare it.
        """
        validation.whole_number("group_id", group_id, 0)
        request = Request(
            method="DELETE",
            template=f"{_SELECTION}/DeleteProductSelections",
            query={"ids": str(group_id)},
        )
        return await self._undeclared(request)

    async def get_product_group_filters(
        self, group_id: int | None = None, filter_id: int | None = None
    ) -> list[ProductGroupFilter]:
        """List the filters of product groups.

        Sends GET /api/internal/ProductSelection/GetProductGroups with the filters included; the
        server has no option for one group or filter, so the others are left out here.

        Args:
            group_id: Keep the filters of this group only.
            filter_id: Keep the filter with this id only.

        Returns:
            The filters, group by group.
        """
        if filter_id is not None:
            validation.whole_number("filter_id", filter_id, 0)
        groups = await self.get_product_groups(group_id, include_filters=True)
        rules = [rule for group in groups for rule in group.details or []]
        return [rule for rule in rules if filter_id is None or rule.id == filter_id]

    async def add_product_group_filter(
        self,
        product_group: str,
        part_number: str,
        revision: str | None = None,
        exclude: bool | None = None,  # noqa: FBT001 - a query parameter of the API
    ) -> JsonValue:
        """Add a filter to an existing product group (POST /api/Product/ProductGroupFilter).

        Args:
            product_group: Name of the group.
            part_number: Part number to add.
            revision: Revision to add; None sends none.
            exclude: True makes it a filter that excludes; None leaves it to the server.

        Returns:
            The server's response; the API file does not declare it.
        """
        query = {
            "productGroup": arguments.text("product_group", product_group),
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.optional_text("revision", revision),
            "exclude": None if exclude is None else validation.boolean("exclude", exclude),
        }
        request = Request(method="POST", template="/api/Product/ProductGroupFilter", query=query)
        return await self._undeclared(request)
