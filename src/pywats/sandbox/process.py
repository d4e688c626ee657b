"""The process endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.process_store import ProcessStore

__all__ = ["process_routes"]


def process_routes(store: ProcessStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
