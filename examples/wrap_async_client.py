"""A third-party async client without an event loop of your own: `httpx.AsyncClient`.

Run it with no arguments: it brings its own server.
"""

import httpx

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper, configure_logging, correlation_id
from pywats.errors import CallTimeoutError
from pywats.sandbox import Fault, Sandbox

configure_logging()
# The errors of the client itself, and the limit of an attempt, which is a TimeoutError.
errors = [httpx.TransportError, TimeoutError]
retry = RetryConfig(max_retries=2, max_backoff=0.1, retry_on_errors=errors)
config = SyncConfig(timeout=0.5, retry_enabled=True, retry=retry)

with Sandbox() as sandbox:
    client = httpx.AsyncClient(base_url=sandbox.base_url, auth=(sandbox.username, sandbox.password))
    # `with` enters the client and leaves it: its connections are closed at the end.
    # A GET may be executed twice, which nobody but its owner knows of such a client.
    with SyncServiceWrapper(client, config, name="http", repeatable={"get"}) as http:
        http.put("/api/Product", json={"partNumber": "PCBA-100", "name": "Power board"})

        # The connection breaks once, and the call is tried again.
        sandbox.inject("GET", "*", Fault.reset(), times=1)
        with correlation_id("order-4711"):
            print("after a broken connection:", http.get("/api/Product/PCBA-100").json()["name"])

        # An async iterator is a plain one, an async context manager one for `with`.
        with http.stream("GET", "/api/Product/Query") as response:
            print("streamed:", sum(len(chunk) for chunk in response.aiter_bytes()) > 0)

        # A server that stays silent: the work is cancelled, and the client goes on.
        sandbox.inject("GET", "*", Fault.hang(), times=3)
        try:
            http.get("/api/Product/PCBA-100")
        except CallTimeoutError as error:
            print(f"{len(error.attempts)} attempts, stopped: {error.stop_reason}")
        print("and again:", http.get("/api/Product/PCBA-100").status_code)
