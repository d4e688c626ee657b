"""Rules for tickets of the sandbox: allowed changes, and who sees a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import TicketPriority, TicketStatus, TicketView
from pywats.sandbox.documents import report_key, rows_of
from pywats.sandbox.responses import ApiError, required_text

if TYPE_CHECKING:
    from pywats.sandbox.requests import Row

__all__ = [
    "changes_of",
    "check_archivable",
    "check_ticket",
    "is_found",
    "is_in_view",
    "new_ticket",
    "status_of",
]

# The fields that a client may set; True if the field may be null too.
_EDITABLE = {
    "subject": False,
    "status": False,
    "priority": False,
    "assignee": True,
    "team": True,
    "reportUuid": True,
    "tags": True,
    "progress": True,
}


def new_ticket(key: str, number: int, user: str, now: str) -> Row:
    """Return an open ticket with every field of the definition, as the server sends them."""
    return {
        "ticketId": key,
        "ticketNumber": number,
        "progress": None,
        "owner": user,
        "assignee": None,
        "subject": None,
        "status": int(TicketStatus.OPEN),
        "priority": int(TicketPriority.MEDIUM),
        "reportUuid": None,
        "createdUtc": now,
        "updatedUtc": now,
        "team": None,
        "origin": None,
        "tags": [],
        "history": [],
        "update": None,
    }


def changes_of(ticket: Row, sent: Row) -> Row:
    """Return the changes in a ticket that a client sends; null counts as absent."""
    return {
        name: sent[name]
        for name, nullable in _EDITABLE.items()
        if name in sent and sent[name] != ticket[name] and (nullable or sent[name] is not None)
    }


def check_ticket(ticket: Row) -> None:
    """Check the values of a ticket.

    Raises:
        ApiError: A value is not allowed (400).
    """
    required_text(ticket, "subject")
    if ticket["status"] not in list(TicketStatus):
        raise ApiError(400, f"The status {ticket['status']} is not valid.")
    if ticket["priority"] not in list(TicketPriority):
        raise ApiError(400, f"The priority {ticket['priority']} is not valid.")
    if ticket["reportUuid"] is not None:
        report_key(str(ticket["reportUuid"]))


def check_archivable(ticket: Row) -> None:
    """Check that a ticket may be archived.

    Raises:
        ApiError: The ticket is not solved (400).
    """
    if status_of(ticket) is not TicketStatus.SOLVED:
        raise ApiError(400, f"Ticket {ticket['ticketNumber']} is not solved.")


def status_of(ticket: Row) -> TicketStatus:
    """Return the status of a ticket."""
    return TicketStatus(int(str(ticket["status"])))


def is_in_view(ticket: Row, view: TicketView, user: str) -> bool:
    """Tell whether a view of a user shows a ticket.

    Every user may see all tickets. A user follows the tickets that it owns or has added to.
    """
    if view is TicketView.ASSIGNED:
        return ticket["assignee"] == user
    writers = [entry["updateUser"] for entry in rows_of(ticket, "history")]
    return view is TicketView.ALL or user in [ticket["owner"], *writers]


def is_found(ticket: Row, text: str) -> bool:
    """Tell whether a text is in the subject, a tag or the value of a tag, in any case."""
    tags = rows_of(ticket, "tags")
    places = [ticket["subject"], *(tag.get(name) for tag in tags for name in ("key", "value"))]
    return any(text.lower() in str(place or "").lower() for place in places)
