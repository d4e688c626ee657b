"""The pytest plugin of pywats: a server, a client of it, and what the client sent.

pytest loads its plugins in every run of every project. This one stands outside the package, and
its imports inside the fixtures, so that only tests that use it pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from pywats.testing import CapturedCalls


@pytest.fixture
def wats_sandbox() -> Iterator[Sandbox]:
    """A WATS-compatible server of the test's own (`pywats.sandbox.Sandbox`), running and empty."""
    try:
        from pywats.sandbox import Sandbox  # noqa: PLC0415 - an extra, and see above
    except ModuleNotFoundError as missing:
        pytest.fail(
            f"The fixture needs {missing.name}: pip install 'pywats[sandbox]'", pytrace=False
        )
    with Sandbox() as running:
        yield running


@pytest.fixture
def wats_client(wats_sandbox: Sandbox) -> Iterator[pyWATS]:
    """A client (`pywats.pyWATS`) of the server, without retries, closed after the test."""
    from pywats import pyWATS  # noqa: PLC0415 - see above

    # Said here, because PYWATS_MAX_RETRIES in the environment would switch them on.
    with pyWATS(wats_sandbox.base_url, wats_sandbox.token, retry_enabled=False) as client:
        yield client


@pytest.fixture
def captured_calls(wats_sandbox: Sandbox) -> CapturedCalls:
    """What was sent to the server so far, by whatever client (`pywats.testing.CapturedCalls`)."""
    from pywats.testing import CapturedCalls  # noqa: PLC0415 - see above

    return CapturedCalls(wats_sandbox)
