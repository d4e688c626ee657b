"""The users of the sandbox: what it says to requests that the client would not send."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pywats.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = "/api/SCIM/v2/Users"
TOKEN = "/api/SCIM/v2/Token"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


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


def operation(op: str, path: str, value: object) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("startIndex=x", "The value 'x' is not valid for startIndex."),
        ("count=1.5", "The value '1.5' is not valid for count."),
        ("filter=userName", "The filter is not supported: userName"),
        (
            'filter=a eq "b" or c eq "d"',
            'The filter is not supported: a eq "b" or c eq "d"',
        ),
    ],
)
def test_bad_queries_are_refused(client: httpx.Client, query: str, message: str) -> None:
    assert refusal(client.get(f"{USERS}?{query}")) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"schemas": [PATCH]}, "The request is not a SCIM PatchOp."),
        ({"Operations": [{}]}, "The request is not a SCIM PatchOp."),
        (operation("add", "active", value=True), "The operation 'add' is not supported."),
        (operation("replace", "title", "x"), "The path 'title' is not supported."),
        (operation("replace", "active", "true"), "The value for 'active' is not valid."),
        (operation("replace", "email", value=True), "The value for 'email' is not valid."),
    ],
)
def test_bad_changes_are_refused(
    client: httpx.Client, body: dict[str, object], message: str
) -> None:
    user = client.post(USERS, json={"userName": "ann"}).json()
    assert refusal(client.patch(f"{USERS}/{user['id']}", json=body)) == message
    assert client.get(f"{USERS}/{user['id']}").json() == user


def test_the_name_of_an_operation_may_have_any_case(client: httpx.Client) -> None:
    user = client.post(USERS, json={"userName": "ann"}).json()
    body = operation("Replace", "active", value=False)
    assert client.patch(f"{USERS}/{user['id'].upper()}", json=body).json()["active"] is False


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('userName eq "ANN"', ["ann"]),
        ('USERNAME SW "a"', ["ann", "axl"]),
        ('displayName co "ob"', ["bob"]),
        ('userName ew "b"', ["bob"]),
        ('userName ne "bob"', ["ann", "axl"]),
        ("active eq False", ["axl"]),
        ('emails.value eq "b@x"', ["bob"]),
        ('name.familyName eq "xx"', []),
        ('userName.more eq "ann"', []),
        ('externalId eq "none"', []),
    ],
)
def test_users_are_filtered(client: httpx.Client, text: str, names: list[str]) -> None:
    client.post(USERS, json={"userName": "ann"})
    emails = [{"value": "a@x"}, {"value": "b@x"}]
    client.post(USERS, json={"userName": "bob", "displayName": "Bob", "emails": emails})
    client.post(USERS, json={"userName": "axl", "active": False})
    found = client.get(USERS, params={"filter": text}).json()
    assert [user["userName"] for user in found["Resources"]] == names
    assert found["totalResults"] == len(names)


def test_numbers_below_the_least_stand_for_it(client: httpx.Client) -> None:
    client.post(USERS, json={"userName": "ann"})
    page = client.get(f"{USERS}?startIndex=-3&count=-1").json()
    assert (page["startIndex"], page["itemsPerPage"], page["Resources"]) == (1, 0, [])
    assert page["totalResults"] == 1


def test_responses_have_the_media_type_and_the_status_of_scim(client: httpx.Client) -> None:
    response = client.post(USERS, json={"userName": "ann", "id": "mine", "meta": {"x": 1}})
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/scim+json; charset=utf-8"
    user = response.json()
    assert user["meta"]["location"] == f"{USERS}/{user['id']}"
    assert user["id"] != "mine"
    gone = client.delete(f"{USERS}/{user['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.delete(f"{USERS}/{user['id']}").status_code == 404
    assert refusal(client.get(f"{USERS}/ann")) == "The value 'ann' is not valid for an id."
    assert refusal(client.post(USERS, json={})) == "The userName field is required."


def test_a_token_has_the_form_of_one() -> None:
    start = datetime(2026, 1, 2, tzinfo=UTC)
    with Sandbox(start=start) as sandbox:
        auth = (sandbox.username, sandbox.password)
        response = httpx.get(f"{sandbox.base_url}{TOKEN}", auth=auth).json()
        for text in ("0", "-1", "x"):
            bad = httpx.get(f"{sandbox.base_url}{TOKEN}?duration={text}", auth=auth)
            assert refusal(bad) == f"The value '{text}' is not valid for duration."
    header, claims, signature = [
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in response["token"].split(".")
    ]
    assert json.loads(header) == {"alg": "none", "typ": "JWT"}
    expires = start + timedelta(days=90, seconds=1)
    assert json.loads(claims)["exp"] == expires.timestamp()
    assert response["expiresUtc"] == "2026-04-02T00:00:01.000000Z"
    assert (response["durationDays"], signature) == (90, b"")
