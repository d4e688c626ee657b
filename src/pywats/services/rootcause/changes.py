"""Changes of a ticket: read it, change one thing, save it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import (
    Ticket,
    TicketAttachment,
    TicketStatus,
    TicketUpdate,
    TicketUpdateType,
)
from pywats.services import arguments
from pywats.services.rootcause.tickets import Tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

__all__ = ["Changes"]


class Changes(Tickets):
    """The methods that read a ticket and save it with a change, so that its other fields stay.

    A change by another client between the two requests is overwritten; the API cannot detect it.
    """

    async def add_comment(
        self,
        ticket_id: UUID | str,
        comment: str,
        assignee: str | None = None,
        *,
        attachments: Sequence[TicketAttachment] = (),
    ) -> Ticket:
        """Add a text to the history of a ticket.

        Sends GET and PUT /api/RootCause/Ticket.

        Args:
            ticket_id: Id of the ticket.
            comment: The text.
            assignee: User who works on it from now on; None keeps the user.
            attachments: Files that belong to the text, with the ids that
                ``upload_attachment`` returned.

        Returns:
            The ticket as the server saved it.

        Raises:
            NotFoundError: The server does not know the ticket.
        """
        update = TicketUpdate(
            content=arguments.text("comment", comment), update_type=TicketUpdateType.CONTENT
        )
        if attachments:
            update.attachments = arguments.instances("attachments", attachments, TicketAttachment)
        return await self._change(ticket_id, assignee, update=update)

    async def assign_ticket(self, ticket_id: UUID | str, assignee: str) -> Ticket:
        """Assign a ticket to a user.

        Sends GET and PUT /api/RootCause/Ticket.

        Args:
            ticket_id: Id of the ticket.
            assignee: User who works on it.

        Returns:
            The ticket as the server saved it.

        Raises:
            NotFoundError: The server does not know the ticket.
        """
        return await self._change(ticket_id, arguments.text("assignee", assignee))

    async def change_status(
        self, ticket_id: UUID | str, status: TicketStatus | int, assignee: str | None = None
    ) -> Ticket:
        """Change the status of a ticket.

        Sends GET and PUT /api/RootCause/Ticket.

        Args:
            ticket_id: Id of the ticket.
            status: The new status, one alone.
            assignee: User who works on it from now on; None keeps the user.

        Returns:
            The ticket as the server saved it.

        Raises:
            ValueError: Several statuses are given.
            NotFoundError: The server does not know the ticket.
        """
        one = arguments.flags("status", status, TicketStatus)
        if len(one) != 1:
            raise ValueError(f"status={status!r}: must be one status, not several")
        return await self._change(ticket_id, assignee, status=one)

    async def _change(
        self,
        ticket_id: UUID | str,
        assignee: str | None,
        *,
        status: TicketStatus | None = None,
        update: TicketUpdate | None = None,
    ) -> Ticket:
        arguments.optional_text("assignee", assignee)
        ticket = await self.get_ticket(ticket_id)
        if assignee is not None:
            ticket.assignee = assignee
        if status is not None:
            ticket.status = status
        if ticket.update != update:
            # Without this, an entry in the server's response would be added to the history again.
            ticket.update = update
        return await self.update_ticket(ticket)
