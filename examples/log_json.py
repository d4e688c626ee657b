"""JSON lines for Loki, the Elastic stack or Datadog.

Run it with no arguments: it brings its own server. In production one of the three lines will do.
"""

import sys

from pywats import configure_logging, pyWATS
from pywats.sandbox import Sandbox

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:
    configure_logging(json=True, stream=sys.stdout)  # trace_id, span_id: OpenTelemetry, Loki
    api.product.create_product("PCBA-100")

    configure_logging(json=True, fields="ecs", stream=sys.stdout)  # trace.id, span.id
    api.product.create_product("PCBA-200")

    configure_logging(json=True, fields="datadog", stream=sys.stdout)  # dd.trace_id, dd.span_id
    api.product.create_product("PCBA-300")
