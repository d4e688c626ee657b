"""Models of root cause tickets, their history and their attachments."""

from pywats.models.base import WATSModel, WireUUID
from pywats.models.product.product import Tag
from pywats.models.rootcause.enums import (
    AnyTicketPriority,
    AnyTicketStatus,
    AnyTicketUpdateType,
)
from pywats.models.wire_time import WireDatetime

__all__ = ["Ticket", "TicketAttachment", "TicketUpdate"]


class TicketAttachment(WATSModel):
    """A file that belongs to an entry in the history of a ticket (``RootCause.Attachment``).

    Attributes:
        attachment_id: Id of the file, from the response to its upload.
        filename: Name of the file.
    """

    attachment_id: WireUUID | None = None
    filename: str | None = None


class TicketUpdate(WATSModel):
    """An entry in the history of a ticket (``RootCause.Update``).

    Attributes:
        update_id: Id of the entry.
        update_utc: When it was made.
        update_user: User who made it.
        content: Its text.
        update_type: What it is about.
        attachments: Files that belong to it.
    """

    update_id: WireUUID | None = None
    update_utc: WireDatetime | None = None
    update_user: str | None = None
    content: str | None = None
    update_type: AnyTicketUpdateType | None = None
    attachments: list[TicketAttachment] | None = None


class Ticket(WATSModel):
    """A root cause ticket (``RootCause.Ticket``).

    Attributes:
        ticket_id: Id of the ticket.
        ticket_number: Number of the ticket, for people.
        progress: How far the work is.
        owner: User who owns it.
        assignee: User who works on it.
        subject: What it is about.
        status: Its status; a ticket has exactly one.
        priority: How urgent it is.
        report_uuid: Id of the report that caused it.
        created_utc: When it was made.
        updated_utc: When it was changed last.
        team: Team that works on it.
        origin: Source of the ticket.
        tags: Its tags.
        history: Entries of its history.
        update: An entry to add to the history when the ticket is saved.
    """

    ticket_id: WireUUID | None = None
    ticket_number: int | None = None
    progress: str | None = None
    owner: str | None = None
    assignee: str | None = None
    subject: str | None = None
    status: AnyTicketStatus | None = None
    priority: AnyTicketPriority | None = None
    report_uuid: WireUUID | None = None
    created_utc: WireDatetime | None = None
    updated_utc: WireDatetime | None = None
    team: str | None = None
    origin: str | None = None
    tags: list[Tag] | None = None
    history: list[TicketUpdate] | None = None
    update: TicketUpdate | None = None
