"""The three providers of a process, made by the environment and set once."""

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
    """The providers that were set, and how to stop them.

    Attributes:
        service_name: The name of the process.
        logger: Whose records are exported.
        handler: Exports them; None if logs are not.
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
            service_name: The name of the process; None leaves it to the environment.
            exit_timeout: Seconds that the exit of the process waits for the last export.
            logger: Whose records are exported.
            keep_existing: Whether signals that have a provider already are left to it.
            code_attributes: Whether log records say where they were written.

        Returns:
            The providers. If it fails, none is set and nothing is left running.

        Raises:
            RuntimeError: There is a provider already.
            ValueError: The environment asks for what is not here.
        """
        existing = _existing()
        if existing and not keep_existing:
            _refuse_to_replace(*next(iter(existing.items())))
        traces = is_exported("TRACES") and "tracer" not in existing
        measures = is_exported("METRICS") and "meter" not in existing
        logs = is_exported("LOGS") and "logger" not in existing
        resource = _resource(service_name)
        # Set once all of them are there: what is set cannot be taken back, and what the
        # environment asks for may be refused as late as by the last of them.
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
        """Export the records of the logger; again, if something has taken the handler off."""
        if self.handler is not None:
            keep(self.logger, self.handler, hidden=True)

    def shutdown(self, limit: float) -> bool:
        """Export what is queued and stop; return whether that ended within the limit."""
        if self.handler is not None:
            drop(self.logger, self.handler)
        return self.last_export.run(limit)


def _resource(service_name: str | None) -> Resource:
    # Without an id of their own, two processes of a service write to the same time series.
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
    """Return the providers that the application has set, by what they provide."""
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
