"""Changes of users (RFC 7644 section 3.5.2)."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from pywats.models.base import WATSModel

__all__ = ["ScimPatchOperation", "ScimPatchPath", "ScimPatchRequest"]

_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class ScimPatchPath(StrEnum):
    """Attributes of a user that can be changed.

    ``levels`` and ``productGroups`` have several names with ``;`` between them; a change adds
    restrictions to the existing ones.
    """

    FULL_NAME = "fullName"
    FAMILY_NAME = "familyName"
    GIVEN_NAME = "givenName"
    ROLES = "roles"
    EMAIL = "email"
    ACTIVE = "active"
    LEVELS = "levels"
    PRODUCT_GROUPS = "productGroups"


AnyScimPatchPath = Annotated[ScimPatchPath | str, Field(union_mode="left_to_right")]


class ScimPatchOperation(WATSModel):
    """One change of a user.

    Attributes:
        op: Operation; the server only supports replace.
        path: Attribute to change.
        value: The new value: True or False for ``active``, a text for all others.
    """

    op: Literal["replace"] = "replace"
    path: AnyScimPatchPath
    value: StrictBool | StrictStr

    def model_post_init(self, _: object) -> None:
        """Mark the operation as set, so that it is sent."""
        self.model_fields_set.add("op")


class ScimPatchRequest(WATSModel):
    """Changes of a user, made together.

    Attributes:
        operations: The changes, ``Operations`` on the wire.
        schemas: Schemas of the request, as URNs.
    """

    operations: list[ScimPatchOperation] = Field(
        validation_alias="Operations", serialization_alias="Operations"
    )
    schemas: list[str] = Field(default_factory=lambda: [_PATCH])

    def model_post_init(self, _: object) -> None:
        """Mark the schema as set, so that it is sent."""
        self.model_fields_set.add("schemas")
