"""Models of box builds: which revisions a revision is assembled from."""

from pydantic import AliasChoices, Field
from pydantic.alias_generators import to_camel

from pywats.models.base import RenamedModel, WireUUID
from pywats.models.product.internal import InternalProductRevision

__all__ = ["ProductInfo", "ProductRevisionRelation"]


def _either_case(name: str) -> AliasChoices:
    return AliasChoices(name, to_camel(name))


class ProductRevisionRelation(RenamedModel):
    """A subunit of a box build (``Mes.Product.ProductRevisionRelation``).

    Attributes:
        parent_product_revision_id: Id of the revision that is assembled.
        child_product_revision_id: Id of the revision built in, ``ProductRevisionId`` on the wire.
        relation_id: Id of the relation, ``ProductRevisionRelationId`` on the wire; empty adds one.
        quantity: Quantity of the subunit.
        revision_mask: Which other revisions fit. The API file says only that it is text; the
            server interprets it.
        parent_product_revision: The revision that is assembled, if the server sent it.
        child_product_revision: The revision built in, if the server sent it.
        child_part_number: Part number of the subunit; known here only, never sent.
        child_revision: Revision of the subunit; known here only, never sent.
    """

    parent_product_revision_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ParentProductRevisionId"),
        serialization_alias="ParentProductRevisionId",
    )
    child_product_revision_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ProductRevisionId"),
        serialization_alias="ProductRevisionId",
    )
    relation_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ProductRevisionRelationId"),
        serialization_alias="ProductRevisionRelationId",
    )
    quantity: int | None = Field(
        default=None,
        validation_alias=_either_case("Quantity"),
        serialization_alias="Quantity",
    )
    revision_mask: str | None = Field(
        default=None,
        validation_alias=_either_case("RevisionMask"),
        serialization_alias="RevisionMask",
    )
    parent_product_revision: InternalProductRevision | None = Field(
        default=None,
        validation_alias=_either_case("ParentProductRevision"),
        serialization_alias="ParentProductRevision",
    )
    child_product_revision: InternalProductRevision | None = Field(
        default=None,
        validation_alias=_either_case("ChildProductRevision"),
        serialization_alias="ChildProductRevision",
    )
    # The aliases are the Python names, so that ChildPartNumber from a server stays an unknown field
    # and is sent back.
    child_part_number: str | None = Field(default=None, alias="child_part_number", exclude=True)
    child_revision: str | None = Field(default=None, alias="child_revision", exclude=True)


class ProductInfo(RenamedModel):
    """A row of the hierarchy below a revision (GET /api/internal/Product/GetProductInfo).

    The API file does not declare the row; fields not listed here stay in ``model_extra``.

    Attributes:
        hlevel: Depth: 0 is the revision asked for, 1 its subunits.
        relation_id: Id of the relation that puts the row below its parent.
        parent_product_revision_id: Id of the parent revision.
        product_revision_id: Id of the row's revision.
        part_number: Part number of the row.
        revision: Revision of the row.
        quantity: Quantity of it in the parent.
        revision_mask: Which other revisions fit.
    """

    hlevel: int | None = Field(
        default=None,
        validation_alias=AliasChoices("hlevel", "HLevel", "hLevel", "Hlevel"),
        serialization_alias="hlevel",
    )
    relation_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ProductRevisionRelationId"),
        serialization_alias="ProductRevisionRelationId",
    )
    parent_product_revision_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ParentProductRevisionId"),
        serialization_alias="ParentProductRevisionId",
    )
    product_revision_id: WireUUID | None = Field(
        default=None,
        validation_alias=_either_case("ProductRevisionId"),
        serialization_alias="ProductRevisionId",
    )
    part_number: str | None = Field(
        default=None,
        validation_alias=_either_case("PartNumber"),
        serialization_alias="PartNumber",
    )
    revision: str | None = Field(
        default=None,
        validation_alias=_either_case("Revision"),
        serialization_alias="Revision",
    )
    quantity: int | None = Field(
        default=None,
        validation_alias=_either_case("Quantity"),
        serialization_alias="Quantity",
    )
    revision_mask: str | None = Field(
        default=None,
        validation_alias=_either_case("RevisionMask"),
        serialization_alias="RevisionMask",
    )

    @property
    def is_subunit(self) -> bool:
        """True if the row is part of a box build."""
        return (self.hlevel or 0) > 0 and self.relation_id is not None
