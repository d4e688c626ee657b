"""The rootcause endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.rootcause_store import RootCauseStore

__all__ = ["rootcause_routes"]


def rootcause_routes(store: RootCauseStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
