"""Call async services from synchronous code, with one trace id in every log line, span and error.

`pyWATS` and `SyncWATSClient` call the WATS REST API without an event loop, `AsyncWATS` in an event
loop of your own. `SyncServiceWrapper` gives a synchronous face to any async object.
"""

import logging
from typing import TYPE_CHECKING

from pywats._version import __version__
from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats import config as config
    from pywats import errors as errors
    from pywats import events as events
    from pywats import models as models
    from pywats import sandbox as sandbox
    from pywats import services as services
    from pywats import sync as sync
    from pywats import telemetry
    from pywats.client import (
        AsyncWATS,
        Outbox,
        SyncWATSClient,
        UnverifiedServerWarning,
        pyWATS,
    )
    from pywats.config import CircuitBreakerConfig, RetryConfig, SyncClientConfig, SyncConfig
    from pywats.events import CircuitState, CircuitTransition, GiveUpEvent, RetryEvent
    from pywats.http.aiohttp_tracing import aiohttp_trace_config
    from pywats.http.transports import CallTransport, DirectTransport, instrument_httpx
    from pywats.sync import (
        CorrelationFilter,
        CorrelationHandler,
        SyncInLoopWarning,
        SyncServiceWrapper,
        attach_context,
        configure_logging,
        correlation_id,
        current_correlation_id,
        inject_context,
        loguru_patcher,
        outgoing_headers,
        repeatable,
        structlog_processor,
        use_correlation_id_of,
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
    # Imported on first use: a wrapper needs neither httpx nor pydantic, which are two thirds of
    # what a client takes to import. Public modules need no import of their own.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.client": "AsyncWATS Outbox SyncWATSClient UnverifiedServerWarning pyWATS",
            "pywats.config": (
                "CircuitBreakerConfig RetryConfig SyncClientConfig SyncConfig config"
            ),
            "pywats.errors": "errors",
            "pywats.events": "CircuitState CircuitTransition GiveUpEvent RetryEvent events",
            "pywats.http.aiohttp_tracing": "aiohttp_trace_config",
            "pywats.http.transports": "CallTransport DirectTransport instrument_httpx",
            "pywats.models": "models",
            "pywats.sandbox": "sandbox",
            "pywats.services": "services",
            "pywats.sync": (
                "CorrelationFilter CorrelationHandler SyncInLoopWarning SyncServiceWrapper "
                "attach_context configure_logging correlation_id current_correlation_id "
                "inject_context loguru_patcher outgoing_headers repeatable structlog_processor "
                "sync use_correlation_id_of"
            ),
            "pywats.telemetry": "telemetry",
        },
    )

# A library stays silent until the application configures logging (logging HOWTO).
logging.getLogger(__name__).addHandler(logging.NullHandler())
