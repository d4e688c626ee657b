"""Revisions of products: read, add, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import validation
from pywats.errors import WATSDecodeError
from pywats.http.port import Request
from pywats.models import ProductRevision, ProductState
from pywats.services import arguments
from pywats.services.calls import json_array
from pywats.services.product.products import Products

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

__all__ = ["Revisions", "identified_revision"]

_REVISION = TypeAdapter(ProductRevision)


class Revisions(Products):
    """The methods on revisions."""

    async def get_revision(self, part_number: str, revision: str) -> ProductRevision:
        """Get a revision of a product (GET /api/Product/{partNumber}/{revision}).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The revision.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        arguments.text("part_number", part_number)
        arguments.text("revision", revision)
        request = Request(
            method="GET",
            template="/api/Product/{partNumber}/{revision}",
            path={"partNumber": part_number, "revision": revision},
        )
        return await self._one(request, _REVISION)

    async def get_revisions(self, part_number: str) -> list[ProductRevision]:
        """List the revisions of a product (GET /api/Product/{partNumber}).

        Args:
            part_number: Part number.

        Returns:
            The revisions in the order of the server.

        Raises:
            NotFoundError: The server does not know the product.
        """
        return (await self.get_product(part_number)).revisions or []

    async def create_revision(
        self,
        part_number: str,
        revision: str,
        name: str | None = None,
        description: str | None = None,
        state: ProductState | int = ProductState.ACTIVE,
    ) -> ProductRevision:
        """Add a revision to a product (GET /api/Product/{partNumber}, PUT /api/Product/Revision).

        The first request finds the id of the product.

        Args:
            part_number: Part number of an existing product.
            revision: Name of the new revision.
            name: Human readable name.
            description: Description.
            state: Active or inactive.

        Returns:
            The revision as the server saved it.

        Raises:
            NotFoundError: The server does not know the product.
        """
        fields = {
            "revision": arguments.text("revision", revision),
            "name": arguments.optional_text("name", name),
            "description": arguments.optional_text("description", description),
            "state": validation.whole_number("state", state, 0),
            "part_number": arguments.text("part_number", part_number),
        }
        given = {field: value for field, value in fields.items() if value is not None}
        new = ProductRevision.model_validate(given)
        new.product_id = (await self.get_product(part_number)).product_id
        return await self.update_revision(new)

    async def update_revision(self, revision: ProductRevision) -> ProductRevision:
        """Save a revision (PUT /api/Product/Revision).

        The server updates the revision that ``product_revision_id`` names; if that is empty, it
        adds a revision. All fields that were received or set are sent; the server ignores
        ``tags``.

        Args:
            revision: A revision that was read and changed.

        Returns:
            The revision as the server saved it.
        """
        arguments.instance("revision", revision, ProductRevision)
        arguments.text("revision.revision", revision.revision)
        request = Request(
            method="PUT", template="/api/Product/Revision", content=revision.to_wire_json()
        )
        return await self._one(request, _REVISION)

    async def bulk_save_revisions(self, revisions: Iterable[ProductRevision]) -> JsonValue:
        """Add or update revisions in one request (PUT /api/Products/Revisions).

        The API file says it is for ERP integration.

        Args:
            revisions: One revision or more.

        Returns:
            The server's response; the API file does not declare it.
        """
        items = arguments.instances("revisions", revisions, ProductRevision)
        request = Request(
            method="PUT", template="/api/Products/Revisions", content=json_array(items)
        )
        return await self._undeclared(request)

    async def delete_revision(self, part_number: str, revision: str) -> JsonValue:
        """Delete a revision (DELETE /api/internal/Product/DeleteProductRevision).

        A first request, GET /api/Product/{partNumber}/{revision}, finds the id of the revision.

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        found = await identified_revision(self, part_number, revision)
        request = Request(
            method="DELETE",
            template="/api/internal/Product/DeleteProductRevision",
            query={"productRevisionId": str(found.product_revision_id)},
        )
        return await self._undeclared(request)


async def identified_revision(
    service: Revisions, part_number: str, revision: str
) -> ProductRevision:
    """Get a revision whose id is needed by the next request.

    Args:
        service: Sends the request.
        part_number: Part number.
        revision: Name of the revision.

    Raises:
        NotFoundError: The server does not know the revision.
        WATSDecodeError: The response has no id of the revision.
    """
    found = await service.get_revision(part_number, revision)
    if found.product_revision_id is None:
        raise WATSDecodeError(
            f"the server sent revision {revision!r} of {part_number!r} without a "
            "productRevisionId, which this operation needs",
            status=200,
        )
    return found
