"""The standard library's logging: one line for a new handler, one for a handler you have.

Run it with no arguments: it brings its own server.
"""

import logging
import sys

from pywats import CorrelationFilter, configure_logging, pyWATS
from pywats.sandbox import Sandbox

configure_logging()  # for all loggers, to standard error

mine = logging.StreamHandler(sys.stdout)
mine.setFormatter(logging.Formatter("trace_id=%(trace_id)s %(message)s"))
mine.addFilter(CorrelationFilter())  # for a handler you have
logging.getLogger().addHandler(mine)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("PCBA-100")
