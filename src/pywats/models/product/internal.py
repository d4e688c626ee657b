"""Models of products and revisions as the internal API has them."""

from pydantic import Field

from pywats.models.base import InternalModel, WireUUID
from pywats.models.product.category import ProductCategory
from pywats.models.product.enums import AnyProductState
from pywats.models.product.product import Tag

__all__ = ["InternalProduct", "InternalProductRevision"]


class InternalProductRevision(InternalModel):
    """A revision as the internal API has it (``Mes.Product.ProductRevision``).

    Its remaining properties (``Units``, ``BOM`` and its relations) stay in ``model_extra``.

    Attributes:
        revision: Name of the revision.
        product_revision_id: Id of the revision.
        product_id: Id of the product it belongs to.
        name: Human readable name.
        description: Description.
        state: Active or inactive.
        product: The product it belongs to.
        tags: Its tags, ``Settings`` on the wire.
    """

    revision: str | None = None
    product_revision_id: WireUUID | None = None
    product_id: WireUUID | None = None
    name: str | None = None
    description: str | None = None
    state: AnyProductState | None = None
    product: "InternalProduct | None" = None
    tags: list[Tag] | None = Field(
        default=None, validation_alias="Settings", serialization_alias="Settings"
    )


class InternalProduct(InternalModel):
    """A product as the internal API has it (``Mes.Product.Product``).

    Attributes:
        part_number: Part number.
        product_id: Id of the product.
        name: Name of the product.
        description: Description.
        non_serial: True if the product cannot have units.
        state: Active or inactive.
        product_category_id: Id of the category it belongs to.
        category: Name of that category.
        product_category: That category.
        revisions: Its revisions, ``ProductRevisions`` on the wire.
        tags: Its tags, ``Settings`` on the wire.
    """

    part_number: str
    product_id: WireUUID | None = None
    name: str | None = None
    description: str | None = None
    non_serial: bool | None = None
    state: AnyProductState | None = None
    product_category_id: WireUUID | None = None
    category: str | None = None
    product_category: ProductCategory | None = None
    revisions: list[InternalProductRevision] | None = Field(
        default=None, validation_alias="ProductRevisions", serialization_alias="ProductRevisions"
    )
    tags: list[Tag] | None = Field(
        default=None, validation_alias="Settings", serialization_alias="Settings"
    )
