"""The software endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.software_store import SoftwareStore

__all__ = ["software_routes"]


def software_routes(store: SoftwareStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
