"""A Django project in one file that calls WATS: ids go in and out, errors become responses.

Run it with no arguments: it brings its own WATS server, and sends itself requests.
"""

import os
import secrets
import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from http import HTTPStatus
from wsgiref.simple_server import make_server

import httpx
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from opentelemetry import trace
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from pywats import current_correlation_id, pyWATS, use_correlation_id_of
from pywats.errors import NotFoundError, WATSError, WATSTimeoutError
from pywats.sandbox import Fault, Sandbox

inbound_id: ContextVar[str | None] = ContextVar("inbound_id", default=None)


@cache
def wats() -> pyWATS:
    """Return the client of this process; it is made with the first request that needs it."""
    return pyWATS(timeout=5, deadline=20)


class WATSMiddleware:
    """Takes the caller's id for the calls of a request, and turns their errors into responses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve a request under the caller's id, and show the id that it has."""
        inbound_id.set(request.META.get("HTTP_X_CORRELATION_ID"))
        response = self.get_response(request)
        response["X-Correlation-ID"] = current_correlation_id() or "-"
        return response

    def process_exception(self, _: HttpRequest, error: Exception) -> HttpResponse | None:
        """Respond in place of a view that failed; None leaves it to Django."""
        if not isinstance(error, WATSError):
            return None
        status = HTTPStatus.BAD_GATEWAY
        if isinstance(error, NotFoundError):
            status = HTTPStatus.NOT_FOUND
        elif isinstance(error, WATSTimeoutError):
            status = HTTPStatus.GATEWAY_TIMEOUT
        body = {"error": status.phrase, "correlation_id": error.correlation_id}
        return JsonResponse(body, status=status)


def product(_: HttpRequest, part: str) -> HttpResponse:
    """Serve the name of a product."""
    return JsonResponse({"name": wats().product.get_product(part).name})


urlpatterns = [path("products/<str:part>", product)]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "pywats.CorrelationFilter"}},
    "formatters": {"line": {"format": "%(levelname)s [%(correlation_id)s] %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["ids"], "formatter": "line"}
    },
    "root": {"level": "INFO", "handlers": ["stderr"]},
}


def main() -> None:
    """Serve the project on a free port, and ask it for products."""
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        LOGGING=LOGGING,
        MIDDLEWARE=[f"{__name__}.WATSMiddleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY=secrets.token_hex(),
    )
    use_correlation_id_of(inbound_id)
    trace.set_tracer_provider(TracerProvider())  # in production telemetry.configure(…)
    DjangoInstrumentor().instrument()
    with Sandbox() as sandbox:
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        wats().product.create_product("PCBA-100", name="Power board")
        sandbox.clear()
        application = get_wsgi_application()
        server = make_server("127.0.0.1", 0, application)  # pyright: ignore[reportArgumentType]  # it has no type
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def ask(part: str, header: str, value: str) -> str:
            url = f"http://127.0.0.1:{server.server_port}/products/{part}"
            response = httpx.get(url, headers={header: value})
            print(response.status_code, response.text.strip())
            return response.headers["X-Correlation-ID"]

        traceparent = "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"
        shown = [
            ask("PCBA-100", "traceparent", traceparent),
            ask("PCBA-100", "X-Correlation-ID", "order-4711"),
            ask("PCBA-100", "X-Correlation-ID", "not an id"),  # is not used, and does no harm
            ask("NO-SUCH-PART", "X-Correlation-ID", "order-4712"),
        ]
        sandbox.inject("GET", "*", Fault.status(503))
        shown.append(ask("PCBA-100", "X-Correlation-ID", "order-4713"))
        server.shutdown()
        thread.join()
        server.server_close()
        wats().close()
        seen = [sent.header("x-correlation-id") for sent in sandbox.requests]
        print("ids:", shown[:2], "WATS saw the same ids:", seen == shown)


if __name__ == "__main__":
    main()
