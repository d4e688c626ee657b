"""Models of repair codes: categories of failures and the fail codes in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from pydantic import Field, JsonValue

from pywats.models.base import InternalModel, WireUUID

__all__ = ["FailCode", "RepairCategory", "RepairOperationConfig"]


class RepairCategory(InternalModel):
    """A category of failures, or a fail code in a category; both have the same fields.

    Attributes:
        description: Its name, as a failure in a repair report has it.
        guid: Its id, ``GUID`` on the wire.
        selectable: False if it cannot be used for a failure.
        sort_order: Its place among its siblings.
        failure_type: Kind of failure; the API file does not name the numbers.
        image_constraint: Whether a failure must have an image; undocumented.
        status: State; the API file does not name the numbers.
        fail_codes: The fail codes in it, ``Failcodes`` on the wire.
    """

    description: str
    guid: WireUUID | None = Field(default=None, validation_alias="GUID", serialization_alias="GUID")
    selectable: bool | None = None
    sort_order: int | None = None
    failure_type: int | None = None
    image_constraint: str | int | None = None
    status: int | None = None
    fail_codes: "list[RepairCategory] | None" = Field(
        default=None, validation_alias="Failcodes", serialization_alias="Failcodes"
    )


@dataclass(frozen=True, slots=True)
class FailCode:
    """A fail code with the category it belongs to.

    Attributes:
        category: Name of the category, as a failure in a repair report has it.
        code: Name of the fail code, as a failure in a repair report has it.
        guid: Id of the fail code.
        category_guid: Id of the category.
        failure_type: Kind of failure; the API file does not name the numbers.
        selectable: False if it cannot be used for a failure.
    """

    category: str
    code: str
    guid: UUID | None = None
    category_guid: UUID | None = None
    failure_type: int | None = None
    selectable: bool | None = None


class RepairOperationConfig(InternalModel):
    """Requirements of a repair operation in the internal API.

    The API file does not name the numbers of the requirements.

    Attributes:
        description: Description of the operation.
        uut_required: Whether a repair must name the test it is about, ``UUTRequired`` on the
            wire.
        comp_ref_mask: Pattern for references to components.
        comp_ref_mask_description: Description of that pattern.
        bom_constraint: Which parts of the bill of materials a failure can name.
        bom_required: Whether it must name one, ``BOMRequired`` on the wire.
        vendor_required: Whether it must name the vendor of the part.
        categories: The categories of failures, with their fail codes.
        misc_infos: Information that a repair report may have to contain.
    """

    description: str | None = None
    uut_required: int | None = Field(
        default=None, validation_alias="UUTRequired", serialization_alias="UUTRequired"
    )
    comp_ref_mask: str | None = None
    comp_ref_mask_description: str | None = None
    bom_constraint: str | None = None
    bom_required: int | None = Field(
        default=None, validation_alias="BOMRequired", serialization_alias="BOMRequired"
    )
    vendor_required: int | None = None
    categories: list[RepairCategory] | None = None
    misc_infos: list[JsonValue] | None = None

    def all_fail_codes(self) -> list[FailCode]:
        """Return the fail codes of all categories.

        Returns:
            The fail codes category by category; a nested fail code follows its parent.
        """
        return [code for category in self.categories or [] for code in _below(category, category)]


def _below(category: RepairCategory, parent: RepairCategory) -> Iterator[FailCode]:
    for code in parent.fail_codes or []:
        yield FailCode(
            category=category.description,
            code=code.description,
            guid=code.guid,
            category_guid=category.guid,
            failure_type=code.failure_type,
            selectable=code.selectable,
        )
        yield from _below(category, code)
