"""Retries: what is tried again, what is not, and what the error tells.

Run it with no arguments: it brings its own server.
"""

from pywats import RetryConfig, configure_logging, pyWATS
from pywats.errors import WATSError
from pywats.sandbox import Fault, Sandbox

configure_logging()
retry = RetryConfig(max_retries=3, backoff=2.0, max_backoff=0.1)

with (
    Sandbox() as sandbox,
    pyWATS(sandbox.base_url, sandbox.token, timeout=0.3, retry_config=retry) as api,
):
    api.product.create_product("PCBA-100")
    api.product.create_group("Power")

    sandbox.inject("GET", "/api/Product/{partNumber}", Fault.status(503), times=2)
    print("after two failures:", api.product.get_product("PCBA-100").part_number)

    # A POST that timed out may have been executed, so it is not sent a second time.
    sandbox.inject("POST", "/api/Product/ProductGroupFilter", Fault.hang())
    try:
        api.product.add_product_group_filter("Power", "PCBA-100")
    except WATSError as error:
        print("stopped:", error.stop_reason)
        print("may have been executed:", error.may_have_been_executed)
        print("look for:", error.correlation_id)
