from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pywats import errors
from pywats.http.status import parse_retry_after, status_error

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("120", 120.0),
        ("1.5", 1.5),
        ("-5", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999", None),
        ("", None),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 12:00:30 -0000", 30.0),
        ("Tue, 24 Nov 2026 11:59:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, now=lambda: NOW) == seconds


def test_a_date_is_compared_with_now() -> None:
    assert parse_retry_after("Tue, 24 Nov 2020 12:00:30 GMT") == 0.0


@pytest.mark.parametrize(
    ("status", "kind", "builtin"),
    [
        (400, errors.BadRequestError, ValueError),
        (401, errors.AuthenticationError, Exception),
        (403, errors.PermissionDeniedError, PermissionError),
        (404, errors.NotFoundError, LookupError),
        (409, errors.ConflictError, Exception),
        (418, errors.WATSStatusError, Exception),
        (422, errors.BadRequestError, ValueError),
        (429, errors.RateLimitError, Exception),
        (500, errors.ServerError, Exception),
        (599, errors.ServerError, Exception),
    ],
)
def test_each_status_has_its_class(
    status: int, kind: type[errors.WATSStatusError], builtin: type[Exception]
) -> None:
    error = status_error("GET /x", status, "", retry_after=None, may_have_been_executed=False)
    assert type(error) is kind
    assert isinstance(error, builtin)
    assert isinstance(error, errors.WATSError)
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "excerpt", "message"),
    [
        (
            404,
            "No such part.",
            "GET /x answered 404 Not Found: No such part. "
            "(check the names in the request and the path of base_url)",
        ),
        (500, "", "GET /x answered 500 Internal Server Error"),
        (
            302,
            "",
            "GET /x answered 302 Found "
            "(redirects are not followed: set base_url to the address the server wants)",
        ),
        (599, "odd", "GET /x answered 599: odd"),
    ],
)
def test_the_message_says_what_the_server_said_and_what_to_do(
    status: int, excerpt: str, message: str
) -> None:
    error = status_error("GET /x", status, excerpt, retry_after=None, may_have_been_executed=False)
    assert str(error) == message
