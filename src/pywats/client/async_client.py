"""`AsyncWATS`: the async services, awaited in the caller's own event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pywats import services, validation
from pywats.client.account import Account
from pywats.client.settings import connection_settings
from pywats.client.state import (
    address_of,
    check_assignment,
    copy_of,
    portable_settings_of,
    refuse_unpicklable,
)
from pywats.client.unverified import warn_if_unverified
from pywats.config import default_timeout
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES, AsyncPort
from pywats.lazy import lazy_property
from pywats.observability.instrumentation import GLOBAL, Instrumentation
from pywats.redaction import without_locals_on_failure
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from pydantic import JsonValue

    from pywats.http import Endpoint
    from pywats.http.network.settings import ClientCertificate
    from pywats.http.port import QueryValue
    from pywats.validation import Duration, NotGiven

__all__ = ["AsyncWATS"]


class AsyncWATS:
    """A client for the WATS REST API for code that runs in an event loop.

    The client belongs to the event loop in which it is first used. Each request opens a CLIENT
    span and carries a correlation id. The client does not retry; only the synchronous face does.
    Copying and pickling work as for `pywats.pyWATS`.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name, in place of a token; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one request in seconds (or a timedelta), 30 unless ``PYWATS_TIMEOUT``
            is set; None for no limit.
        correlation_header: Name of the header for the correlation id.
        verify_ssl: True verifies the server's certificate, False does not; an `ssl.SSLContext`
            is used as it is.
        max_response_bytes: Largest size of the body of a response in bytes, decompressed, 256 MiB
            by default; None for no limit.
        cert: Client certificate: the path of a PEM file with certificate and private key, or
            (certificate, key), or (certificate, key, password). None reads ``PYWATS_CERT``.
        max_connection_age: Seconds (or a timedelta) after which a connection serves no further
            request, so that a client follows a change of DNS; 30 unless
            ``PYWATS_MAX_CONNECTION_AGE`` is set; None for no limit.
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
        correlation_header: str = "X-Correlation-ID",
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
        cert: ClientCertificate | None = None,
        max_connection_age: Duration | NotGiven | None = NOT_GIVEN,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        limit = default_timeout() if timeout is NOT_GIVEN else timeout
        self._timeout = validation.optional_seconds("timeout", limit)
        self._header = validation.header_name("correlation_header", correlation_header)
        self._account = Account(base_url, token, username, password)
        self._connection = connection_settings(
            verify_ssl, max_response_bytes, cert, max_connection_age
        )
        warn_if_unverified(verify_ssl)
        self._instrumentation = Instrumentation.of(tracer_provider, meter_provider)
        self._port = self._make_port()

    if not TYPE_CHECKING:
        # A type checker refuses unknown attributes by itself.
        def __setattr__(self, name: str, value: object) -> None:
            check_assignment(self, AsyncWATS, name)
            super().__setattr__(name, value)

    @lazy_property
    def _endpoint(self) -> Endpoint:
        return self._account.endpoint(self._header)

    @lazy_property
    def _port(self) -> AsyncPort:
        return self._make_port()

    def _make_port(self) -> AsyncPort:
        return AsyncPort(
            self._endpoint,
            self._connection,
            timeout=self._timeout,
            instrumentation=self._instrumentation,
        )

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._endpoint.base_url

    @lazy_property
    def product(self) -> services.ProductService:
        """Products, revisions, tags, groups, vendors, bills of materials and box builds."""
        return services.ProductService(self._port)

    @lazy_property
    def asset(self) -> services.AssetService:
        """Assets, their types, log, counts, calibration, maintenance and files."""
        return services.AssetService(self._port)

    @lazy_property
    def production(self) -> services.ProductionService:
        """Units, their phases, assembly and verification, batches and serial numbers."""
        return services.ProductionService(self._port)

    @lazy_property
    def report(self) -> services.ReportService:
        """Reports of tests and repairs."""
        return services.ReportService(self._port)

    @lazy_property
    def software(self) -> services.SoftwareService:
        """Software packages, their files, tags and status, and virtual folders."""
        return services.SoftwareService(self._port)

    @lazy_property
    def analytics(self) -> services.AnalyticsService:
        """Yield, failures, measurements, repairs, unit flow and alarms."""
        return services.AnalyticsService(self._port)

    @lazy_property
    def rootcause(self) -> services.RootCauseService:
        """Tickets, their history and attachments."""
        return services.RootCauseService(self._port)

    @lazy_property
    def scim(self) -> services.ScimService:
        """Users, as SCIM 2.0 provisions them (RFC 7644)."""
        return services.ScimService(self._port)

    @lazy_property
    def process(self) -> services.ProcessService:
        """Test, repair and WIP operations, and the codes of repairs."""
        return services.ProcessService(self._port)

    async def request(
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

        The request has an id, a span and limits, like the calls of the services.

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
        return await services.RawService(self._port).request(
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

    async def close(self) -> None:
        """Refuse further calls and close all connections; calling it again does nothing."""
        await self._port.close()

    async def __aenter__(self) -> Self:
        # If the environment of an unpickled client lacks a setting, raise here and not in close().
        _ = self._port
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __getstate__(self) -> dict[str, object]:
        refuse_unpicklable(self._connection)
        return portable_settings_of(self)

    def __copy__(self) -> Self:
        return copy_of(self)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy_of(self)

    def __repr__(self) -> str:
        return f"<AsyncWATS {address_of(self)}>"
