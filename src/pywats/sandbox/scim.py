"""The scim endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route

    from pywats.sandbox.scim_store import ScimStore

__all__ = ["scim_routes"]


def scim_routes(store: ScimStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    del store
    return []
