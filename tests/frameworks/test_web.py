"""Web applications on real sockets: ids in and out, errors as answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.frameworks.conftest import Running

TRACE_ID = "5b8efff798038103d269b633813fc60c"
FAILED = {
    "fastapi": (504, "Gateway Timeout"),
    "flask": (504, "Gateway Timeout"),
    "django": (502, "Bad Gateway"),
}


@pytest.mark.parametrize("name", FAILED)
def test_ids_go_in_and_out_and_errors_become_responses(
    programs: Callable[[str], Running], name: str
) -> None:
    *responses, ids = programs(name).printed.result()
    status, phrase = FAILED[name]
    found = (200, {"name": "Power board"})
    third = (200, {"number": "PCBA-100"}) if name == "fastapi" else found
    assert [(int(line[:3]), json.loads(line[4:])) for line in responses] == [
        *(found, found, third),
        (404, {"error": "Not Found", "correlation_id": "order-4712"}),
        (status, {"error": phrase, "correlation_id": "order-4713"}),
    ]
    assert ids == f"ids: ['{TRACE_ID}', 'order-4711'] WATS saw the same ids: True"


def test_under_asgi_ids_and_traces_reach_plain_views_and_threads_of_asynchronous_ones(
    programs: Callable[[str], Running],
) -> None:
    responses = [f'{{"name": "Power board"}} {each}' for each in (TRACE_ID, "order-4711")]
    seen = [f"{TRACE_ID} {each}" for each in (TRACE_ID, "order-4711")]
    assert programs("asgi").printed.result() == [*responses * 2, *seen * 2]
