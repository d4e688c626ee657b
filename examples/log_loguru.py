"""loguru: one patcher, for its own records and for records of other libraries.

Run it with no arguments: it brings its own server.
"""

import logging
import sys

from loguru import logger

from pywats import loguru_patcher, pyWATS
from pywats.sandbox import Sandbox

logger.remove()
logger.add(sys.stdout, format="{level: <7} [{extra[correlation_id]}] {message}")
logger.configure(patcher=loguru_patcher())


class ToLoguru(logging.Handler):
    """pywats and httpx log through the standard library; loguru can write those records, too."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the record on, in the context of the call that wrote it."""
        logger.opt(exception=record.exc_info).log(record.levelname, record.getMessage())


logging.basicConfig(handlers=[ToLoguru()], level=logging.INFO)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    api.product.create_product("PCBA-100")
    logger.info("done")
