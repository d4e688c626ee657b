"""The asset endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.asset_store import AssetStore

__all__ = ["asset_routes"]


def asset_routes(store: AssetStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
