"""Scenarios of the root cause service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import (
    Tag,
    Ticket,
    TicketAttachment,
    TicketPriority,
    TicketStatus,
    TicketUpdateType,
    TicketView,
)
from pywats.services import RootCauseService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

SERVICE = RootCauseService

TICKET = "/api/RootCause/Ticket"
TICKETS = "GET /api/RootCause/Tickets"
REPORT = "b4ccbbaa-a853-4e37-bf6f-241ce1661e33"


def history_of(ticket: Ticket) -> list[tuple[str | None, int | None, str | None]]:
    return [(entry.content, entry.update_type, entry.update_user) for entry in ticket.history or []]


async def a_ticket_is_created_and_read(bench: Bench) -> None:
    ticket = await bench.call(
        "create_ticket",
        "Fixture fails",
        TicketPriority.HIGH,
        "ann",
        "Line 1",
        REPORT,
        "since Monday",
    )
    assert bench.sent == [f"POST {TICKET}"]
    assert bench.last == {
        "subject": "Fixture fails",
        "priority": 2,
        "assignee": "ann",
        "team": "Line 1",
        "reportUuid": REPORT,
        "update": {"content": "since Monday", "updateType": 0},
    }
    assert (ticket.ticket_number, ticket.owner, ticket.assignee) == (1, "station", "ann")
    assert (ticket.status, ticket.priority) == (TicketStatus.OPEN, TicketPriority.HIGH)
    assert history_of(ticket) == [("since Monday", TicketUpdateType.CONTENT, "station")]
    assert await bench.call("get_ticket", ticket.ticket_id) == ticket
    assert bench.sent == [f"GET {TICKET}?ticketId={ticket.ticket_id}"]
    other = await bench.call("create_ticket", "No power")
    assert bench.last == {"subject": "No power", "priority": 1}
    assert (other.ticket_number, other.priority) == (2, TicketPriority.MEDIUM)


async def tickets_are_listed(bench: Bench) -> None:
    mine = await bench.call("create_ticket", "Connector worn", assignee="station")
    others = await bench.call("create_ticket", "Software hangs", assignee="ann")
    solved = await bench.call("create_ticket", "Relay sticks", assignee="station")
    await bench.call("change_status", solved.ticket_id, TicketStatus.SOLVED)
    await bench.call("change_status", others.ticket_id, TicketStatus.IN_PROGRESS)

    async def numbers(method: str, *args: object) -> list[int]:
        return [ticket.ticket_number for ticket in await bench.call(method, *args)]

    assert await numbers("get_tickets") == [mine.ticket_number]
    assert bench.sent == [f"{TICKETS}?status=1&view=0"]
    everything = TicketStatus.OPEN | TicketStatus.IN_PROGRESS | TicketStatus.SOLVED
    assert await numbers("get_tickets", everything, TicketView.ALL) == [1, 2, 3]
    assert bench.sent == [f"{TICKETS}?status=11&view=2"]
    assert await numbers("get_tickets", 8, 1, "relay") == [3]
    assert bench.sent == [f"{TICKETS}?status=8&view=1&searchString=relay"]
    assert await numbers("get_open_tickets") == [1]
    assert bench.sent == [f"{TICKETS}?status=1&view=0"]
    assert await numbers("get_open_tickets", TicketView.FOLLOWING) == [1]
    assert bench.sent == [f"{TICKETS}?status=1&view=1"]
    assert await numbers("get_active_tickets", TicketView.ALL) == [1, 2]
    assert bench.sent == [f"{TICKETS}?status=3&view=2"]
    assert await numbers("get_active_tickets") == [1]
    assert bench.sent == [f"{TICKETS}?status=3&view=0"]


async def a_ticket_is_worked_on(bench: Bench) -> None:
    created = await bench.call("create_ticket", "Fixture fails", team="Line 1")
    both = [f"GET {TICKET}?ticketId={created.ticket_id}", f"PUT {TICKET}"]
    assigned = await bench.call("assign_ticket", created.ticket_id, "bob")
    assert bench.sent == both
    assert bench.last["assignee"] == "bob"
    assert bench.last["team"] == "Line 1"
    assert bench.last["update"] is None
    assert (assigned.assignee, assigned.team) == ("bob", "Line 1")
    started = await bench.call("change_status", created.ticket_id, 2, "eve")
    assert bench.sent == both
    assert (bench.last["status"], bench.last["assignee"]) == (2, "eve")
    assert (started.status, started.assignee) == (TicketStatus.IN_PROGRESS, "eve")
    commented = await bench.call("add_comment", created.ticket_id, "it was the cable", "ann")
    assert bench.sent == both
    assert bench.last["update"] == {"content": "it was the cable", "updateType": 0}
    assert (commented.assignee, commented.update) == ("ann", None)
    commented.tags = [Tag(key="Cause", value="Cable")]
    commented.progress = "cable replaced"
    saved = await bench.call("update_ticket", commented)
    assert bench.sent == [f"PUT {TICKET}"]
    assert saved.tags == commented.tags
    tags = '[{"key": "Cause", "value": "Cable"}]'
    assert history_of(saved) == [
        ('assignee: null -> "bob"', TicketUpdateType.PROPERTIES, "station"),
        ('assignee: "bob" -> "eve"', TicketUpdateType.PROPERTIES, "station"),
        ("status: 1 -> 2", TicketUpdateType.PROPERTIES, "station"),
        ('assignee: "eve" -> "ann"', TicketUpdateType.PROPERTIES, "station"),
        ("it was the cable", TicketUpdateType.CONTENT, "station"),
        ('progress: null -> "cable replaced"', TicketUpdateType.PROGRESS, "station"),
        (f"tags: [] -> {tags}", TicketUpdateType.PROPERTIES, "station"),
    ]
    assert await bench.call("get_tickets", 2, 2, "CABLE") == [saved]


async def files_are_attached(bench: Bench) -> None:
    ticket = await bench.call("create_ticket", "Burnt resistor")
    key = await bench.call("upload_attachment", b"\x00picture\r\n--", 'R1 "før".png')
    assert bench.sent == ["POST /api/RootCause/Attachment"]
    files = [TicketAttachment(attachment_id=key)]
    saved = await bench.call("add_comment", ticket.ticket_id, "see here", attachments=files)
    assert bench.last["update"]["attachments"] == [{"attachmentId": str(key)}]
    (entry,) = saved.history
    assert entry.attachments == [TicketAttachment(attachment_id=key, filename='R1 "før".png')]
    assert await bench.call("get_attachment", key) == b"\x00picture\r\n--"
    assert bench.sent == [f"GET /api/RootCause/Attachment?attachmentId={key}"]
    assert await bench.call("get_attachment", str(key), "R1 ø.png") == b"\x00picture\r\n--"
    assert bench.sent == [
        f"GET /api/RootCause/Attachment?attachmentId={key}&fileName=R1%20%C3%B8.png"
    ]


async def solved_tickets_are_archived(bench: Bench) -> None:
    keys = [(await bench.call("create_ticket", subject)).ticket_id for subject in ("A", "B")]
    for key in keys:
        await bench.call("change_status", key, TicketStatus.SOLVED)
    first = await bench.call("archive_tickets", [keys[0], str(keys[1])])
    assert bench.sent == ["POST /api/RootCause/ArchiveTickets"]
    assert bench.last == [str(key) for key in keys]
    assert (first.ticket_id, first.status) == (keys[0], TicketStatus.ARCHIVED)
    archived = await bench.call("get_tickets", TicketStatus.ARCHIVED, TicketView.ALL)
    assert [ticket.ticket_id for ticket in archived] == keys


SCENARIOS: list[Scenario] = [
    a_ticket_is_created_and_read,
    tickets_are_listed,
    a_ticket_is_worked_on,
    files_are_attached,
    solved_tickets_are_archived,
]
