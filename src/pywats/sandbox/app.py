"""The routes of the sandbox, with the error answers of a WATS server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from pywats.sandbox.analytics import analytics_routes
from pywats.sandbox.answers import ApiError, error_answer, json_answer
from pywats.sandbox.asset import asset_routes
from pywats.sandbox.process import process_routes
from pywats.sandbox.production import production_routes
from pywats.sandbox.products import product_routes
from pywats.sandbox.reports import report_routes
from pywats.sandbox.rootcause import rootcause_routes
from pywats.sandbox.scim import scim_routes
from pywats.sandbox.software import software_routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pywats.sandbox.world import World

__all__ = ["make_app"]

VERSION = "25.1.0"
_NOT_FOUND, _NOT_ALLOWED = 404, 405


def make_app(world: World, on_error: Callable[[Exception], None]) -> Starlette:
    """Return the application.

    Args:
        world: What the server knows.
        on_error: Told of every exception that an endpoint raises by mistake.
    """

    async def failed(_: Request, error: Exception) -> Response:
        if isinstance(error, ApiError):
            return error_answer(error)
        on_error(error)
        return error_answer(ApiError(500, "An error has occurred."))

    routes = [
        Route("/api/App/Version", _version, methods=["GET"]),
        *product_routes(world.products),
        *report_routes(world.reports),
        *asset_routes(world.assets),
        *production_routes(world.production),
        *software_routes(world.software),
        *analytics_routes(world.analytics),
        *rootcause_routes(world.rootcause),
        *scim_routes(world.scim),
        *process_routes(world.processes),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={ApiError: failed, HTTPException: _not_routed, Exception: failed},
    )
    app.router.redirect_slashes = False
    return app


async def _version(_: Request) -> Response:
    return json_answer(VERSION)


async def _not_routed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else _NOT_FOUND
    if status == _NOT_ALLOWED:
        message = f"The requested resource does not support http method '{request.method}'."
    else:
        message = f"No HTTP resource was found that matches the request URI '{request.url.path}'."
    return error_answer(ApiError(status, message))
