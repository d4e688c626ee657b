from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from pywats.errors import CallConnectionError, NotFoundError, WATSStatusError
from pywats.observability.response_facts import request_method_of, retry_after_of, status_of


class Foreign(Exception):
    def __init__(self, **attributes: object) -> None:
        super().__init__()
        vars(self).update(attributes)


class Hostile(Exception):
    @property
    def response(self) -> object:
        raise RuntimeError("no response is set")

    status_code = headers = retry_after = request = response


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x", status=404), 404),
        (WATSStatusError("x", status=302), 302),
        (CallConnectionError("broke off", status=503), None),
        (Foreign(status_code=503), 503),
        (Foreign(status=HTTPStatus.BAD_GATEWAY), 502),
        (Foreign(status=200), None),
        (Foreign(status=True), None),
        (Foreign(status="503"), None),
        (Foreign(code=503), None),
        (Foreign(code=503, response=SimpleNamespace()), 503),
        (Foreign(response=SimpleNamespace(status=504)), 504),
        (Foreign(response={"ResponseMetadata": {"HTTPStatusCode": 429}}), 429),
        (Foreign(response={}), None),
        (Foreign(response={"ResponseMetadata": None}), None),
        (Hostile(), None),
        (ValueError(), None),
    ],
    ids=repr,
)
def test_status(error: Exception, status: int | None) -> None:
    assert status_of(error) == status


class Broken:
    def get(self, name: str) -> str:
        raise LookupError(name)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (WATSStatusError("x", retry_after=3.0), 3.0),
        (WATSStatusError("x"), None),
        (Foreign(retry_after=7), 7.0),
        (Foreign(retry_after=timedelta(seconds=1.5)), 1.5),
        (Foreign(retry_after=-1), None),
        (Foreign(retry_after=float("nan")), None),
        (Foreign(retry_after=True, headers={"RETRY-AFTER": "9"}), 9.0),
        (Foreign(headers={"retry-after": b"9"}), 9.0),
        (Foreign(headers={"retry-after": 9}), None),
        (Foreign(headers={"other": "9"}), None),
        (Foreign(headers=Broken()), None),
        (Foreign(response=SimpleNamespace(headers=httpx.Headers({"Retry-After": "4"}))), 4.0),
        (Foreign(response={"ResponseMetadata": {"HTTPHeaders": {"retry-after": "5"}}}), 5.0),
        (
            Foreign(
                headers={
                    "Retry-After": "Tue, 24 Nov 2026 12:00:30 GMT",
                    "Date": "Tue, 24 Nov 2026 12:00:00 GMT",
                }
            ),
            30.0,
        ),
        (Hostile(), None),
        (ValueError(), None),
    ],
    ids=repr,
)
def test_retry_after(error: Exception, seconds: float | None) -> None:
    assert retry_after_of(error) == seconds


@pytest.mark.parametrize(
    ("error", "method"),
    [
        (httpx.ReadTimeout("", request=httpx.Request("POST", "http://h/")), "POST"),
        (httpx.ReadTimeout("no request is set"), None),
        (Foreign(request_info=SimpleNamespace(method="get")), "GET"),
        (Foreign(response=SimpleNamespace(request=SimpleNamespace(method="PUT"))), "PUT"),
        (Foreign(request=SimpleNamespace(method=b"GET")), None),
        (Hostile(), None),
    ],
    ids=repr,
)
def test_request_method(error: Exception, method: str | None) -> None:
    assert request_method_of(error) == method


def test_a_limit_of_the_caller_that_ends_in_a_property_is_not_swallowed() -> None:
    class Slow(Exception):
        @property
        def response(self) -> Any:
            import sys  # noqa: PLC0415 - a handler of a signal, called as Python calls one

            handler(14, sys._getframe())
            return None

    def handler(_signum: int, _frame: object) -> None:
        raise TimeoutError("job limit")

    with pytest.raises(TimeoutError, match="job limit"):
        status_of(Slow())
