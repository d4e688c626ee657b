"""`pyWATS`: the client with a synchronous face of every service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pywats import services
from pywats.client import sync_services
from pywats.client.account import Account
from pywats.client.settings import connection_settings, merge_sync_config, outbox_of
from pywats.client.state import (
    address_of,
    check_assignment,
    copy_of,
    portable_settings_of,
    refuse_unpicklable,
    settings_of,
)
from pywats.client.unverified import warn_if_unverified
from pywats.client.wiring import Wiring
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES
from pywats.lazy import lazy_property
from pywats.observability.instrumentation import GLOBAL, Instrumentation
from pywats.redaction import without_locals_on_failure
from pywats.sync import SyncServiceWrapper
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from pydantic import JsonValue

    from pywats.client.outbox import Outbox
    from pywats.config import CircuitBreakerConfig, RetryConfig, SyncConfig
    from pywats.http import BlockingPort, Endpoint
    from pywats.http.network.settings import ClientCertificate
    from pywats.http.port import QueryValue
    from pywats.sync import Engine
    from pywats.validation import Duration, NotGiven

__all__ = ["pyWATS"]


class pyWATS:  # noqa: N801 - the product's own spelling
    """A client for the WATS REST API for code without an event loop.

    One client serves all threads. Close it, or use it in a ``with`` block. A copied or unpickled
    client is independent and has the same settings.

    If address and credentials were given to the client, its pickle contains them, readable for
    everyone who has the pickle. If they came from the environment, the pickle does not contain
    them: the process that reads it takes them from its own environment on first use.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name, in place of a token; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one attempt in seconds (or a timedelta), 30 by default; None for no
            limit.
        deadline: Limit of one call with all attempts and waits in seconds (or a timedelta);
            None, the default, for no limit.
        max_retries: Attempts after the first one; overrides ``retry_config``. 0 switches retries
            off, a higher number switches them on.
        retry_config: Retry settings; giving them switches retries on.
        retry_enabled: Switches retries on or off; overrides the arguments above.
        circuit_breaker: Settings of a circuit breaker; None, the default, for no circuit breaker.
        sync_config: All settings in one value; the keyword arguments above win over it. Settings
            that neither gives come from the environment (``PYWATS_TIMEOUT``, ``PYWATS_DEADLINE``,
            ``PYWATS_MAX_RETRIES``, ``PYWATS_RETRY_BACKOFF``), otherwise from the defaults.
        verify_ssl: True verifies the server's certificate, False does not; an `ssl.SSLContext`
            is used as it is.
        max_response_bytes: Largest size of the body of a response in bytes, decompressed, 256 MiB
            by default; None for no limit.
        cert: Client certificate: the path of a PEM file with certificate and private key, or
            (certificate, key), or (certificate, key, password). None reads ``PYWATS_CERT``.
        max_connection_age: Seconds (or a timedelta) after which a connection serves no further
            request, so that a client follows a change of DNS; 30 unless
            ``PYWATS_MAX_CONNECTION_AGE`` is set; None for no limit.
        outbox: Directory, or `pywats.Outbox`, in which reports are kept until the server has them;
            read from ``PYWATS_OUTBOX`` by default; None for no outbox.
        tracer_provider: Provider that receives the spans of this client; None for the global
            provider. A pickle contains neither provider: an unpickled client uses the global ones.
        meter_provider: Provider that receives its metrics; None for the global provider.

    Raises:
        OSError: The certificates of this machine, of ``SSL_CERT_FILE`` or of ``cert`` cannot be
            read.
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range, or address or credentials are missing.
    """

    _instrumentation = GLOBAL

    @without_locals_on_failure
    def __init__(
        self,
        base_url: str | None = None,
        token: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: Duration | NotGiven | None = NOT_GIVEN,
        deadline: Duration | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        retry_config: RetryConfig | None = None,
        retry_enabled: bool | None = None,
        circuit_breaker: CircuitBreakerConfig | None = None,
        sync_config: SyncConfig | None = None,
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
        cert: ClientCertificate | None = None,
        max_connection_age: Duration | NotGiven | None = NOT_GIVEN,
        outbox: str | os.PathLike[str] | Outbox | NotGiven | None = NOT_GIVEN,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        self._config = merge_sync_config(
            sync_config,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry_config,
            retry_enabled=retry_enabled,
            circuit_breaker=circuit_breaker,
        )
        self._account = Account(base_url, token, username, password)
        self._connection = connection_settings(
            verify_ssl, max_response_bytes, cert, max_connection_age
        )
        warn_if_unverified(verify_ssl)
        self._outbox = outbox_of(outbox)
        self._instrumentation = Instrumentation.of(tracer_provider, meter_provider)
        self._wiring = self._make_wiring()

    if not TYPE_CHECKING:
        # A type checker refuses unknown attributes by itself.
        def __setattr__(self, name: str, value: object) -> None:
            check_assignment(self, pyWATS, name)
            super().__setattr__(name, value)

    @lazy_property
    def _endpoint(self) -> Endpoint:
        return self._account.endpoint(self._config.correlation_header)

    @lazy_property
    def _wiring(self) -> Wiring:
        # setdefault: two threads that first use an unpickled client at once share one wiring.
        wiring: Wiring = vars(self).setdefault("_wiring", self._make_wiring())
        return wiring

    def _make_wiring(self) -> Wiring:
        return Wiring.make(self._endpoint, self._connection, self._config, self._instrumentation)

    @property
    def _port(self) -> BlockingPort:
        return self._wiring.port

    @property
    def _engine(self) -> Engine:
        return self._wiring.engine

    def _port_and_engine(self) -> tuple[BlockingPort, Engine]:
        return self._port, self._engine

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._endpoint.base_url

    @property
    def config(self) -> SyncConfig:
        """The settings in effect."""
        return self._config

    @lazy_property
    def _raw(self) -> SyncServiceWrapper[services.RawService]:
        return SyncServiceWrapper(services.RawService(self._port), name="api", engine=self._engine)

    @lazy_property
    def product(self) -> sync_services.SyncProductService:
        """Products, revisions, tags, groups, vendors, bills of materials and box builds."""
        return sync_services.SyncProductService(
            services.ProductService(self._port), name="product", engine=self._engine
        )

    @lazy_property
    def asset(self) -> sync_services.SyncAssetService:
        """Assets, their types, log, counts, calibration, maintenance and files."""
        return sync_services.SyncAssetService(
            services.AssetService(self._port), name="asset", engine=self._engine
        )

    @lazy_property
    def production(self) -> sync_services.SyncProductionService:
        """Units, their phases, assembly and verification, batches and serial numbers."""
        return sync_services.SyncProductionService(
            services.ProductionService(self._port), name="production", engine=self._engine
        )

    @lazy_property
    def report(self) -> sync_services.SyncReportService:
        """Reports of tests and repairs."""
        if self._outbox is not None:
            return self._outbox.service_of(self)
        return sync_services.SyncReportService(
            services.ReportService(self._port), name="report", engine=self._engine
        )

    @lazy_property
    def software(self) -> sync_services.SyncSoftwareService:
        """Software packages, their files, tags and status, and virtual folders."""
        return sync_services.SyncSoftwareService(
            services.SoftwareService(self._port), name="software", engine=self._engine
        )

    @lazy_property
    def analytics(self) -> sync_services.SyncAnalyticsService:
        """Yield, failures, measurements, repairs, unit flow and alarms."""
        return sync_services.SyncAnalyticsService(
            services.AnalyticsService(self._port), name="analytics", engine=self._engine
        )

    @lazy_property
    def rootcause(self) -> sync_services.SyncRootCauseService:
        """Tickets, their history and attachments."""
        return sync_services.SyncRootCauseService(
            services.RootCauseService(self._port), name="rootcause", engine=self._engine
        )

    @lazy_property
    def scim(self) -> sync_services.SyncScimService:
        """Users, as SCIM 2.0 provisions them (RFC 7644)."""
        return sync_services.SyncScimService(
            services.ScimService(self._port), name="scim", engine=self._engine
        )

    @lazy_property
    def process(self) -> sync_services.SyncProcessService:
        """Test, repair and WIP operations, and the codes of repairs."""
        return sync_services.SyncProcessService(
            services.ProcessService(self._port), name="process", engine=self._engine
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        query: Mapping[str, QueryValue | None] | None = None,
        json: JsonValue = None,
        content: bytes | None = None,
        content_type: str | None = None,
        accept: str = "application/json",
        idempotent: bool | None = None,
    ) -> services.RawResponse:
        """Send a request to an operation that no service has a method for.

        The request has one id, one span, limits and retries, like the calls of the services.

        Args:
            method: HTTP method.
            path: Path on the server, such as ``/api/App/Version``. ``{name}`` stands for a value
                of ``parameters``: the span then has the path without the value.
            parameters: Values for the names in ``path``; each is percent-encoded as one segment.
            query: Query parameters; a value of None is left out.
            json: Body, encoded as JSON; None for no body.
            content: Body as bytes, in place of ``json``.
            content_type: Media type of the body; None is ``application/json``.
            accept: Media types that the response may have.
            idempotent: True if it is safe to send the request twice, False if it is not; None
                decides by the method (RFC 9110 section 9.2.2).

        Returns:
            The response, with a 2xx status.

        Raises:
            TypeError: An argument is of the wrong type.
            ValueError: An argument is not as described.
            WATSError: The status is not 2xx, or no response arrived.
        """
        response: services.RawResponse = self._raw.request(
            method,
            path,
            parameters=parameters,
            query=query,
            json=json,
            content=content,
            content_type=content_type,
            accept=accept,
            idempotent=idempotent,
        )
        return response

    def with_options(
        self,
        *,
        timeout: Duration | NotGiven | None = NOT_GIVEN,
        deadline: Duration | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        retry_config: RetryConfig | None = None,
        retry_enabled: bool | None = None,
    ) -> Self:
        """Return this client with other settings: ``api.with_options(timeout=5).product``.

        The returned client is a view: it shares the connections, the retry budget and the circuit
        breaker, and closing either closes both. Keep the view, or use it for one call.

        Args:
            timeout: Limit of one attempt in seconds (or a timedelta); None for no limit.
            deadline: Limit of one call with all attempts and waits in seconds (or a timedelta);
                None for no limit.
            max_retries: Attempts after the first one; 0 switches retries off, a higher number
                switches them on.
            retry_config: Retry settings in place of the client's; giving them switches retries
                on.
            retry_enabled: Switches retries on or off; overrides the arguments above.

        Returns:
            The view. Settings that are not given here are the same as in this client.

        Raises:
            TypeError: A value is of the wrong type, or an option is unknown.
            ValueError: A value is out of range.
        """
        config = merge_sync_config(
            self._config,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry_config,
            retry_enabled=retry_enabled,
        )
        view = object.__new__(type(self))
        vars(view).update(settings_of(self))
        view._config = config
        view._endpoint = self._endpoint
        view._wiring = self._wiring.reconfigured(config)
        return view

    def close(self) -> None:
        """Refuse further calls, end waits between attempts, close all connections.

        Calling it again does nothing.
        """
        self._engine.close()
        self._port.close()

    def __enter__(self) -> Self:
        # If the environment of an unpickled client lacks a setting, raise here and not in close().
        _ = self._wiring
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, object]:
        refuse_unpicklable(self._config.retry, self._config.circuit_breaker, self._connection)
        return portable_settings_of(self)

    def __copy__(self) -> Self:
        return copy_of(self)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy_of(self)

    def __repr__(self) -> str:
        closed = "_wiring" in vars(self) and self._engine.closed
        return f"<pyWATS {address_of(self)} ({'closed' if closed else 'open'})>"
