from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    """Let these tests out: a live store may be on another machine."""
