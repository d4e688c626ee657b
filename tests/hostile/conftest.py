from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from pywats import configure_logging
from tests.hostile.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def told() -> Iterator[Told]:
    made, root = Told(), logging.getLogger()
    level = root.level
    handler = configure_logging(stream=made.lines)
    yield made
    root.removeHandler(handler)
    root.setLevel(level)
