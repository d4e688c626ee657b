"""Application: all routes of the sandbox, with the error responses of a WATS server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from pywats.sandbox.analytics.routes import analytics_routes
from pywats.sandbox.asset.routes import asset_routes
from pywats.sandbox.process.routes import process_routes
from pywats.sandbox.product.routes import product_routes
from pywats.sandbox.production.routes import production_routes
from pywats.sandbox.report.routes import report_routes
from pywats.sandbox.responses import ApiError, error_response, json_response
from pywats.sandbox.rootcause.routes import rootcause_routes
from pywats.sandbox.scim.routes import scim_routes
from pywats.sandbox.software.routes import software_routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pywats.sandbox.state import SandboxState

__all__ = ["make_app"]

VERSION = "25.1.0"
_NOT_FOUND, _NOT_ALLOWED = 404, 405


def make_app(state: SandboxState, on_error: Callable[[Exception], None]) -> Starlette:
    """Return the application.

    Args:
        state: State of the server.
        on_error: Called with every unexpected exception of an endpoint.
    """

    async def failed(_: Request, error: Exception) -> Response:
        if isinstance(error, ApiError):
            return error_response(error)
        on_error(error)
        # Starlette raises the exception again after the response, and then uvicorn closes the
        # connection.
        headers = {"Connection": "close"}
        return error_response(ApiError(500, "An error has occurred.", headers=headers))

    routes = [
        Route("/api/App/Version", _version, methods=["GET"]),
        *product_routes(state.products),
        *report_routes(state.reports),
        *asset_routes(state.assets),
        *production_routes(state.production),
        *software_routes(state.software),
        *analytics_routes(state.analytics),
        *rootcause_routes(state.rootcause),
        *scim_routes(state.scim),
        *process_routes(state.processes),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={ApiError: failed, HTTPException: _not_routed, Exception: failed},
    )
    app.router.redirect_slashes = False
    return app


async def _version(_: Request) -> Response:
    return json_response(VERSION)


async def _not_routed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else _NOT_FOUND
    if status == _NOT_ALLOWED:
        message = f"The requested resource does not support http method '{request.method}'."
    else:
        message = f"No HTTP resource was found that matches the request URI '{request.url.path}'."
    return error_response(ApiError(status, message))
