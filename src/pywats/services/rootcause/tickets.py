"""Tickets: find, read, create, save, archive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pywats import models
from pywats.http.port import Request
from pywats.models import TicketPriority, TicketStatus, TicketView
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from pywats.models import Ticket

__all__ = ["Tickets"]

_TICKET = adapter(lambda: models.Ticket)
_TICKETS = adapter(lambda: list[models.Ticket])
_PATH = "/api/RootCause/Ticket"
_ACTIVE = TicketStatus.OPEN | TicketStatus.IN_PROGRESS


class Tickets(Calls):
    """The methods on whole tickets."""

    async def get_tickets(
        self,
        status: TicketStatus | int = TicketStatus.OPEN,
        view: TicketView | int = TicketView.ASSIGNED,
        search_string: str | None = None,
    ) -> list[Ticket]:
        """List tickets (GET /api/RootCause/Tickets).

        Args:
            status: Statuses to list, such as ``TicketStatus.OPEN | TicketStatus.SOLVED``.
            view: Selects the tickets: assigned to the user of the client, followed by the user,
                or all. For all, the user needs the permission to manage all tickets.
            search_string: Text to look for in subjects and tags; None lists all.

        Returns:
            The tickets in the order of the server.

        Raises:
            PermissionDeniedError: The user may not see all tickets.
        """
        query = {
            "status": int(arguments.flags("status", status, TicketStatus)),
            "view": int(arguments.member("view", view, TicketView)),
            "searchString": arguments.optional_text("search_string", search_string),
        }
        request = Request(method="GET", template="/api/RootCause/Tickets", query=query)
        return await self._list(request, _TICKETS())

    async def get_open_tickets(self, view: TicketView | int = TicketView.ASSIGNED) -> list[Ticket]:
        """List the tickets whose status is open (GET /api/RootCause/Tickets).

        Args:
            view: Whose tickets; see `get_tickets`.

        Returns:
            The tickets with the status open.
        """
        return await self.get_tickets(TicketStatus.OPEN, view)

    async def get_active_tickets(
        self, view: TicketView | int = TicketView.ASSIGNED
    ) -> list[Ticket]:
        """List the tickets that are open or in progress (GET /api/RootCause/Tickets).

        Args:
            view: Whose tickets; see `get_tickets`.

        Returns:
            The tickets with one of these two statuses.
        """
        return await self.get_tickets(_ACTIVE, view)

    async def get_ticket(self, ticket_id: UUID | str) -> Ticket:
        """Get a ticket with its history (GET /api/RootCause/Ticket).

        Args:
            ticket_id: Id of the ticket, not its number.

        Returns:
            The ticket.

        Raises:
            NotFoundError: The server does not know the ticket.
        """
        query = {"ticketId": arguments.uuid_text("ticket_id", ticket_id)}
        return await self._one(Request(method="GET", template=_PATH, query=query), _TICKET())

    async def create_ticket(  # noqa: PLR0917 - their places in the catalogue
        self,
        subject: str,
        priority: TicketPriority | int = TicketPriority.MEDIUM,
        assignee: str | None = None,
        team: str | None = None,
        report_uuid: UUID | str | None = None,
        initial_comment: str | None = None,
    ) -> Ticket:
        """Create a ticket (POST /api/RootCause/Ticket).

        Args:
            subject: What the ticket is about.
            priority: How urgent it is.
            assignee: User who works on it.
            team: Team that works on it.
            report_uuid: Id of the report that gave rise to it.
            initial_comment: The first text in its history.

        Returns:
            The ticket as the server made it.

        Raises:
            BadRequestError: The server does not accept it.
        """
        fields = {
            "subject": arguments.text("subject", subject),
            "priority": arguments.member("priority", priority, TicketPriority),
            "assignee": arguments.optional_text("assignee", assignee),
            "team": arguments.optional_text("team", team),
            "report_uuid": None
            if report_uuid is None
            else arguments.uuid_text("report_uuid", report_uuid),
            "update": None
            if initial_comment is None
            else models.TicketUpdate(
                content=arguments.text("initial_comment", initial_comment),
                update_type=models.TicketUpdateType.CONTENT,
            ),
        }
        given = {field: value for field, value in fields.items() if value is not None}
        ticket = models.Ticket.model_validate(given)
        request = Request(method="POST", template=_PATH, content=ticket.to_wire_json())
        return await self._one(request, _TICKET())

    async def update_ticket(self, ticket: Ticket) -> Ticket:
        """Save a ticket (PUT /api/RootCause/Ticket).

        All fields that were received or set are sent. The entry in ``ticket.update`` is added to
        the history: set it to None if the server sent it and it is not new. A request with such an
        entry is not retried if it may have reached the server, because the entry would be added
        twice.

        Args:
            ticket: A ticket that was read and changed.

        Returns:
            The ticket as the server saved it.

        Raises:
            ValueError: The ticket has no id.
            NotFoundError: The server does not know the ticket.
        """
        arguments.instance("ticket", ticket, models.Ticket)
        if ticket.ticket_id is None:
            raise ValueError("ticket.ticket_id=None: must be the id of the ticket to save")
        request = Request(
            method="PUT",
            template=_PATH,
            content=ticket.to_wire_json(),
            idempotent=None if ticket.update is None else False,
        )
        return await self._one(request, _TICKET())

    async def archive_tickets(self, ticket_ids: Iterable[UUID | str]) -> Ticket:
        """Archive tickets (POST /api/RootCause/ArchiveTickets).

        Only solved tickets can be archived, and only by their owner or by a user with the
        permission to manage all tickets.

        Args:
            ticket_ids: Ids of the tickets, one or more.

        Returns:
            The ticket in the response: the API promises one ticket for any number of ids.

        Raises:
            BadRequestError: A ticket is not solved.
            PermissionDeniedError: The user may not archive a ticket.
        """
        texts = [
            arguments.uuid_text(f"ticket_ids[{index}]", ticket_id)
            for index, ticket_id in enumerate(arguments.iterable("ticket_ids", ticket_ids))
        ]
        if not texts:
            raise ValueError(f"ticket_ids={ticket_ids!r}: must hold at least one UUID")
        request = Request(
            method="POST",
            template="/api/RootCause/ArchiveTickets",
            content=json.dumps(texts).encode(),
        )
        return await self._one(request, _TICKET())
