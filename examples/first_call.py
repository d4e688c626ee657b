"""The tutorial in one program: a call, its retries, its failure, and the id that leads to them.

Run it with no arguments: it brings its own server.
"""

from pywats import RetryConfig, configure_logging, correlation_id, pyWATS
from pywats.errors import NotFoundError
from pywats.sandbox import Fault, Sandbox

configure_logging()
retry = RetryConfig(max_retries=3, max_backoff=0.1)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token, retry_config=retry) as api:
    api.product.create_product("PCBA-100", name="Power board")

    # Two responses with status 503, and then the product: all log lines carry one id.
    sandbox.inject("GET", "/api/Product/{partNumber}", Fault.status(503), times=2)
    print("found:", api.product.get_product("PCBA-100").name)

    with correlation_id("order-4711"):
        try:
            api.product.get_product("NO-SUCH-PART")
        except NotFoundError as error:
            print("attempts:", len(error.attempts), "stopped:", error.stop_reason)
            print("look for:", error.correlation_id)
