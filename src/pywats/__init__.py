"""Call async services from synchronous code, with one trace id in every log line, span and error.

`pyWATS` and `SyncWATSClient` call the WATS REST API without an event loop, `AsyncWATS` in an event
loop of your own. `SyncServiceWrapper` gives a synchronous face to any async object.
"""

import logging
from typing import TYPE_CHECKING

from pywats._version import __version__
from pywats.client import UnverifiedServerWarning, pyWATS
from pywats.config import CircuitBreakerConfig, RetryConfig, SyncClientConfig, SyncConfig
from pywats.events import CircuitState, CircuitTransition, GiveUpEvent, RetryEvent
from pywats.lazy import lazily
from pywats.sync import (
    SyncInLoopWarning,
    SyncServiceWrapper,
    correlation_id,
    current_correlation_id,
    repeatable,
    use_correlation_id_of,
)

if TYPE_CHECKING:
    from pywats import telemetry
    from pywats.client import AsyncWATS, Outbox, SyncWATSClient
    from pywats.http.aiohttp_tracing import aiohttp_trace_config
    from pywats.http.transports import CallTransport, DirectTransport, instrument_httpx
    from pywats.sync import (
        CorrelationFilter,
        CorrelationHandler,
        attach_context,
        configure_logging,
        inject_context,
        loguru_patcher,
        outgoing_headers,
        structlog_processor,
    )

__all__ = [
    "AsyncWATS",
    "CallTransport",
    "CircuitBreakerConfig",
    "CircuitState",
    "CircuitTransition",
    "CorrelationFilter",
    "CorrelationHandler",
    "DirectTransport",
    "GiveUpEvent",
    "Outbox",
    "RetryConfig",
    "RetryEvent",
    "SyncClientConfig",
    "SyncConfig",
    "SyncInLoopWarning",
    "SyncServiceWrapper",
    "SyncWATSClient",
    "UnverifiedServerWarning",
    "__version__",
    "aiohttp_trace_config",
    "attach_context",
    "configure_logging",
    "correlation_id",
    "current_correlation_id",
    "inject_context",
    "instrument_httpx",
    "loguru_patcher",
    "outgoing_headers",
    "pyWATS",
    "repeatable",
    "structlog_processor",
    "telemetry",
    "use_correlation_id_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.client": "AsyncWATS Outbox SyncWATSClient",
            "pywats.http.aiohttp_tracing": "aiohttp_trace_config",
            "pywats.http.transports": "CallTransport DirectTransport instrument_httpx",
            "pywats.sync": (
                "CorrelationFilter CorrelationHandler attach_context configure_logging "
                "inject_context loguru_patcher outgoing_headers structlog_processor"
            ),
            "pywats.telemetry": "telemetry",
        },
    )

# A library stays silent until the application configures logging (logging HOWTO).
logging.getLogger(__name__).addHandler(logging.NullHandler())
