"""A Flask application that calls WATS: the caller's id goes in and out, errors become responses.

Run it with no arguments: it brings its own WATS server, and sends itself requests.
"""

import threading
from contextvars import ContextVar
from http import HTTPStatus

import httpx
from flask import Flask, Response, request
from opentelemetry import trace
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from werkzeug.serving import make_server

from pywats import configure_logging, current_correlation_id, pyWATS, use_correlation_id_of
from pywats.errors import NotFoundError, WATSError, WATSTimeoutError
from pywats.sandbox import Fault, Sandbox

inbound_id: ContextVar[str | None] = ContextVar("inbound_id", default=None)


def create_app(api: pyWATS) -> Flask:
    """Make the application; one client serves all threads of its process."""
    app = Flask("station")
    FlaskInstrumentor().instrument_app(app)  # a traceparent is the parent of the calls
    use_correlation_id_of(inbound_id)

    @app.before_request
    def take_id() -> None:
        inbound_id.set(request.headers.get("X-Correlation-ID"))

    @app.after_request
    def show_id(response: Response) -> Response:
        response.headers["X-Correlation-ID"] = current_correlation_id() or "-"
        return response

    @app.errorhandler(WATSError)
    def respond(error: WATSError) -> tuple[dict[str, str | None], HTTPStatus]:
        app.logger.warning("%s", error)
        status = HTTPStatus.BAD_GATEWAY
        if isinstance(error, NotFoundError):
            status = HTTPStatus.NOT_FOUND
        elif isinstance(error, WATSTimeoutError):
            status = HTTPStatus.GATEWAY_TIMEOUT
        return {"error": status.phrase, "correlation_id": error.correlation_id}, status

    @app.get("/products/<part>")
    def product(part: str) -> dict[str, str | None]:
        return {"name": api.product.get_product(part).name}

    return app


def main() -> None:
    """Serve the application on a free port, and ask it for products."""
    configure_logging()
    trace.set_tracer_provider(TracerProvider())  # in production telemetry.configure(…)
    with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token, deadline=1) as api:
        api.product.create_product("PCBA-100", name="Power board")
        sandbox.clear()
        server = make_server("127.0.0.1", 0, create_app(api), threaded=True)
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
        sandbox.inject("GET", "*", Fault.hang())
        shown.append(ask("PCBA-100", "X-Correlation-ID", "order-4713"))
        server.shutdown()
        thread.join()
        server.server_close()
        seen = [sent.header("x-correlation-id") for sent in sandbox.requests]
        print("ids:", shown[:2], "WATS saw the same ids:", seen == shown)


if __name__ == "__main__":
    main()
