"""Enumerations of the product API; values that the server adds later stay plain integers."""

from enum import IntEnum
from typing import Annotated

from pydantic import Field

__all__ = ["AnyProductState", "AnyTagChange", "ProductState", "TagChange"]


class ProductState(IntEnum):
    """State of a product or a revision: in use or not."""

    INACTIVE = 0
    ACTIVE = 1


class TagChange(IntEnum):
    """Kind of change of a tag.

    The API file also allows 4, 5 and 6, but does not name them.
    """

    NONE = 0
    ADD = 1
    UPDATE = 2
    DELETE = 3


# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnyProductState = Annotated[ProductState | int, Field(union_mode="left_to_right")]
AnyTagChange = Annotated[TagChange | int, Field(union_mode="left_to_right")]
