"""Box builds: which revisions a revision is assembled from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import validation
from pywats.http.port import Request
from pywats.models import ProductInfo, ProductRevisionRelation
from pywats.services import arguments
from pywats.services.decoding import decode, decode_undeclared
from pywats.services.product.box_build_template import BoxBuildTemplate
from pywats.services.product.revisions import Revisions

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import JsonValue

__all__ = ["BoxBuilds"]

_ROWS = TypeAdapter(list[ProductInfo])
_RELATION = TypeAdapter(ProductRevisionRelation)
_RELATIONS = TypeAdapter(list[ProductRevisionRelation])


class BoxBuilds(Revisions):
    """The methods on box builds."""

    async def get_product_hierarchy(self, part_number: str, revision: str) -> list[ProductInfo]:
        """List a revision and all below it (GET /api/internal/Product/GetProductInfo).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The rows in the order of the server.

        Raises:
            NotFoundError: The server knows no such revision.
        """
        query = {
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.text("revision", revision),
        }
        request = Request(
            method="GET", template="/api/internal/Product/GetProductInfo", query=query
        )
        return await self._list(request, _ROWS)

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
            NotFoundError: The server knows no such revision.
        """
        rows = await self.get_product_hierarchy(part_number, revision)
        return [_relation(row) for row in rows if row.is_subunit]

    async def get_box_build_template(self, part_number: str, revision: str) -> BoxBuildTemplate:
        """Get the box build of a revision for editing.

        Sends GET /api/Product/{partNumber}/{revision}, then GET
        /api/internal/Product/GetProductInfo.

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The direct subunits of the revision; changes are sent by its ``save``.

        Raises:
            NotFoundError: The server knows no such revision.
        """
        parent = await self._identified_revision(part_number, revision)
        template = BoxBuildTemplate(self, part_number, parent)
        return await template.reload()

    async def add_subunit(  # noqa: PLR0917 - its place in the catalogue
        self,
        parent_part_number: str,
        parent_revision: str,
        child_part_number: str,
        child_revision: str,
        quantity: int = 1,
        revision_mask: str | None = None,
    ) -> ProductRevisionRelation:
        """Add a subunit to a box build (POST /api/internal/Product/PostProductRevisionRelation).

        Two requests before it, GET /api/Product/{partNumber}/{revision}, find the ids.

        Args:
            parent_part_number: Part number of the product that is assembled.
            parent_revision: Its revision.
            child_part_number: Part number of the product that is built in.
            child_revision: Its revision.
            quantity: How many of it, 1 or more.
            revision_mask: Which other revisions fit; the server interprets it.

        Returns:
            The relation that the server answered with. The API file does not declare the answer:
            if no such relation came, the relation as it was sent.

        Raises:
            NotFoundError: The server knows no such revision.
        """
        for name, value in (
            ("parent_part_number", parent_part_number),
            ("parent_revision", parent_revision),
            ("child_part_number", child_part_number),
            ("child_revision", child_revision),
        ):
            arguments.text(name, value)
        validation.whole_number("quantity", quantity, 1)
        arguments.optional_text("revision_mask", revision_mask)
        parent = await self._identified_revision(parent_part_number, parent_revision)
        child = await self._identified_revision(child_part_number, child_revision)
        relation = ProductRevisionRelation(
            parent_product_revision_id=parent.product_revision_id,
            child_product_revision_id=child.product_revision_id,
            quantity=quantity,
            child_part_number=child_part_number,
            child_revision=child_revision,
        )
        if revision_mask is not None:
            relation.revision_mask = revision_mask
        return await self._post_relation(relation)

    async def update_subunit(self, relation: ProductRevisionRelation) -> ProductRevisionRelation:
        """Save a changed relation (PUT /api/internal/Product/PutProductRevisionRelation).

        Args:
            relation: A relation that was read and changed; ``relation_id`` names it.

        Returns:
            The relation that the server answered with. The API file does not declare the answer:
            if no relation came, the relation as it was sent.
        """
        arguments.instance("relation", relation, ProductRevisionRelation)
        arguments.uuid_text("relation.relation_id", relation.relation_id)
        request = Request(
            method="PUT",
            template="/api/internal/Product/PutProductRevisionRelation",
            content=relation.to_wire_json(),
        )
        return _named_as(relation, await self._saved(request, _RELATION, relation))

    async def remove_subunit(self, relation_id: UUID | str) -> JsonValue:
        """Remove a subunit (DELETE /api/internal/Product/DeleteProductRevisionRelation).

        Args:
            relation_id: Id of the relation.

        Returns:
            The server's answer; the API file does not declare it.

        Raises:
            NotFoundError: The server knows no such relation.
        """
        request = Request(
            method="DELETE",
            template="/api/internal/Product/DeleteProductRevisionRelation",
            query={"productRevisionRelationId": arguments.uuid_text("relation_id", relation_id)},
        )
        return await self._undeclared(request)

    async def _post_relation(self, relation: ProductRevisionRelation) -> ProductRevisionRelation:
        request = Request(
            method="POST",
            template="/api/internal/Product/PostProductRevisionRelation",
            content=relation.to_wire_json(),
        )
        response = await self._port.send(request)
        answer = decode_undeclared(response, request)
        if isinstance(answer, dict):
            return _named_as(relation, decode(_RELATION, response, request))
        # Some servers answer with all relations of the parent.
        rows = decode(_RELATIONS, response, request) if isinstance(answer, list) else []
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
    return ProductRevisionRelation.model_validate(
        {name: value for name, value in wire.items() if value is not None}
    )


def _named_as(
    known: ProductRevisionRelation, answered: ProductRevisionRelation
) -> ProductRevisionRelation:
    """Add the names of the child, which the wire form lacks."""
    answered.child_part_number = known.child_part_number
    answered.child_revision = known.child_revision
    return answered


def _same(one: ProductRevisionRelation, other: ProductRevisionRelation) -> bool:
    return (
        one.parent_product_revision_id == other.parent_product_revision_id
        and one.child_product_revision_id == other.child_product_revision_id
    )
