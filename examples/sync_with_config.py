"""All settings of the sync face in one value, and one log line a request with its id.

Run it with no arguments: it brings its own server.
"""

from pywats import SyncConfig, configure_logging, correlation_id, pyWATS
from pywats.sandbox import Sandbox

configure_logging()
config = SyncConfig(timeout=45.0, deadline=120.0, correlation_id_enabled=True)

with (
    Sandbox() as sandbox,
    pyWATS(sandbox.base_url, sandbox.token, sync_config=config) as api,
):
    api.product.create_product("PCBA-100", name="Power board")
    with correlation_id("order-4711"):  # an id of your own for all calls in the block
        product = api.product.get_product("PCBA-100")
    print(product.part_number, product.name)
    print("the server saw:", [r.header("x-correlation-id") for r in sandbox.requests])
