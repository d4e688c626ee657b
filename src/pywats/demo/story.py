"""The scenes of the demo: four calls with the faults that a test station meets in a week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pywats import RetryConfig, SyncConfig, pyWATS
from pywats.sandbox import Fault, Sandbox

__all__ = ["PART", "PICTURED", "SCENES", "SETTINGS", "Scene"]

PART = "PCBA-100"
ROUTE = "/api/Product/{partNumber}"

# Waits and limits are short so that the story takes two seconds, not two minutes.
SETTINGS = SyncConfig(
    timeout=0.25, retry_enabled=True, retry=RetryConfig(max_retries=2, backoff=2.0, max_backoff=0.2)
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One call, and the faults that it meets.

    Attributes:
        title: What happens.
        code: The call as a user writes it.
        prepare: Sets the faults on the sandbox.
        call: Makes the call; its exception is part of the scene.
    """

    title: str
    code: str
    prepare: Callable[[Sandbox], object]
    call: Callable[[pyWATS], object]


def _fair(_: Sandbox) -> None:
    """No fault."""


def _silence_then_503(sandbox: Sandbox) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang(), times=1)
    sandbox.inject("GET", ROUTE, Fault.status(503), times=1)


PICTURED = Scene(
    "Two failures, then success",
    f'api.product.get_product("{PART}")      # no response, a 503, then success',
    _silence_then_503,
    lambda api: api.product.get_product(PART),
)
SCENES = (
    Scene(
        "Success",
        f'api.product.get_product("{PART}")',
        _fair,
        lambda api: api.product.get_product(PART),
    ),
    PICTURED,
    Scene(
        "A timeout, again and again",
        f'api.product.get_product("{PART}")      # the server never responds',
        lambda sandbox: sandbox.inject("GET", ROUTE, Fault.hang()),
        lambda api: api.product.get_product(PART),
    ),
    Scene(
        "A permanent error",
        'api.product.get_product("NO-SUCH-PART")',
        _fair,
        lambda api: api.product.get_product("NO-SUCH-PART"),
    ),
)
