"""The analytics endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.analytics_store import AnalyticsStore

__all__ = ["analytics_routes"]


def analytics_routes(store: AnalyticsStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
