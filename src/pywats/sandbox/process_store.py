"""What the sandbox keeps for the process service, as the JSON that goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywats.sandbox.identity import Identity

__all__ = ["ProcessStore"]


class ProcessStore:
    """The state of the process service; safe to use from any thread."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
