"""Models of products, their revisions and tags."""

from pydantic import AliasChoices, Field

from pywats.models.base import RenamedModel, WATSModel, WireUUID
from pywats.models.product.enums import AnyProductState, AnyTagChange

__all__ = [
    "Product",
    "ProductRevision",
    "ProductView",
    "Tag",
]


class Tag(WATSModel):
    """A name and a value that a user attached to a product or a revision.

    Attributes:
        key: Name of the tag.
        value: Value of the tag.
        change: Kind of its last change.
    """

    key: str
    value: str | None = None
    change: AnyTagChange | None = None


class ProductRevision(RenamedModel):
    """A revision of a product (``Mes.Product.Public.ProductRevision``).

    Attributes:
        revision: Name of the revision, such as its number or version.
        product_revision_id: Id of the revision; empty adds a revision.
        product_id: Id of the product it belongs to.
        name: Human readable name.
        description: Description.
        state: Active or inactive.
        xml_data: XML document with the tags; change tags through the tag methods of the service.
        part_number: Part number of the product.
        tags: The tags of ``xml_data`` as the server reads them. The server ignores what is sent
            here, so it cannot be assigned.
    """

    revision: str
    product_revision_id: WireUUID | None = None
    product_id: WireUUID | None = None
    name: str | None = None
    description: str | None = None
    state: AnyProductState | None = None
    xml_data: str | None = None
    # Only this name is PascalCase in this definition.
    part_number: str | None = Field(
        default=None,
        validation_alias=AliasChoices("PartNumber", "partNumber"),
        serialization_alias="PartNumber",
    )
    tags: list[Tag] | None = Field(default=None, frozen=True)


class Product(WATSModel):
    """A product (``Mes.Product.Public.Product``).

    Attributes:
        part_number: Part number.
        product_id: Id of the product; empty adds a product.
        name: Name of the product or part.
        description: Description.
        non_serial: True if the product cannot have units.
        state: Active or inactive.
        xml_data: XML document with the tags; change tags through the tag methods of the service.
        product_category_id: Id of the category it belongs to.
        product_category_name: Name of that category.
        revisions: Its revisions.
        tags: The tags of ``xml_data`` as the server reads them. The server ignores what is sent
            here, so it cannot be assigned.
    """

    part_number: str
    product_id: WireUUID | None = None
    name: str | None = None
    description: str | None = None
    non_serial: bool | None = None
    state: AnyProductState | None = None
    xml_data: str | None = None
    product_category_id: WireUUID | None = None
    product_category_name: str | None = None
    revisions: list[ProductRevision] | None = None
    tags: list[Tag] | None = Field(default=None, frozen=True)


class ProductView(WATSModel):
    """A row of the product list (``Mes.Product.ProductView``).

    Attributes:
        part_number: Part number.
        name: Name of the product.
        category: Name of its category.
        non_serial: True if the product cannot have units.
        state: Active or inactive.
    """

    part_number: str
    name: str | None = None
    category: str | None = None
    non_serial: bool | None = None
    state: AnyProductState | None = None
