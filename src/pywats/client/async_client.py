"""`AsyncWATS`: the services as they are, for the user's own event loop."""

from __future__ import annotations

from copy import copy
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self

from pywats import services, validation
from pywats.client.credentials import resolve_base_url, resolve_credentials
from pywats.config import default_timeout
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES, AsyncPort, ConnectionSettings
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from pywats.validation import Duration, NotGiven

__all__ = ["AsyncWATS"]


class AsyncWATS:
    """A client for the WATS REST API for code that runs in an event loop.

    It belongs to the loop it is first used in. Each request opens a CLIENT span and carries a
    correlation id. It does not retry: that is what the synchronous face adds. A copy, or what a
    pickle is read back as, is a client of its own with the same settings, credentials included.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name, in place of a token; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one request in seconds (or a timedelta), 30 if ``PYWATS_TIMEOUT`` does
            not say otherwise; None for none.
        correlation_header: Name of the header for the correlation id.
        verify_ssl: True verifies the server's certificate, False does not, an `ssl.SSLContext`
            decides for itself.
        max_response_bytes: How many bytes the body of an answer may have, decompressed, 256 MiB
            by default; None for any number.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range, or address or credentials are missing.
    """

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
    ) -> None:
        limit = default_timeout() if timeout is NOT_GIVEN else timeout
        self._timeout = validation.optional_seconds("timeout", limit)
        self._header = validation.header_name("correlation_header", correlation_header)
        self._base_url = resolve_base_url(base_url)
        self._credentials = resolve_credentials(token, username, password)
        self._connection = ConnectionSettings(verify_ssl, max_response_bytes)
        endpoint = self._credentials.endpoint(self._base_url, self._header)
        self._port = AsyncPort(endpoint, self._connection, timeout=self._timeout)

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._base_url

    @cached_property
    def product(self) -> services.ProductService:
        """Products, revisions, tags, groups, vendors, bills of materials and box builds."""
        return services.ProductService(self._port)

    @cached_property
    def asset(self) -> services.AssetService:
        """Assets, their types, log, counts, calibration, maintenance and files."""
        return services.AssetService(self._port)

    @cached_property
    def production(self) -> services.ProductionService:
        """Units, their phases, assembly and verification, batches and serial numbers."""
        return services.ProductionService(self._port)

    @cached_property
    def report(self) -> services.ReportService:
        """Reports of tests and repairs."""
        return services.ReportService(self._port)

    @cached_property
    def software(self) -> services.SoftwareService:
        """Software packages, their files, tags and status, and virtual folders."""
        return services.SoftwareService(self._port)

    @cached_property
    def analytics(self) -> services.AnalyticsService:
        """Yield, failures, measurements, repairs, unit flow and alarms."""
        return services.AnalyticsService(self._port)

    @cached_property
    def rootcause(self) -> services.RootCauseService:
        """Tickets, their history and attachments."""
        return services.RootCauseService(self._port)

    @cached_property
    def scim(self) -> services.ScimService:
        """Users, as SCIM 2.0 provisions them (RFC 7644)."""
        return services.ScimService(self._port)

    @cached_property
    def process(self) -> services.ProcessService:
        """Test, repair and WIP operations, and the codes of repairs."""
        return services.ProcessService(self._port)

    async def close(self) -> None:
        """Refuse further calls and close all connections; calling it again does nothing."""
        await self._port.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __reduce__(self) -> tuple[partial[Self], tuple[()]]:
        remake = partial(
            type(self),
            self._base_url,
            self._credentials.token,
            timeout=self._timeout,
            correlation_header=self._header,
            verify_ssl=self._connection.verify_ssl,
            max_response_bytes=self._connection.max_response_bytes,
        )
        return (remake, ())

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy(self)

    def __repr__(self) -> str:
        return f"<AsyncWATS {self._base_url}>"
