"""Settings: frozen values, checked when they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pywats import validation
from pywats.validation import Duration

__all__ = ["RetryConfig", "SyncClientConfig", "SyncConfig"]

DEFAULT_TIMEOUT = 30.0
DEFAULT_RETRY_ON_STATUS = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryConfig:
    """When and how often a failed call is tried again.

    The wait before retry n (counted from 1) is ``min(max_backoff, backoff**n)`` seconds: 2, 4,
    8 s with the default.

    Attributes:
        max_retries: Attempts after the first one; 0 never retries.
        backoff: Base of the exponential wait in seconds, at least 1.
        retry_on_errors: Exception classes to retry on; any iterable is accepted. A connection
            that failed for good (a certificate that does not verify) is never retried.
        retry_on_status: HTTP error statuses to retry on.
        max_backoff: Longest computed wait in seconds.
        jitter: ``"none"`` waits exactly as computed, ``"full"`` draws from 0 to that.
        respect_retry_after: Wait at least as long as a ``Retry-After`` header asks
            (RFC 9110 section 10.2.3).
        max_retry_after: A server that asks for a longer wait, in seconds, ends the call at once.
        retry_unsafe: Retry even if a request that must not run twice may already have run.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    max_retries: int = 3
    backoff: float = 2.0
    retry_on_errors: Iterable[type[Exception]] = (ConnectionError, TimeoutError)
    retry_on_status: Iterable[int] = DEFAULT_RETRY_ON_STATUS
    max_backoff: Duration = 60.0
    jitter: Literal["none", "full"] = "none"
    respect_retry_after: bool = True
    max_retry_after: Duration = 60.0
    retry_unsafe: bool = False

    def __post_init__(self) -> None:
        """Check and normalise every field."""
        _set(
            self,
            max_retries=validation.whole_number("max_retries", self.max_retries, 0),
            backoff=validation.number_at_least("backoff", self.backoff, 1),
            retry_on_errors=validation.exception_types("retry_on_errors", self.retry_on_errors),
            retry_on_status=validation.statuses("retry_on_status", self.retry_on_status),
            max_backoff=validation.seconds("max_backoff", self.max_backoff),
            respect_retry_after=validation.boolean("respect_retry_after", self.respect_retry_after),
            max_retry_after=validation.seconds("max_retry_after", self.max_retry_after),
            retry_unsafe=validation.boolean("retry_unsafe", self.retry_unsafe),
        )
        if self.jitter not in {"none", "full"}:
            raise ValueError(f"jitter={self.jitter!r}: must be 'none' or 'full'")


@dataclass(frozen=True, slots=True)
class SyncConfig:
    """How sync calls run.

    Attributes:
        timeout: Limit of one attempt in seconds (or a timedelta); None sets no limit.
        deadline: Limit of the whole call in seconds (or a timedelta): every attempt, every wait;
            None sets no limit.
        retry_enabled: Retry as ``retry`` says; off by default.
        retry: The retry settings, used if ``retry_enabled``.
        correlation_id_enabled: Give every call a correlation id and send it as a header.
        correlation_header: Name of that header.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    timeout: Duration | None = DEFAULT_TIMEOUT
    deadline: Duration | None = None
    retry_enabled: bool = False
    retry: RetryConfig = field(default_factory=RetryConfig)
    correlation_id_enabled: bool = True
    correlation_header: str = "X-Correlation-ID"

    def __post_init__(self) -> None:
        """Check and normalise every field."""
        _set(
            self,
            timeout=validation.optional_seconds("timeout", self.timeout),
            deadline=validation.optional_seconds("deadline", self.deadline),
            retry_enabled=validation.boolean("retry_enabled", self.retry_enabled),
            retry=retry_config("retry", self.retry),
            correlation_id_enabled=validation.boolean(
                "correlation_id_enabled", self.correlation_id_enabled
            ),
            correlation_header=validation.header_name(
                "correlation_header", self.correlation_header
            ),
        )


@dataclass(frozen=True, slots=True)
class SyncClientConfig:
    """Settings of `pywats.SyncWATSClient` as one flat value.

    Attributes:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one attempt in seconds (or a timedelta); None sets no limit.
        deadline: Limit of the whole call in seconds (or a timedelta); None sets no limit.
        max_retries: Attempts after the first one; 0, the default, switches retries off.
        retry_backoff: Base of the exponential wait in seconds, at least 1.
        retry_on_errors: Exception classes to retry on.
        correlation_id_enabled: Give every call a correlation id and send it as a header.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    base_url: str | None = None
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: Duration | None = DEFAULT_TIMEOUT
    deadline: Duration | None = None
    max_retries: int = 0
    retry_backoff: float = 2.0
    retry_on_errors: Iterable[type[Exception]] = (ConnectionError, TimeoutError)
    correlation_id_enabled: bool = True

    def __post_init__(self) -> None:
        """Check every field the way the values it stands for check theirs."""
        validation.number_at_least("retry_backoff", self.retry_backoff, 1)
        config = self.sync_config()
        _set(self, timeout=config.timeout, deadline=config.deadline)
        _set(self, retry_on_errors=config.retry.retry_on_errors)

    def sync_config(self) -> SyncConfig:
        """Return the same settings as a `SyncConfig`."""
        retry = RetryConfig(
            max_retries=self.max_retries,
            backoff=self.retry_backoff,
            retry_on_errors=self.retry_on_errors,
        )
        return SyncConfig(
            timeout=self.timeout,
            deadline=self.deadline,
            retry_enabled=retry.max_retries > 0,
            retry=retry,
            correlation_id_enabled=self.correlation_id_enabled,
        )


def retry_config(name: str, value: object) -> RetryConfig:
    """Return the value if it is a `RetryConfig`."""
    if not isinstance(value, RetryConfig):
        raise TypeError(f"{name}={value!r}: must be a RetryConfig, not {type(value).__name__}")
    return value


def _set(instance: object, **values: object) -> None:
    # A frozen dataclass leaves no other way to store what was normalised.
    for name, value in values.items():
        object.__setattr__(instance, name, value)
