"""The SCIM service: what is refused, what stays secret, and how servers may respond."""

from __future__ import annotations

import json
import logging
import pickle
from typing import TYPE_CHECKING

import pydantic
import pytest

from pywats import AsyncWATS, RetryConfig
from pywats.errors import (
    BadRequestError,
    ConflictError,
    NotFoundError,
    WATSConnectionError,
    WATSDecodeError,
)
from pywats.models import (
    ScimListResponse,
    ScimPatchOperation,
    ScimPatchPath,
    ScimPatchRequest,
    ScimToken,
    ScimUser,
)
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.client.sync_services import SyncScimService
    from pywats.sandbox import Sandbox

USERS = "/api/SCIM/v2/Users"
TOKEN = "/api/SCIM/v2/Token"
UNKNOWN = "6f7c2f0e-9d5f-4f0e-8f57-0a4a3d1c2b1a"
FAST = RetryConfig(max_retries=3, max_backoff=0.01)
SECRET = "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.c2VjcmV0"


def patch(path: str, *, value: str | bool) -> ScimPatchRequest:
    return ScimPatchRequest(operations=[ScimPatchOperation(path=path, value=value)])


def new_user(api: pyWATS, name: str = "ann") -> str:
    created = api.scim.create_user(ScimUser(user_name=name))
    assert created.id is not None
    return created.id


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda s: s.get_token(0), ValueError, "duration_days=0: must be an integer >= 1"),
        (lambda s: s.get_token(True), TypeError, "duration_days=True: must be an integer"),
        (lambda s: s.get_token(1.5), TypeError, "duration_days=1.5: must be an integer"),
        (lambda s: s.get_users(0), ValueError, "start_index=0: must be an integer >= 1"),
        (lambda s: s.get_users(1, -1), ValueError, "count=-1: must be an integer >= 0"),
        (lambda s: s.get_users("1"), TypeError, "start_index='1': must be an integer"),
        (lambda s: s.get_users(filter=""), ValueError, "filter='': must be a non-empty string"),
        (lambda s: s.iter_users(0), ValueError, "page_size=0: must be an integer >= 1"),
        (lambda s: s.iter_users(max_users=0), ValueError, "max_users=0: must be an integer >= 1"),
        (lambda s: s.iter_users(filter=7), TypeError, "filter=7: must be a non-empty string"),
        (lambda s: s.get_user("ann"), ValueError, "user_id='ann': must be a UUID"),
        (lambda s: s.get_user(7), TypeError, "user_id=7: must be a UUID, not int"),
        (lambda s: s.get_user_by_username(""), ValueError, "username='': must be"),
        (lambda s: s.create_user({"userName": "a"}), TypeError, "user={'userName': 'a'}: must be"),
        (lambda s: s.create_user(ScimUser()), TypeError, "user.user_name=None: must be a"),
        (lambda s: s.delete_user(" "), ValueError, "user_id=' ': must be a non-empty string"),
        (lambda s: s.delete_user(7), TypeError, "user_id=7: must be a non-empty string"),
        (lambda s: s.delete_user(".."), ValueError, "id='..' cannot be a path segment"),
        (lambda s: s.deactivate_user(""), ValueError, "user_id='': must be a non-empty string"),
        (lambda s: s.set_user_active(UNKNOWN, 1), TypeError, "active=1: must be True or False"),
        (lambda s: s.update_display_name(UNKNOWN, ""), ValueError, "display_name='': must be"),
        (
            lambda s: s.update_user(UNKNOWN, {"Operations": []}),
            TypeError,
            "patch_request={'Operations': []}: must be a ScimPatchRequest, not dict",
        ),
        (
            lambda s: s.update_user(UNKNOWN, ScimPatchRequest(operations=[])),
            ValueError,
            "patch_request.operations=[]: must hold at least one ScimPatchOperation",
        ),
        (
            lambda s: s.update_user(UNKNOWN, patch("active", value="false")),
            TypeError,
            "active='false': must be True or False, not str",
        ),
        (
            lambda s: s.update_user(UNKNOWN, patch("email", value=True)),
            TypeError,
            "email=True: must be a text, not bool",
        ),
        (lambda s: s.update_user(UNKNOWN, patch("", value="x")), ValueError, "path='': must be"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    api: pyWATS,
    sandbox: Sandbox,
    call: Callable[[SyncScimService], object],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error) as caught:
        call(api.scim)
    assert str(caught.value).startswith(text)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    "wrong", [{"value": 1}, {"value": None}, {"value": "a", "op": "add"}, {"value": "a", "path": 1}]
)
def test_a_change_of_another_form_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(pydantic.ValidationError):
        ScimPatchOperation.model_validate({"path": "email"} | wrong)


def test_a_user_is_found_by_any_name(api: pyWATS) -> None:
    names = ["A/B#1?x", "a b", "æøå@example.com", "100%", 'say "hi"', "it's", "a+b", "userName=x"]
    for name in names:
        new_user(api, name)
        assert api.scim.get_user_by_username(name).user_name == name
    assert [user.user_name for user in api.scim.iter_users(3)] == names
    found = api.scim.get_users(filter=r'userName eq "say \"hi\""')
    assert [user.user_name for user in found.resources or []] == ['say "hi"']


def test_errors_of_the_server_are_typed(api: pyWATS) -> None:
    key = new_user(api)
    with pytest.raises(ConflictError, match="There is a user 'ANN' already"):
        api.scim.create_user(ScimUser(user_name="ANN"))
    for call in (
        lambda: api.scim.get_user(UNKNOWN),
        lambda: api.scim.get_user_by_username("bob"),
        lambda: api.scim.delete_user(UNKNOWN),
        lambda: api.scim.deactivate_user(UNKNOWN),
    ):
        with pytest.raises(NotFoundError, match="does not exist"):
            call()
    with pytest.raises(BadRequestError, match="The filter is not supported: userName is 1"):
        api.scim.get_users(filter="userName is 1")
    with pytest.raises(BadRequestError, match="The role 'Boss' does not exist"):
        api.scim.update_user(key, patch("roles", value="Boss"))
    with pytest.raises(BadRequestError, match="The path 'displayName' is not supported"):
        api.scim.update_user(key, patch("displayName", value="Ann"))


def test_a_failed_change_leaves_the_user_as_it_was(api: pyWATS) -> None:
    key = new_user(api)
    before = api.scim.get_user(key)
    operations = [
        ScimPatchOperation(path=ScimPatchPath.ACTIVE, value=False),
        ScimPatchOperation(path=ScimPatchPath.ROLES, value="Boss"),
    ]
    with pytest.raises(BadRequestError):
        api.scim.update_user(key, ScimPatchRequest(operations=operations))
    assert api.scim.get_user(key) == before


def test_the_user_is_read_where_the_server_leaves_it_out_of_its_response(
    api: pyWATS, sandbox: Sandbox
) -> None:
    key = new_user(api)
    sandbox.inject("PATCH", f"{USERS}/{{id}}", Fault.status(204, body=b""))
    sandbox.inject("POST", USERS, Fault.status(201, body=b""))
    sandbox.clear()
    user = api.scim.deactivate_user(key)
    assert user == api.scim.get_user(key)
    assert api.scim.create_user(ScimUser(user_name="ann")) == user
    assert [f"{request.method} {request.path}" for request in sandbox.requests] == [
        f"PATCH {USERS}/{key}",
        f"GET {USERS}/{key}",
        f"GET {USERS}/{key}",
        f"POST {USERS}",
        f"GET {USERS}/userName=ann",
    ]


def test_unknown_fields_nulls_and_schemas_of_a_user_are_sent_as_they_are(
    api: pyWATS, sandbox: Sandbox
) -> None:
    sent = {
        "userName": "ann",
        "displayName": None,
        "schemas": ["urn:a", "urn:b"],
        "urn:b": {"costCenter": 7},
        "name": {"givenName": None, "middleName": "B"},
        "meta": {"created": "2026-01-02T03:04:05.1234567Z", "custom": 1},
        "roles": [{"value": "x"}],
    }
    user = ScimUser.model_validate_json(json.dumps(sent))
    api.scim.create_user(user)
    assert json.loads(sandbox.requests[-1].body) == sent


def test_a_page_that_fails_is_retried(connect: Callable[..., pyWATS], sandbox: Sandbox) -> None:
    api = connect(retry_config=FAST)
    for number in range(1, 6):
        new_user(api, f"user{number}")
    users = api.scim.iter_users(2)
    assert next(users).user_name == "user1"
    sandbox.inject("GET", USERS, Fault.status(503), times=1)
    assert [user.user_name for user in users] == ["user2", "user3", "user4", "user5"]


def page(names: list[str], **more: object) -> bytes:
    return json.dumps({"Resources": [{"userName": name} for name in names], **more}).encode()


def test_a_server_may_cut_pages_and_not_count(api: pyWATS, sandbox: Sandbox) -> None:
    for body in (page(["a", "b"]), page(["c"]), b'{"totalResults": null}'):
        sandbox.inject("GET", USERS, Fault.status(200, body=body), times=1)
    assert [user.user_name for user in api.scim.iter_users(3)] == ["a", "b", "c"]
    assert [request.target for request in sandbox.requests] == [
        f"{USERS}?startIndex={start}&count=3" for start in (1, 3, 4)
    ]


def test_a_server_may_ignore_the_size_of_a_page(api: pyWATS, sandbox: Sandbox) -> None:
    body = page(["a", "b", "c"], totalResults=3)
    sandbox.inject("GET", USERS, Fault.status(200, body=body))
    assert [user.user_name for user in api.scim.iter_users(1)] == ["a", "b", "c"]
    assert [user.user_name for user in api.scim.iter_users(1, 2)] == ["a", "b"]
    assert len(sandbox.requests) == 2


async def test_an_iterator_can_be_asked_again_after_an_error(sandbox: Sandbox) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        for name in ("a", "b"):
            await api.scim.create_user(ScimUser(user_name=name))
        users = api.scim.iter_users(1)
        assert (await anext(users)).user_name == "a"
        sandbox.inject("GET", USERS, Fault.status(400), times=1)
        with pytest.raises(BadRequestError):
            await anext(users)
        assert [user.user_name async for user in users] == ["b"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"Resources": {}}'])
def test_a_page_that_is_none_is_an_error(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", USERS, Fault.status(200, body=body))
    with pytest.raises(WATSDecodeError):
        api.scim.get_users()


def test_a_page_of_nothing_may_have_no_list(api: pyWATS, sandbox: Sandbox) -> None:
    sandbox.inject("GET", USERS, Fault.status(200, body=b'{"totalResults": 0}'))
    assert api.scim.get_users() == ScimListResponse(total_results=0)


def test_a_token_is_not_asked_for_twice(connect: Callable[..., pyWATS], sandbox: Sandbox) -> None:
    api = connect(retry_config=FAST)
    sandbox.inject("GET", TOKEN, Fault.close(executed=True))
    with pytest.raises(WATSConnectionError) as caught:
        api.scim.get_token()
    assert caught.value.may_have_been_executed
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"token": SECRET, "expiresUtc": "2026-04-02T03:04:05Z", "durationDays": 90},
        {"token": SECRET, "expires": "2026-04-02T03:04:05Z", "duration": 90},
    ],
)
def test_a_token_may_come_in_an_object(
    api: pyWATS, sandbox: Sandbox, body: dict[str, object]
) -> None:
    sandbox.inject("GET", TOKEN, Fault.status(200, body=json.dumps(body).encode()))
    token = api.scim.get_token()
    assert (token.token, token.duration_days) == (SECRET, 90)
    assert token.expires_utc is not None
    assert token.expires_utc.isoformat() == "2026-04-02T03:04:05+00:00"
    assert json.loads(token.to_wire_json()) == body


def test_a_token_may_come_alone(api: pyWATS, sandbox: Sandbox) -> None:
    sandbox.inject("GET", TOKEN, Fault.status(200, body=json.dumps(SECRET).encode()))
    assert api.scim.get_token() == ScimToken(token=SECRET)


def test_a_token_is_not_shown(
    api: pyWATS,
    sandbox: Sandbox,
    log_lines: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"token": SECRET, "access_token": SECRET, "durationDays": 90}
    sandbox.inject("GET", TOKEN, Fault.status(200, body=json.dumps(body).encode()))
    token = api.scim.get_token()
    assert repr(token) == "ScimToken(duration_days=90)"
    assert str(token) == "duration_days=90"
    assert token.model_extra == {"access_token": SECRET}
    assert pickle.loads(pickle.dumps(token)) == token  # noqa: S301 - our own
    assert SECRET not in "".join([*log_lines, caplog.text])
    assert SECRET not in repr(sandbox.requests)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([SECRET]).encode(),
        json.dumps({"token": {"value": SECRET}}).encode(),
        json.dumps({"token": SECRET, "durationDays": SECRET}).encode(),
        SECRET.encode(),
        b"<jwt>" + SECRET.encode() + b"</jwt>",
    ],
)
def test_an_error_of_decoding_shows_no_token(api: pyWATS, sandbox: Sandbox, body: bytes) -> None:
    sandbox.inject("GET", TOKEN, Fault.status(200, body=body))
    with pytest.raises(WATSDecodeError) as caught:
        api.scim.get_token()
    assert SECRET not in str(caught.value)
    assert caught.value.excerpt == ""
    assert caught.value.__context__ is None
    assert "GET /api/SCIM/v2/Token returned 200 with" in str(caught.value)


def test_a_wrong_assignment_to_a_token_shows_no_token() -> None:
    with pytest.raises(ValueError, match="duration_days") as caught:
        ScimToken(token=SECRET).duration_days = SECRET  # type: ignore[assignment]  # the mistake
    assert SECRET not in str(caught.value)
