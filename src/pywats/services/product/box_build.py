"""Box builds: which revisions a revision is assembled from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats import models, validation
from pywats.services import arguments
from pywats.services.product.box_build_template import BoxBuildTemplate
from pywats.services.product.revisions import identified_revision
from pywats.services.product.subunit_relations import SubunitRelations, post_relation

if TYPE_CHECKING:
    from pywats.models import ProductRevisionRelation

__all__ = ["BoxBuilds"]


class BoxBuilds(SubunitRelations):
    """The methods on box builds."""

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
            NotFoundError: The server does not know the revision.
        """
        parent = await identified_revision(self, part_number, revision)
        template = BoxBuildTemplate(self, self._port, part_number, parent)
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
            quantity: Its quantity, 1 or more.
            revision_mask: Which other revisions fit; the server interprets it.

        Returns:
            The relation in the response. The API file does not declare the response:
            if it has no such relation, the relation as it was sent.

        Raises:
            NotFoundError: The server does not know the revision.
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
        parent = await identified_revision(self, parent_part_number, parent_revision)
        child = await identified_revision(self, child_part_number, child_revision)
        relation = models.ProductRevisionRelation(
            parent_product_revision_id=parent.product_revision_id,
            child_product_revision_id=child.product_revision_id,
            quantity=quantity,
            child_part_number=child_part_number,
            child_revision=child_revision,
        )
        if revision_mask is not None:
            relation.revision_mask = revision_mask
        return await post_relation(self._port, relation)
