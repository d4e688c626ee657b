"""The root cause service: what is refused, what is kept, and what the server says no to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from pywats import RetryConfig
from pywats.errors import (
    BadRequestError,
    NotFoundError,
    WATSConnectionError,
    WATSDecodeError,
)
from pywats.models import (
    Ticket,
    TicketAttachment,
    TicketPriority,
    TicketStatus,
    TicketUpdate,
    TicketUpdateType,
    TicketView,
)
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.client.sync_services import SyncRootCauseService
    from pywats.sandbox import Sandbox

TICKET = "/api/RootCause/Ticket"
UNKNOWN = "6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a"
SENT = {
    "ticketId": UNKNOWN.upper(),
    "ticketNumber": 7,
    "progress": None,
    "subject": "Fixture fails",
    "status": 2,
    "priority": 9,
    "createdUtc": "2026-01-02T03:04:05.1234567Z",
    "updatedUtc": "2026-01-02T03:04:05",
    "tags": [{"key": "Cause", "value": None, "change": 0, "more": 1}],
    "history": [
        {
            "updateId": UNKNOWN,
            "updateType": 4,
            "content": None,
            "attachments": [{"attachmentId": UNKNOWN, "filename": "a.png", "size": 3}],
        }
    ],
    "futureObject": {"Nested": [1, None]},
}


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda r: r.get_tickets(0), ValueError, "status=0: must be a sum of 1 (OPEN), 2 (IN_PRO"),
        (lambda r: r.get_tickets(64), ValueError, "status=64: must be a sum of"),
        (lambda r: r.get_tickets(-1), ValueError, "status=-1: must be a sum of"),
        (lambda r: r.get_tickets("open"), TypeError, "status='open': must be a sum of"),
        (lambda r: r.get_tickets(True), TypeError, "status=True: must be a sum of"),
        (lambda r: r.get_tickets(view=3), ValueError, "view=3: must be one of 0 (ASSIGNED), 1"),
        (lambda r: r.get_tickets(view="all"), TypeError, "view='all': must be one of 0"),
        (lambda r: r.get_tickets(search_string=""), ValueError, "search_string='': must be"),
        (lambda r: r.get_open_tickets(9), ValueError, "view=9: must be one of"),
        (lambda r: r.get_active_tickets(False), TypeError, "view=False: must be one of"),
        (lambda r: r.get_ticket(7), TypeError, "ticket_id=7: must be a UUID"),
        (lambda r: r.get_ticket("7"), ValueError, "ticket_id='7': must be a UUID"),
        (lambda r: r.create_ticket(" "), ValueError, "subject=' ': must be a non-empty string"),
        (lambda r: r.create_ticket("x", 3), ValueError, "priority=3: must be one of 0 (LOW), 1"),
        (lambda r: r.create_ticket("x", assignee=""), ValueError, "assignee='': must be"),
        (lambda r: r.create_ticket("x", team=1), TypeError, "team=1: must be a non-empty string"),
        (lambda r: r.create_ticket("x", report_uuid="r"), ValueError, "report_uuid='r': must be"),
        (
            lambda r: r.create_ticket("x", initial_comment=""),
            ValueError,
            "initial_comment='': must be a non-empty string",
        ),
        (lambda r: r.update_ticket({}), TypeError, "ticket={}: must be a Ticket, not dict"),
        (
            lambda r: r.update_ticket(Ticket(subject="x")),
            ValueError,
            "ticket.ticket_id=None: must be the id of the ticket",
        ),
        (lambda r: r.archive_tickets([]), ValueError, "ticket_ids=[]: must hold at least one"),
        (lambda r: r.archive_tickets(UNKNOWN), TypeError, "ticket_ids='6f7c2f0e"),
        (lambda r: r.archive_tickets([UNKNOWN, "x"]), ValueError, "ticket_ids[1]='x': must be a"),
        (lambda r: r.add_comment("x", "text"), ValueError, "ticket_id='x': must be a UUID"),
        (lambda r: r.add_comment(UNKNOWN, ""), ValueError, "comment='': must be"),
        (lambda r: r.add_comment(UNKNOWN, "x", ""), ValueError, "assignee='': must be"),
        (
            lambda r: r.add_comment(UNKNOWN, "x", attachments=[UNKNOWN]),
            TypeError,
            "attachments[0]='6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a': must be a TicketAttachment",
        ),
        (lambda r: r.assign_ticket(UNKNOWN, None), TypeError, "assignee=None: must be"),
        (
            lambda r: r.change_status(UNKNOWN, TicketStatus.OPEN | TicketStatus.SOLVED),
            ValueError,
            "status=<TicketStatus.OPEN|SOLVED: 9>: must be one status, not several",
        ),
        (lambda r: r.change_status(UNKNOWN, 0), ValueError, "status=0: must be a sum of"),
        (lambda r: r.get_attachment("x"), ValueError, "attachment_id='x': must be a UUID"),
        (lambda r: r.get_attachment(UNKNOWN, ""), ValueError, "filename='': must be"),
        (lambda r: r.upload_attachment("x", "a.txt"), TypeError, "file_content: must be bytes"),
        (lambda r: r.upload_attachment(b"", "a.txt"), ValueError, "file_content is empty"),
        (lambda r: r.upload_attachment(b"x", " "), ValueError, "filename=' ': must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[SyncRootCauseService], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error) as caught:
        call(api.rootcause)
    assert str(caught.value).startswith(text)
    assert sandbox.requests == ()


def test_a_change_keeps_unknown_fields_nulls_and_the_form_of_values(
    api: pyWATS, sandbox: Sandbox
) -> None:
    sandbox.inject("GET", TICKET, Fault.status(200, body=json.dumps(SENT).encode()))
    sandbox.inject("PUT", TICKET, Fault.status(200, body=b'{"status": 8}'))
    assert api.rootcause.get_ticket(UNKNOWN).priority == 9
    saved = api.rootcause.change_status(UNKNOWN, TicketStatus.SOLVED)
    assert saved == Ticket(status=TicketStatus.SOLVED)
    assert json.loads(sandbox.requests[-1].body) == SENT | {"status": 8}


def test_an_entry_that_came_with_a_ticket_is_not_sent_again(api: pyWATS, sandbox: Sandbox) -> None:
    body = {"ticketId": UNKNOWN, "subject": "x", "update": {"content": "old", "updateType": 0}}
    sandbox.inject("GET", TICKET, Fault.status(200, body=json.dumps(body).encode()))
    sandbox.inject("PUT", TICKET, Fault.status(200, body=json.dumps(body).encode()))
    api.rootcause.assign_ticket(UNKNOWN, "ann")
    sent = {"ticketId": UNKNOWN, "subject": "x", "update": None, "assignee": "ann"}
    assert json.loads(sandbox.requests[-1].body) == sent
    api.rootcause.add_comment(UNKNOWN, "new")
    assert json.loads(sandbox.requests[-1].body)["update"] == {"content": "new", "updateType": 0}


def test_a_text_is_never_added_twice(connect: Callable[..., pyWATS], sandbox: Sandbox) -> None:
    api = connect(retry_config=RetryConfig(max_retries=3, max_backoff=0.01))
    ticket_id = api.rootcause.create_ticket("x").ticket_id
    assert ticket_id is not None
    sandbox.inject("PUT", TICKET, Fault.close(executed=True), times=1)
    with pytest.raises(WATSConnectionError) as caught:
        api.rootcause.add_comment(ticket_id, "once")
    assert caught.value.may_have_been_executed
    texts = [entry.content for entry in api.rootcause.get_ticket(ticket_id).history or []]
    assert texts == ["once"]


def test_a_change_without_a_text_is_retried(
    connect: Callable[..., pyWATS], sandbox: Sandbox
) -> None:
    api = connect(retry_config=RetryConfig(max_retries=3, max_backoff=0.01))
    ticket_id = api.rootcause.create_ticket("x").ticket_id
    assert ticket_id is not None
    sandbox.inject("PUT", TICKET, Fault.close(executed=True), times=1)
    saved = api.rootcause.assign_ticket(ticket_id, "ann")
    texts = [entry.content for entry in saved.history or []]
    assert texts == ['assignee: null -> "ann"']


def test_unknown_numbers_of_the_server_stay_numbers(api: pyWATS, sandbox: Sandbox) -> None:
    body = {"status": 64, "priority": 3, "update": {"updateType": 9}}
    sandbox.inject("GET", TICKET, Fault.status(200, body=json.dumps(body).encode()))
    ticket = api.rootcause.get_ticket(UNKNOWN)
    assert (ticket.status, ticket.priority) == (64, 3)
    assert ticket.update == TicketUpdate(update_type=9)
    assert json.loads(ticket.to_wire_json()) == body


def test_a_missing_ticket_is_not_found_and_not_saved(api: pyWATS, sandbox: Sandbox) -> None:
    missing = f"Ticket {UNKNOWN} does not exist"
    with pytest.raises(NotFoundError, match=missing):
        api.rootcause.get_ticket(UNKNOWN)
    with pytest.raises(NotFoundError, match=missing):
        api.rootcause.add_comment(UNKNOWN, "x")
    with pytest.raises(NotFoundError, match=missing):
        api.rootcause.assign_ticket(UNKNOWN, "ann")
    with pytest.raises(NotFoundError, match=missing):
        api.rootcause.change_status(UNKNOWN, 2)
    assert {request.method for request in sandbox.requests} == {"GET"}
    with pytest.raises(NotFoundError):
        api.rootcause.update_ticket(Ticket(ticket_id=UUID(UNKNOWN)))
    with pytest.raises(NotFoundError):
        api.rootcause.archive_tickets([UNKNOWN])
    with pytest.raises(NotFoundError, match=f"Attachment {UNKNOWN} does not exist"):
        api.rootcause.get_attachment(UNKNOWN)


def test_only_solved_tickets_are_archived_all_or_none(api: pyWATS) -> None:
    solved = api.rootcause.create_ticket("A")
    assert solved.ticket_id is not None
    api.rootcause.change_status(solved.ticket_id, TicketStatus.SOLVED)
    still_open = api.rootcause.create_ticket("B")
    assert still_open.ticket_id is not None
    with pytest.raises(BadRequestError, match="Ticket 2 is not solved"):
        api.rootcause.archive_tickets([solved.ticket_id, still_open.ticket_id])
    with pytest.raises(BadRequestError, match="Ticket 2 is not solved"):
        api.rootcause.change_status(still_open.ticket_id, TicketStatus.ARCHIVED)
    assert api.rootcause.get_ticket(solved.ticket_id).status is TicketStatus.SOLVED
    twice = [solved.ticket_id, solved.ticket_id]
    assert api.rootcause.archive_tickets(twice).status is TicketStatus.ARCHIVED
    with pytest.raises(BadRequestError, match="Ticket 1 is archived"):
        api.rootcause.assign_ticket(solved.ticket_id, "ann")


@pytest.mark.parametrize("text", ["A/B#1?x", "a b", "æøå", "100%", '"', "'", "+", "&status=32"])
def test_texts_with_special_characters_survive(api: pyWATS, text: str) -> None:
    created = api.rootcause.create_ticket(text, assignee=text)
    api.rootcause.create_ticket("other")
    assert api.rootcause.get_tickets(1, TicketView.ALL, text) == [created]
    key = api.rootcause.upload_attachment(b"x", text)
    assert created.ticket_id is not None
    files = [TicketAttachment(attachment_id=key)]
    saved = api.rootcause.add_comment(created.ticket_id, text, attachments=files)
    (entry,) = saved.history or []
    assert entry.content == text
    assert entry.attachments == [TicketAttachment(attachment_id=key, filename=text)]
    assert api.rootcause.get_attachment(key, text) == b"x"


def test_the_views_differ(api: pyWATS, sandbox: Sandbox) -> None:
    own = api.rootcause.create_ticket("own")
    assigned = api.rootcause.create_ticket("assigned", TicketPriority.LOW, sandbox.username)
    listed = {view: api.rootcause.get_open_tickets(view) for view in TicketView}
    assert listed == {
        TicketView.ASSIGNED: [assigned],
        TicketView.FOLLOWING: [own, assigned],
        TicketView.ALL: [own, assigned],
    }


def test_a_file_is_sent_as_a_form(api: pyWATS, sandbox: Sandbox) -> None:
    key = api.rootcause.upload_attachment(b"a\r\nb", "scope.png")
    (request,) = sandbox.requests
    media_type, _, boundary = str(request.header("content-type")).partition("; boundary=")
    assert media_type == "multipart/form-data"
    assert (
        request.body
        == (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="file"; filename="scope.png"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
            f"a\r\nb\r\n--{boundary}--\r\n"
        ).encode()
    )
    sandbox.clear()
    assert api.rootcause.get_attachment(key) == b"a\r\nb"
    assert sandbox.requests[0].header("accept") == "*/*"


@pytest.mark.parametrize("body", [b"", b"null", b"[]"])
def test_an_empty_list_may_come_as_nothing(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", "/api/RootCause/Tickets", Fault.status(200, body=body))
    assert api.rootcause.get_tickets() == []


@pytest.mark.parametrize("body", [b"", b"null", b'"picture"', b"7"])
def test_a_response_to_an_upload_that_is_no_id_is_an_error(
    api: pyWATS, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.inject("POST", "/api/RootCause/Attachment", Fault.status(200, body=body))
    with pytest.raises(WATSDecodeError) as caught:
        api.rootcause.upload_attachment(b"x", "a.png")
    assert caught.value.may_have_been_executed


def test_the_update_type_of_a_saved_ticket_is_that_of_its_sender(api: pyWATS) -> None:
    ticket = api.rootcause.create_ticket("x")
    ticket.update = TicketUpdate(
        content="mail sent", update_type=TicketUpdateType.NOTIFICATION, attachments=[]
    )
    (entry,) = api.rootcause.update_ticket(ticket).history or []
    assert (entry.content, entry.update_type) == ("mail sent", TicketUpdateType.NOTIFICATION)
