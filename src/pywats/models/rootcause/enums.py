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
    """Status of a ticket; combine statuses with ``|`` to list tickets in any of them."""

    OPEN = 1
    IN_PROGRESS = 2
    ON_HOLD = 4
    SOLVED = 8
    CLOSED = 16
    ARCHIVED = 32


class TicketPriority(IntEnum):
    """Priority of a ticket."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class TicketView(IntEnum):
    """Selects the tickets to list; ``ALL`` needs the permission to manage all tickets."""

    ASSIGNED = 0
    FOLLOWING = 1
    ALL = 2


class TicketUpdateType(IntEnum):
    """Kind of an entry in the history of a ticket.

    An entry is a text, a change of progress, a change of properties such as the assignee or the
    status, or a note that somebody was notified of the ticket.
    """

    CONTENT = 0
    PROGRESS = 1
    PROPERTIES = 2
    NOTIFICATION = 3


# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnyTicketStatus = Annotated[TicketStatus | int, Field(union_mode="left_to_right")]
AnyTicketPriority = Annotated[TicketPriority | int, Field(union_mode="left_to_right")]
AnyTicketUpdateType = Annotated[TicketUpdateType | int, Field(union_mode="left_to_right")]
