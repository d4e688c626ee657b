"""Web applications on real sockets: ids in and out, errors as answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.frameworks.conftest import Running

FAILED = {"flask": (504, "Gateway Timeout"), "django": (502, "Bad Gateway")}


@pytest.mark.parametrize("name", FAILED)
def test_ids_go_in_and_out_and_errors_become_answers(
    programs: Callable[[str], Running], name: str
) -> None:
    *answers, ids = programs(name).printed.result()
    status, phrase = FAILED[name]
    found = (200, {"name": "Power board"})
    assert [(int(line[:3]), json.loads(line[4:])) for line in answers] == [
        *(found, found, found),
        (404, {"error": "Not Found", "correlation_id": "order-4712"}),
        (status, {"error": phrase, "correlation_id": "order-4713"}),
    ]
    assert ids == (
        "ids: ['5b8efff798038103d269b633813fc60c', 'order-4711'] "
        "WATS saw those of all answers: True"
    )
