"""The production endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.production_store import ProductionStore

__all__ = ["production_routes"]


def production_routes(store: ProductionStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
