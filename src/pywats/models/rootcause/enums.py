"""Enumerations of the root cause API; values that the server adds later stay plain integers."""

from enum import IntEnum, IntFlag
from typing import Annotated

from pydantic import Field

__all__ = [
    "AnyTicketPriority",
    "AnyTicketStatus",
    "AnyTicketUpdateType",
    "TicketPriority",
    "TicketStatus",
    "TicketUpdateType",
    "TicketView",
]


class TicketStatus(IntFlag):
    """Say how far a ticket is; add statuses up to ask for tickets in any of them."""

    OPEN = 1
    IN_PROGRESS = 2
    ON_HOLD = 4
    SOLVED = 8
    CLOSED = 16
    ARCHIVED = 32


class TicketPriority(IntEnum):
    """Say how urgent a ticket is."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class TicketView(IntEnum):
    """Say whose tickets to list; all tickets are for users with the permission to manage them."""

    ASSIGNED = 0
    FOLLOWING = 1
    ALL = 2


class TicketUpdateType(IntEnum):
    """Kind of an entry in the history of a ticket.

    It is a text, a change of progress, a change of properties such as the assignee or the
    status, or a note that somebody was told of the ticket.
    """

    CONTENT = 0
    PROGRESS = 1
    PROPERTIES = 2
    NOTIFICATION = 3


# Left to right, because pydantic's smart mode would prefer the plain int to the enum.
AnyTicketStatus = Annotated[TicketStatus | int, Field(union_mode="left_to_right")]
AnyTicketPriority = Annotated[TicketPriority | int, Field(union_mode="left_to_right")]
AnyTicketUpdateType = Annotated[TicketUpdateType | int, Field(union_mode="left_to_right")]
