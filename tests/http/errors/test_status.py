from __future__ import annotations

import pytest

from pywats import errors
from pywats.http.errors.status import status_error


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
            "GET /x returned 404 Not Found: No such part. "
            "(check the names in the request and the path of base_url)",
        ),
        (500, "", "GET /x returned 500 Internal Server Error"),
        (
            302,
            "",
            "GET /x returned 302 Found "
            "(redirects are not followed: set base_url to the address the server wants)",
        ),
        (599, "odd", "GET /x returned 599: odd"),
    ],
)
def test_the_message_says_what_the_server_said_and_what_to_do(
    status: int, excerpt: str, message: str
) -> None:
    error = status_error("GET /x", status, excerpt, retry_after=None, may_have_been_executed=False)
    assert str(error) == message
