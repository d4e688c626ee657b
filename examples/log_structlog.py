"""structlog: one processor, for its own events and for the records of other libraries.

Run it with no arguments: it brings its own server.
"""

import logging
import sys

import structlog

from pywats import pyWATS, structlog_processor
from pywats.sandbox import Sandbox

shared = [structlog_processor(), structlog.processors.add_log_level]
structlog.configure(processors=[*shared, structlog.processors.JSONRenderer()])

# pywats and httpx log through the standard library; structlog can write those records, too.
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(
    structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
)
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("PCBA-100")
    structlog.get_logger().info("done")
