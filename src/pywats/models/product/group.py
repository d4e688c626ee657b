"""Models of product groups, which the internal API calls product selections."""

from pydantic import AliasChoices, Field

from pywats.models.base import RenamedModel, WATSModel, WireUUID

__all__ = ["ProductGroup", "ProductGroupFilter"]


class ProductGroupFilter(WATSModel):
    """A rule that takes products into a group or out of it (``Tdm.ProductSelectionDetails``).

    Attributes:
        part_number: Part number.
        id: Id of the rule.
        product_selection_id: Id of the group.
        revision: Revision.
        prod_sel: Undocumented number of the server.
        exclude: True if the rule takes products out.
        order_no: Position among the rules of the group.
    """

    part_number: str | None = None
    id: int | None = None
    product_selection_id: int | None = None
    revision: str | None = None
    prod_sel: int | None = None
    exclude: bool | None = None
    order_no: int | None = None


class ProductGroup(RenamedModel):
    """A group of products (``Tdm.ProductSelection``).

    Attributes:
        id: Id of the group; ``productGroupId`` is read as well.
        name: Name of the group; ``productGroupName`` is read as well.
        owner: User who owns it.
        description: Description.
        type: Undocumented number of the server.
        sync_id: Id that the server uses to synchronise it.
        details: The rules of the group, if they were requested.
    """

    id: int | None = Field(
        default=None,
        validation_alias=AliasChoices("id", "productGroupId"),
        serialization_alias="id",
    )
    name: str | None = Field(
        default=None,
        validation_alias=AliasChoices("name", "productGroupName"),
        serialization_alias="name",
    )
    owner: str | None = None
    description: str | None = None
    type: int | None = None
    sync_id: WireUUID | None = None
    details: list[ProductGroupFilter] | None = None
