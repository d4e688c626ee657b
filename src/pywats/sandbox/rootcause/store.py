"""Ticket store of the sandbox, as the JSON that goes over the wire."""

from __future__ import annotations

import copy
import json
import threading
from typing import TYPE_CHECKING

from pywats.models import TicketStatus, TicketUpdateType, TicketView
from pywats.sandbox.documents import report_key, rows_of
from pywats.sandbox.responses import ApiError, required_text
from pywats.sandbox.rootcause.rules import (
    changes_of,
    check_archivable,
    check_ticket,
    is_found,
    is_in_view,
    new_ticket,
    status_of,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.multipart import FormFile
    from pywats.sandbox.requests import Row

__all__ = ["RootCauseStore"]


class RootCauseStore:
    """Tickets with their history, and files; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self._tickets: dict[str, Row] = {}
        self._files: dict[str, FormFile] = {}

    def tickets(self, status: TicketStatus, view: TicketView, search: str, user: str) -> list[Row]:
        """Return the tickets in any of the statuses, in the order of their numbers."""
        with self._lock:
            return [
                copy.deepcopy(ticket)
                for ticket in self._tickets.values()
                if status_of(ticket) in status
                and is_in_view(ticket, view, user)
                and is_found(ticket, search)
            ]

    def ticket(self, ticket_id: str) -> Row:
        """Return one ticket."""
        with self._lock:
            found = self._tickets.get(report_key(ticket_id))
            if found is None:
                raise ApiError(404, f"Ticket {ticket_id} does not exist.")
            return copy.deepcopy(found)

    def create(self, sent: Row, user: str) -> Row:
        """Add an open ticket that the user owns."""
        required_text(sent, "subject")
        with self._lock:
            now = self._identity.timestamp()
            number = len(self._tickets) + 1
            ticket = new_ticket(self._identity.uuid(), number, user, now)
            ticket |= changes_of(ticket, sent)
            check_ticket(ticket)
            return self._keep(ticket, [self._text_entry(sent)], user, now)

    def save(self, sent: Row, user: str) -> Row:
        """Change a ticket, and note the change in its history."""
        with self._lock:
            known = self.ticket(required_text(sent, "ticketId"))
            ticket = known | changes_of(known, sent)
            check_ticket(ticket)
            if status_of(known) is TicketStatus.ARCHIVED:
                raise ApiError(400, f"Ticket {known['ticketNumber']} is archived.")
            if status_of(ticket) is TicketStatus.ARCHIVED:
                check_archivable(known)
            entries = [
                _change_entry(name, known[name], ticket[name])
                for name in ticket
                if ticket[name] != known[name]
            ]
            now = self._identity.timestamp()
            return self._keep(
                ticket | {"updatedUtc": now}, [*entries, self._text_entry(sent)], user, now
            )

    def archive(self, ticket_ids: list[str], user: str) -> Row:
        """Archive solved tickets, all or none, and return the first."""
        if not ticket_ids:
            raise ApiError(400, "No ticket is named.")
        with self._lock:
            tickets = [self.ticket(ticket_id) for ticket_id in dict.fromkeys(ticket_ids)]
            for ticket in tickets:
                check_archivable(ticket)
            archived = {"status": int(TicketStatus.ARCHIVED)}
            first, *_ = [self.save(ticket | archived, user) for ticket in tickets]
            return first

    def upload(self, file: FormFile) -> str:
        """Keep a file and return its id."""
        with self._lock:
            key = self._identity.uuid()
            self._files[key] = file
            return key

    def file(self, attachment_id: str) -> FormFile:
        """Return a file."""
        with self._lock:
            found = self._files.get(report_key(attachment_id))
        if found is None:
            raise ApiError(404, f"Attachment {attachment_id} does not exist.")
        return found

    def _text_entry(self, sent: Row) -> Row | None:
        update = sent.get("update")
        if not isinstance(update, dict):
            return None
        keys = [required_text(row, "attachmentId") for row in rows_of(update, "attachments")]
        files: list[JsonValue] = [
            {"attachmentId": report_key(key), "filename": self.file(key).name} for key in keys
        ]
        kind = update.get("updateType") or int(TicketUpdateType.CONTENT)
        return {"content": update.get("content"), "updateType": kind, "attachments": files}

    def _keep(self, ticket: Row, entries: list[Row | None], user: str, now: str) -> Row:
        added: list[JsonValue] = [
            {
                "updateId": self._identity.uuid(),
                "updateUtc": now,
                "updateUser": user,
                **entry,
            }
            for entry in entries
            if entry is not None
        ]
        ticket["history"] = [*rows_of(ticket, "history"), *added]
        self._tickets[str(ticket["ticketId"])] = ticket
        return copy.deepcopy(ticket)


def _change_entry(name: str, before: JsonValue, after: JsonValue) -> Row:
    kind = TicketUpdateType.PROGRESS if name == "progress" else TicketUpdateType.PROPERTIES
    shown = [json.dumps(value, ensure_ascii=False) for value in (before, after)]
    return {
        "content": f"{name}: {' -> '.join(shown)}",
        "updateType": int(kind),
        "attachments": [],
    }
