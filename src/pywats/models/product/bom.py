"""Models of bills of materials (BOM)."""

from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, PlainSerializer

from pywats.models.base import RenamedModel, WATSModel
from pywats.models.product.wsbf import read_wsbf, write_wsbf

__all__ = ["Bom", "BomComponent"]


def _split(value: object) -> object:
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(";")) if part]
    return value


def _join(value: list[str] | None) -> str | None:
    return None if value is None else ";".join(value)


References = Annotated[
    list[str] | None,
    BeforeValidator(_split),
    PlainSerializer(_join, return_type=str | None),
]


class BomComponent(RenamedModel):
    """A component of a bill of materials (``WSBF.BOMComponent``).

    Attributes:
        number: Part number of the component.
        revision: Revision of the component, ``Rev`` on the wire.
        quantity: Quantity, ``Qty`` on the wire.
        quantity_specified: True if the server was given a quantity; never part of WSBF.
        description: Description, ``Desc`` on the wire.
        references: Reference designators such as ``["A30", "A31"]``; ``Ref`` on the wire, joined
            with ``;``.
        function_block: Function block.
    """

    number: str = Field(
        validation_alias=AliasChoices("Number", "PartNumber", "partNumber"),
        serialization_alias="Number",
    )
    revision: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Rev", "rev"),
        serialization_alias="Rev",
    )
    quantity: int | None = Field(
        default=None,
        validation_alias=AliasChoices("Qty", "Quantity", "quantity"),
        serialization_alias="Qty",
    )
    quantity_specified: bool | None = Field(
        default=None, validation_alias="QtySpecified", serialization_alias="QtySpecified"
    )
    description: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Desc", "Description", "description"),
        serialization_alias="Desc",
    )
    references: References = Field(
        default=None,
        validation_alias=AliasChoices("Ref", "ComponentRef", "componentRef", "compRef"),
        serialization_alias="Ref",
    )
    function_block: str | None = Field(
        default=None, validation_alias="FunctionBlock", serialization_alias="FunctionBlock"
    )


class Bom(WATSModel):
    """A bill of materials in the WATS Standard BOM Format (WSBF).

    Attributes:
        part_number: Part number of the product, ``Partnumber`` in WSBF.
        revision: Revision of the product.
        description: Description of the product, ``Desc`` in WSBF.
        components: The components.
    """

    part_number: str = Field(validation_alias="Partnumber", serialization_alias="Partnumber")
    revision: str = Field(validation_alias="Revision", serialization_alias="Revision")
    description: str | None = Field(
        default=None, validation_alias="Desc", serialization_alias="Desc"
    )
    components: list[BomComponent] = Field(
        default_factory=list, validation_alias="Component", serialization_alias="Component"
    )

    def to_wsbf(self) -> bytes:
        """Encode the bill of materials as a WSBF document.

        Components get the names of WSBF, also if they were read under other names. Unknown fields
        are written if they are texts.

        Returns:
            XML in UTF-8, as PUT /api/Product/BOM takes it.

        Raises:
            ValueError: A text holds a character that XML cannot carry.
        """
        attributes = self.model_dump(by_alias=True, exclude_none=True, exclude={"components"})
        return write_wsbf(attributes, [_wsbf_row(component) for component in self.components])

    @classmethod
    def from_wsbf(cls, document: bytes) -> Self:
        """Decode a WSBF document.

        Args:
            document: The XML document.

        Returns:
            The bill of materials; attributes that WSBF does not define are kept as extra fields.

        Raises:
            ValueError: The document is not well-formed or not WSBF, or has a document type
                declaration.
        """
        attributes, rows = read_wsbf(document)
        return cls.model_validate({**attributes, "Component": rows})


def _wsbf_row(component: BomComponent) -> dict[str, object]:
    # Dumped by Python names: by alias, a component has the names under which it was received.
    values: dict[str, object] = component.model_dump(
        exclude_none=True, exclude={"quantity_specified"}
    )
    fields = BomComponent.model_fields
    return {
        (fields[name].serialization_alias or name) if name in fields else name: value
        for name, value in values.items()
        if name in fields or isinstance(value, str)
    }
