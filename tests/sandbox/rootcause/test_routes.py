"""The tickets of the sandbox: what it says to requests that the client would not send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox import Sandbox

ROOT = "/api/RootCause"
UNKNOWN = "6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth) as made:
        yield made
    assert sandbox.errors == []


def refusal(response: httpx.Response) -> str:
    assert response.status_code == 400
    message: str = response.json()["Message"]
    return message


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("view=0", "The status parameter is required."),
        ("status=1", "The view parameter is required."),
        ("status=64&view=0", "The value '64' is not valid for status."),
        ("status=x&view=0", "The value 'x' is not valid for status."),
        ("status=1&view=3", "The value '3' is not valid for view."),
    ],
)
def test_bad_queries_are_refused(client: httpx.Client, query: str, message: str) -> None:
    assert refusal(client.get(f"{ROOT}/Tickets?{query}")) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": 3}, "The status 3 is not valid."),
        ({"status": [1]}, "The status [1] is not valid."),
        ({"priority": "high"}, "The priority high is not valid."),
        ({"subject": ""}, "The subject field is required."),
        ({"reportUuid": "x"}, "The value 'x' is not valid for an id."),
        ({"update": {"attachments": [{}]}}, "The attachmentId field is required."),
    ],
)
def test_bad_tickets_are_refused_and_change_nothing(
    client: httpx.Client, change: dict[str, object], message: str
) -> None:
    ticket = client.post(f"{ROOT}/Ticket", json={"subject": "x"}).json()
    assert refusal(client.put(f"{ROOT}/Ticket", json=ticket | change)) == message
    assert refusal(client.post(f"{ROOT}/Ticket", json={"subject": "x"} | change)) == message
    query = {"ticketId": ticket["ticketId"]}
    assert client.get(f"{ROOT}/Ticket", params=query).json() == ticket


def test_ids_are_required(client: httpx.Client) -> None:
    assert refusal(client.get(f"{ROOT}/Ticket")) == "The ticketId parameter is required."
    assert refusal(client.put(f"{ROOT}/Ticket", json={})) == "The ticketId field is required."
    assert refusal(client.post(f"{ROOT}/Ticket", json={})) == "The subject field is required."
    assert refusal(client.post(f"{ROOT}/Ticket", json=[])) == "The request is invalid."
    assert refusal(client.post(f"{ROOT}/ArchiveTickets", json=[])) == "No ticket is named."
    assert refusal(client.get(f"{ROOT}/Attachment")) == "The attachmentId parameter is required."


def test_a_file_that_does_not_exist_cannot_be_attached(client: httpx.Client) -> None:
    update = {"content": "x", "attachments": [{"attachmentId": UNKNOWN}]}
    response = client.post(f"{ROOT}/Ticket", json={"subject": "x", "update": update})
    assert response.status_code == 404
    listed = client.get(f"{ROOT}/Tickets?status=63&view=2").json()
    assert listed == []


def test_null_leaves_what_a_ticket_must_have(client: httpx.Client) -> None:
    sent = {"subject": "x", "assignee": "ann", "priority": 2}
    ticket = client.post(f"{ROOT}/Ticket", json=sent).json()
    nothing = dict.fromkeys(ticket) | {"ticketId": ticket["ticketId"]}
    saved = client.put(f"{ROOT}/Ticket", json=nothing).json()
    assert (saved["subject"], saved["priority"], saved["status"]) == ("x", 2, 1)
    assert (saved["assignee"], saved["owner"]) == (None, ticket["owner"])
    assert saved["createdUtc"] == ticket["createdUtc"] < saved["updatedUtc"]


def test_tickets_are_found_by_tags(client: httpx.Client) -> None:
    tags = [{"key": "Cause", "value": "Cable"}, {"key": "Done", "value": None}]
    ticket = client.post(f"{ROOT}/Ticket", json={"subject": "x", "tags": tags}).json()
    for text, found in (("caus", [ticket]), ("CABLE", [ticket]), ("none", []), ("", [ticket])):
        query = {"status": "1", "view": "2", "searchString": text}
        assert client.get(f"{ROOT}/Tickets", params=query).json() == found


@pytest.mark.parametrize(
    ("headers", "body", "message"),
    [
        ({}, b"x", "The request must be multipart/form-data."),
        ({"Content-Type": "multipart/form-data"}, b"x", "The request must be multipart/form-data."),
        (FORM, b"--b--\r\n", "The form must hold one file."),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
            "The form must hold one file.",
        ),
    ],
)
def test_an_upload_without_a_file_is_refused(
    client: httpx.Client, headers: dict[str, str], body: bytes, message: str
) -> None:
    response = client.post(f"{ROOT}/Attachment", headers=headers, content=body)
    assert refusal(response) == message


def test_the_file_among_other_fields_is_kept(client: httpx.Client) -> None:
    files = {"file": ('a"\r\nb.bin', b"\r\n--x\r\n", "image/png")}
    key = client.post(f"{ROOT}/Attachment", files=files, data={"comment": "x"}).json()
    got = client.get(f"{ROOT}/Attachment", params={"attachmentId": key.upper()})
    assert got.content == b"\r\n--x\r\n"
    assert "content-disposition" not in got.headers
    named = client.get(f"{ROOT}/Attachment", params={"attachmentId": key, "fileName": "ø.bin"})
    assert named.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%B8.bin"
    update = {"attachments": [{"attachmentId": key}]}
    ticket = client.post(f"{ROOT}/Ticket", json={"subject": "x", "update": update}).json()
    (entry,) = ticket["history"]
    assert entry["attachments"] == [{"attachmentId": key, "filename": 'a"\r\nb.bin'}]
