"""Scenarios of the SCIM service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import (
    ScimPatchOperation,
    ScimPatchPath,
    ScimPatchRequest,
    ScimUser,
    ScimUserEmail,
    ScimUserName,
)
from pywats.services import ScimService

if TYPE_CHECKING:
    from tests.services.bench import Bench, Scenario

SERVICE = ScimService

USERS = "/api/SCIM/v2/Users"
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def a_user_is_created_read_and_deleted(bench: Bench) -> None:
    user = ScimUser(
        user_name="åse/o'neil@example.com",
        display_name="Åse O'Neil",
        name=ScimUserName(given_name="Åse", family_name="O'Neil"),
        emails=[ScimUserEmail(value="ase@example.com", type="work", primary=True)],
    )
    created = await bench.call("create_user", user)
    assert bench.sent == [f"POST {USERS}"]
    assert bench.last == {
        "userName": "åse/o'neil@example.com",
        "displayName": "Åse O'Neil",
        "name": {"givenName": "Åse", "familyName": "O'Neil"},
        "emails": [{"value": "ase@example.com", "type": "work", "primary": True}],
        "schemas": [USER_SCHEMA],
    }
    (request,) = bench.requests
    assert request.header("content-type") == "application/scim+json"
    assert request.header("accept") == "application/scim+json, application/json"
    # The caller's own object is left alone.
    assert user.schemas is None
    assert (created.active, created.name, created.emails) == (True, user.name, user.emails)
    assert created.meta.resource_type == "User"
    assert await bench.call("get_user", created.id) == created
    assert bench.sent == [f"GET {USERS}/{created.id}"]
    assert await bench.call("get_user_by_username", "åse/o'neil@example.com") == created
    assert bench.sent == [f"GET {USERS}/userName=%C3%A5se%2Fo%27neil%40example.com"]
    assert await bench.call("delete_user", created.id) is None
    assert bench.sent == [f"DELETE {USERS}/{created.id}"]
    assert (await bench.call("get_users")).total_results == 0


async def users_are_listed(bench: Bench) -> None:
    for number in range(1, 6):
        await bench.call("create_user", ScimUser(user_name=f"user{number}"))
    everyone = await bench.call("get_users")
    assert bench.sent == [f"GET {USERS}"]
    assert (everyone.total_results, everyone.start_index, everyone.items_per_page) == (5, 1, 5)
    page = await bench.call("get_users", 4, 3)
    assert bench.sent == [f"GET {USERS}?startIndex=4&count=3"]
    assert (page.total_results, page.start_index, page.items_per_page) == (5, 4, 2)
    assert [user.user_name for user in page.resources] == ["user4", "user5"]
    nothing = await bench.call("get_users", count=0)
    assert bench.sent == [f"GET {USERS}?count=0"]
    assert (nothing.total_results, nothing.resources) == (5, [])
    found = await bench.call("get_users", filter='userName eq "USER3"')
    assert bench.sent == [f"GET {USERS}?filter=userName%20eq%20%22USER3%22"]
    assert [user.user_name for user in found.resources] == ["user3"]


async def users_are_iterated_over(bench: Bench) -> None:
    for number in range(1, 6):
        await bench.call("create_user", ScimUser(user_name=f"user{number}"))

    async def names(*args: object, **kwargs: object) -> list[str]:
        return [user.user_name for user in await bench.call("iter_users", *args, **kwargs)]

    assert await names() == ["user1", "user2", "user3", "user4", "user5"]
    assert bench.sent == [f"GET {USERS}?startIndex=1&count=100"]
    assert len(await names(2)) == 5
    assert bench.sent == [f"GET {USERS}?startIndex={start}&count=2" for start in (1, 3, 5)]
    assert await names(2, 3) == ["user1", "user2", "user3"]
    assert bench.sent == [
        f"GET {USERS}?startIndex=1&count=2",
        f"GET {USERS}?startIndex=3&count=1",
    ]
    assert await names(filter="active eq false") == []
    assert bench.sent == [f"GET {USERS}?filter=active%20eq%20false&startIndex=1&count=100"]


async def a_user_is_changed(bench: Bench) -> None:
    key = (await bench.call("create_user", ScimUser(user_name="ann"))).id
    path = f"PATCH {USERS}/{key}"

    def replacing(what: str, *, value: str | bool) -> dict[str, object]:
        operation = {"op": "replace", "path": what, "value": value}
        return {"Operations": [operation], "schemas": [PATCH_SCHEMA]}

    assert (await bench.call("deactivate_user", key)).active is False
    assert (bench.sent, bench.last) == ([path], replacing("active", value=False))
    assert bench.requests[0].header("content-type") == "application/scim+json"
    assert (await bench.call("set_user_active", key, True)).active is True
    assert (bench.sent, bench.last) == ([path], replacing("active", value=True))
    renamed = await bench.call("update_display_name", key, "Ann Ø")
    assert (bench.sent, bench.last) == ([path], replacing("fullName", value="Ann Ø"))
    assert (renamed.display_name, renamed.name) == ("Ann Ø", ScimUserName(formatted="Ann Ø"))
    operations = [
        ScimPatchOperation(path=ScimPatchPath.GIVEN_NAME, value="Ann"),
        ScimPatchOperation(path="familyName", value="Ø"),
        ScimPatchOperation(path="email", value="ann@example.com"),
        ScimPatchOperation(path="roles", value="Operator"),
        ScimPatchOperation(path="levels", value="Line 1;Line 2"),
        ScimPatchOperation(path="levels", value="Line 2;Line 3"),
        ScimPatchOperation(path="productGroups", value="Power"),
    ]
    changed = await bench.call("update_user", key, ScimPatchRequest(operations=operations))
    assert bench.sent == [path]
    assert bench.last["Operations"][0] == {"op": "replace", "path": "givenName", "value": "Ann"}
    assert changed.name == ScimUserName(formatted="Ann Ø", given_name="Ann", family_name="Ø")
    assert [email.value for email in changed.emails] == ["ann@example.com"]
    assert changed.model_extra == {
        "roles": [{"value": "Operator"}],
        "levels": "Line 1;Line 2;Line 3",
        "productGroups": "Power",
    }
    assert changed.meta.last_modified > changed.meta.created


async def a_token_is_created(bench: Bench) -> None:
    token = await bench.call("get_token")
    assert bench.sent == ["GET /api/SCIM/v2/Token?duration=90"]
    assert token.duration_days == 90
    assert token.token.count(".") == 2
    other = await bench.call("get_token", 7)
    assert bench.sent == ["GET /api/SCIM/v2/Token?duration=7"]
    assert other.token != token.token
    assert other.expires_utc < token.expires_utc


SCENARIOS: list[Scenario] = [
    a_user_is_created_read_and_deleted,
    users_are_listed,
    users_are_iterated_over,
    a_user_is_changed,
    a_token_is_created,
]
