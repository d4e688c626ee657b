"""Subunit relations of a revision: read the hierarchy, add, change and remove relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.decoding import decode, decode_undeclared
from pywats.services.product.revisions import Revisions

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import JsonValue

    from pywats.http.port import HttpPort
    from pywats.models import ProductInfo, ProductRevisionRelation

__all__ = ["SubunitRelations", "post_relation"]

_ROWS = adapter(lambda: list[models.ProductInfo])
_RELATION = adapter(lambda: models.ProductRevisionRelation)
_RELATIONS = adapter(lambda: list[models.ProductRevisionRelation])


class SubunitRelations(Revisions):
    """The methods that read and write single relations."""

    async def get_product_hierarchy(self, part_number: str, revision: str) -> list[ProductInfo]:
        """List a revision and all below it (GET /api/internal/Product/GetProductInfo).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The rows in the order of the server.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        query = {
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.text("revision", revision),
        }
        request = Request(
            method="GET", template="/api/internal/Product/GetProductInfo", query=query
        )
        return await self._list(request, _ROWS())

    async def get_box_build_subunits(
        self, part_number: str, revision: str
    ) -> list[ProductRevisionRelation]:
        """List the subunits below a revision (GET /api/internal/Product/GetProductInfo).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The rows of the hierarchy that are relations, at all levels.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        rows = await self.get_product_hierarchy(part_number, revision)
        return [_relation(row) for row in rows if row.is_subunit]

    async def update_subunit(self, relation: ProductRevisionRelation) -> ProductRevisionRelation:
        """Save a changed relation (PUT /api/internal/Product/PutProductRevisionRelation).

        Args:
            relation: A relation that was read and changed; ``relation_id`` names it.

        Returns:
            The relation in the response. The API file does not declare the response:
            if it has no relation, the relation as it was sent.
        """
        arguments.instance("relation", relation, models.ProductRevisionRelation)
        arguments.uuid_text("relation.relation_id", relation.relation_id)
        request = Request(
            method="PUT",
            template="/api/internal/Product/PutProductRevisionRelation",
            content=relation.to_wire_json(),
        )
        return _named_as(relation, await self._saved(request, _RELATION(), relation))

    async def remove_subunit(self, relation_id: UUID | str) -> JsonValue:
        """Remove a subunit (DELETE /api/internal/Product/DeleteProductRevisionRelation).

        Args:
            relation_id: Id of the relation.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            NotFoundError: The server does not know the relation.
        """
        request = Request(
            method="DELETE",
            template="/api/internal/Product/DeleteProductRevisionRelation",
            query={"productRevisionRelationId": arguments.uuid_text("relation_id", relation_id)},
        )
        return await self._undeclared(request)


async def post_relation(
    port: HttpPort, relation: ProductRevisionRelation
) -> ProductRevisionRelation:
    """Add a relation (POST /api/internal/Product/PostProductRevisionRelation).

    Args:
        port: Sends the request.
        relation: The relation, without an id.

    Returns:
        The relation in the response; the relation as it was sent if the response has no relation.

    Raises:
        WATSDecodeError: The body of the response is not JSON, or is an object of another shape.
    """
    request = Request(
        method="POST",
        template="/api/internal/Product/PostProductRevisionRelation",
        content=relation.to_wire_json(),
    )
    response = await port.send(request)
    received = decode_undeclared(response, request)
    if isinstance(received, dict):
        return _named_as(relation, decode(_RELATION(), response, request))
    # Some servers send all relations of the parent.
    rows = decode(_RELATIONS(), response, request) if isinstance(received, list) else []
    return next((_named_as(relation, row) for row in rows if _same(row, relation)), relation)


def _relation(row: ProductInfo) -> ProductRevisionRelation:
    wire: dict[str, object] = {
        "ProductRevisionRelationId": row.relation_id,
        "ParentProductRevisionId": row.parent_product_revision_id,
        "ProductRevisionId": row.product_revision_id,
        "Quantity": row.quantity,
        "RevisionMask": row.revision_mask,
        "child_part_number": row.part_number,
        "child_revision": row.revision,
    }
    return models.ProductRevisionRelation.model_validate(
        {name: value for name, value in wire.items() if value is not None}
    )


def _named_as(
    known: ProductRevisionRelation, received: ProductRevisionRelation
) -> ProductRevisionRelation:
    """Add the names of the child, which the wire form lacks."""
    received.child_part_number = known.child_part_number
    received.child_revision = known.child_revision
    return received


def _same(one: ProductRevisionRelation, other: ProductRevisionRelation) -> bool:
    return (
        one.parent_product_revision_id == other.parent_product_revision_id
        and one.child_product_revision_id == other.child_product_revision_id
    )
