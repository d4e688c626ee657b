"""Make the three providers of a process from the environment, and set them once."""

from __future__ import annotations

import logging
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from opentelemetry import _logs, metrics, trace
from opentelemetry._logs._internal import ProxyLoggerProvider
from opentelemetry.metrics._internal import _ProxyMeterProvider
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from pywats.observability.logs.kept_handler import drop, keep
from pywats.observability.service_name import set_service_name
from pywats.telemetry.environment import is_exported
from pywats.telemetry.exporters import LogExporter, MetricExporter, SpanExporter
from pywats.telemetry.last_export import LastExport
from pywats.telemetry.log_handler import OTLPHandler

__all__ = ["Providers"]


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers that were set, and their shutdown.

    Attributes:
        service_name: The service name of the process.
        logger: The logger whose records are exported.
        handler: Exports the records; None if logs are not exported.
        last_export: Stops the providers.
    """

    service_name: str
    logger: logging.Logger
    handler: OTLPHandler | None
    last_export: LastExport

    @classmethod
    def install(
        cls,
        service_name: str | None,
        exit_timeout: float,
        logger: logging.Logger,
        *,
        keep_existing: bool,
        code_attributes: bool,
    ) -> Self:
        """Make the providers and set them.

        Args:
            service_name: The service name of the process; None reads it from the environment.
            exit_timeout: Seconds that the exit of the process waits for the last export.
            logger: The logger whose records are exported.
            keep_existing: Whether to keep providers that are already set, instead of raising.
            code_attributes: Whether log records have file, line and function of the log call.

        Returns:
            The providers. If this method fails, no provider is set and nothing is left running.

        Raises:
            RuntimeError: A provider is already set.
            ValueError: The environment names an exporter or a protocol that is not supported.
        """
        existing = _existing()
        if existing and not keep_existing:
            _refuse_to_replace(*next(iter(existing.items())))
        traces = is_exported("TRACES") and "tracer" not in existing
        measures = is_exported("METRICS") and "meter" not in existing
        logs = is_exported("LOGS") and "logger" not in existing
        resource = _resource(service_name)
        # Set the providers only when all of them are made: a global provider cannot be replaced,
        # and making the last one may still fail because of the environment.
        with ExitStack() as made:
            tracers = _tracers(resource, made) if traces else None
            meters = _meters(resource, made) if measures else None
            loggers = _loggers(resource, made) if logs else None
            stops = [each.shutdown for each in (tracers, meters, loggers) if each is not None]
            last_export = LastExport(stops, exit_timeout)
            made.pop_all()
        if tracers is not None:
            trace.set_tracer_provider(tracers)
        if meters is not None:
            metrics.set_meter_provider(meters)
        handler = None
        if loggers is not None:
            _logs.set_logger_provider(loggers)
            handler = OTLPHandler(loggers, code=code_attributes, last_resort=True)
        name = str(resource.attributes[SERVICE_NAME])
        set_service_name(name)
        providers = cls(name, logger, handler, last_export)
        providers.attach_handler()
        return providers

    def attach_handler(self) -> None:
        """Add the handler to the logger, again if other code has removed it."""
        if self.handler is not None:
            keep(self.logger, self.handler, hidden=True)

    def shutdown(self, limit: float) -> bool:
        """Export the queued data and stop; return whether this ended within the limit."""
        if self.handler is not None:
            drop(self.logger, self.handler)
        return self.last_export.run(limit)


def _resource(service_name: str | None) -> Resource:
    # Two processes of a service need different instance ids: otherwise they write to the same time
    # series.
    instance = Resource({SERVICE_INSTANCE_ID: str(uuid.uuid4())})
    named = {} if service_name is None else {SERVICE_NAME: service_name}
    return instance.merge(Resource.create(named))


def _tracers(resource: Resource, made: ExitStack) -> TracerProvider:
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    made.callback(provider.shutdown)
    provider.add_span_processor(BatchSpanProcessor(SpanExporter()))
    return provider


def _meters(resource: Resource, made: ExitStack) -> MeterProvider:
    with ExitStack() as without_provider:
        reader = PeriodicExportingMetricReader(MetricExporter())
        without_provider.callback(reader.shutdown)
        provider = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
        without_provider.pop_all()
    made.callback(provider.shutdown)
    return provider


def _loggers(resource: Resource, made: ExitStack) -> LoggerProvider:
    provider = LoggerProvider(resource=resource, shutdown_on_exit=False)
    made.callback(provider.shutdown)
    provider.add_log_record_processor(BatchLogRecordProcessor(LogExporter()))
    return provider


def _existing() -> dict[str, object]:
    """Return the providers that the application has set, by kind: tracer, meter, logger."""
    found: tuple[tuple[str, object, type], ...] = (
        ("tracer", trace.get_tracer_provider(), trace.ProxyTracerProvider),
        ("meter", metrics.get_meter_provider(), _ProxyMeterProvider),
        ("logger", _logs.get_logger_provider(), ProxyLoggerProvider),
    )
    return {what: provider for what, provider, unset in found if not isinstance(provider, unset)}


def _refuse_to_replace(what: str, provider: object) -> None:
    raise RuntimeError(
        f"there is a {what} provider already ({type(provider).__name__}), and it is not "
        "replaced: leave out pywats.telemetry.configure(), because spans and metrics of pywats "
        "go to the providers of the application by themselves, or call "
        "configure(existing='keep'), which sets up only what is missing"
    )
