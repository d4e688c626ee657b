"""The model of a category of products."""

from pydantic import AliasChoices, Field

from pywats.models.base import RenamedModel, WireUUID

__all__ = ["ProductCategory"]


class ProductCategory(RenamedModel):
    """A category of products (``Mes.Product.ProductCategory``).

    Attributes:
        category_id: Id of the category.
        name: Name of the category.
        description: Description.
    """

    category_id: WireUUID | None = Field(
        default=None,
        validation_alias=AliasChoices("ProductCategoryId", "CategoryId", "categoryId"),
        serialization_alias="ProductCategoryId",
    )
    name: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Name", "name"),
        serialization_alias="Name",
    )
    description: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Description", "description"),
        serialization_alias="Description",
    )
