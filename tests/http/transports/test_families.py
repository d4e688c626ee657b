"""Requests of httpx, of its fork, of subclasses, and of neither."""

from __future__ import annotations

import httpx
import httpx2
import pytest

from pywats.http.transports.families import family_of


class Own(httpx.Request):
    pass


@pytest.mark.parametrize(
    ("request_", "family"),
    [
        (httpx.Request("GET", "http://wats"), httpx),
        (Own("GET", "http://wats"), httpx),
        (httpx2.Request("GET", "http://wats"), httpx2),
        (object(), httpx),
    ],
    ids=["httpx", "subclass", "httpx2", "another"],
)
def test_the_package_of_a_request(request_: object, family: object) -> None:
    assert family_of(request_) is family
