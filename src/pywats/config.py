"""Settings: frozen dataclasses that check their values when they are made.

Some fields have an environment variable. If such a field is not given, the variable is used, and
otherwise the default value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pywats import environment, validation
from pywats.events import CircuitTransition, GiveUpEvent, RetryEvent
from pywats.redaction import with_safe_constructor
from pywats.validation import Duration

__all__ = [
    "CircuitBreakerConfig",
    "ErrorPredicate",
    "ErrorRule",
    "RetryConfig",
    "SyncClientConfig",
    "SyncConfig",
]

ErrorPredicate = Callable[[Exception], bool | float | timedelta]
"""Function of an exception; returns whether to retry, or the seconds to wait (or a timedelta)."""
ErrorRule = type[Exception] | ErrorPredicate
"""One element of ``retry_on_errors``."""

DEFAULT_RETRY_ON_STATUS = frozenset({429, 502, 503, 504})


def default_timeout() -> float | None:
    """Return the default limit of one attempt in seconds; None for no limit."""
    return environment.timeout(30.0)


def _default_deadline() -> float | None:
    return environment.deadline(None)


def _default_slow_call() -> float | None:
    return environment.slow_call(10.0)


def _default_backoff() -> float:
    return environment.retry_backoff(2.0)


def _default_retries() -> int:
    return environment.max_retries(3)


def _default_client_retries() -> int:
    return environment.max_retries(0)


def _default_retry_enabled() -> bool:
    return environment.max_retries(0) > 0


@dataclass(frozen=True, slots=True)
class RetryConfig:
    """When and how often a failed call is retried.

    The wait before retry n (counted from 1) is ``min(max_backoff, backoff**n)`` seconds: 2, 4,
    8 s with the default. In addition, a retry budget that all threads of a client share limits
    its retries to 20 % of its calls plus 10 per second.

    Attributes:
        max_retries: Attempts after the first one; 0 never retries. The default is
            ``PYWATS_MAX_RETRIES``, or 3 if it is not set.
        backoff: Base of the exponential wait in seconds, at least 1. The default is
            ``PYWATS_RETRY_BACKOFF``, or 2 if it is not set.
        retry_on_errors: Errors to retry: exception classes, predicates, or an iterable of both.
            A predicate gets the exception and returns True, False, or the seconds to wait (a number
            or a timedelta). `ConnectionError` and `TimeoutError` include the classes of other
            libraries with the same meaning, such as `httpx.ConnectError`. A certificate that does
            not verify is never retried. An error with a 4xx status is not retried if only a base
            of its class is listed: add the status to ``retry_on_status``.
        retry_on_status: HTTP error statuses to retry, in any exception that has a status.
        max_backoff: Longest computed wait in seconds.
        jitter: ``"none"`` waits exactly the computed time, ``"full"`` a random part of it.
        respect_retry_after: Wait at least as long as a ``Retry-After`` header asks
            (RFC 9110 section 10.2.3).
        max_retry_after: If the server asks for a longer wait in seconds, the call fails at once.
        retry_unsafe: Retry even if an operation that must not run twice may already have run.
        on_retry: Called with a `pywats.RetryEvent` before each wait, on the calling thread.
        on_give_up: Called with a `pywats.GiveUpEvent` when a call fails that was retried or could
            have been retried. An error in a hook is logged and has no other effect.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    max_retries: int = field(default_factory=_default_retries)
    backoff: float = field(default_factory=_default_backoff)
    retry_on_errors: Iterable[ErrorRule] | ErrorRule = (ConnectionError, TimeoutError)
    retry_on_status: Iterable[int] = DEFAULT_RETRY_ON_STATUS
    max_backoff: Duration = 60.0
    jitter: Literal["none", "full"] = "none"
    respect_retry_after: bool = True
    max_retry_after: Duration = 60.0
    retry_unsafe: bool = False
    on_retry: Callable[[RetryEvent], object] | None = None
    on_give_up: Callable[[GiveUpEvent], object] | None = None

    def __post_init__(self) -> None:
        """Check and normalise every field."""
        _set(
            self,
            max_retries=validation.whole_number("max_retries", self.max_retries, 0),
            backoff=validation.number_at_least("backoff", self.backoff, 1),
            retry_on_errors=validation.error_rules("retry_on_errors", self.retry_on_errors),
            retry_on_status=validation.statuses("retry_on_status", self.retry_on_status),
            max_backoff=validation.seconds("max_backoff", self.max_backoff),
            respect_retry_after=validation.boolean("respect_retry_after", self.respect_retry_after),
            max_retry_after=validation.seconds("max_retry_after", self.max_retry_after),
            retry_unsafe=validation.boolean("retry_unsafe", self.retry_unsafe),
            on_retry=validation.hook("on_retry", self.on_retry),
            on_give_up=validation.hook("on_give_up", self.on_give_up),
        )
        # A tuple: a set would refuse an unhashable value with another message.
        if self.jitter not in ("none", "full"):
            raise ValueError(f"jitter={self.jitter!r}: must be 'none' or 'full'")


@dataclass(frozen=True, slots=True)
class CircuitBreakerConfig:
    """When to stop sending to a failing server, and when to try it again.

    The circuit opens when, within ``window``, at least ``minimum_attempts`` were made and at least
    ``failure_ratio`` of them failed. While it is open, calls fail at once with a
    `pywats.errors.CircuitOpenError`. After ``cool_down`` one attempt is admitted as a probe: the
    circuit closes if it succeeds, and stays open for another ``cool_down`` if it fails.

    An attempt counts as failed with an error of ``failure_on_errors`` or a 5xx response. A response
    with a status below 500, even 429, counts as a success, because it shows that the server works.
    Mistakes of the caller and Ctrl-C do not count.

    Attributes:
        failure_ratio: Share of failed attempts that opens the circuit: above 0, and 1 at most.
        window: How far back attempts count, in seconds (or a timedelta).
        minimum_attempts: Fewer attempts than this never open the circuit.
        cool_down: How long the circuit stays open, in seconds (or a timedelta).
        failure_on_errors: Exception classes that count as failures; any iterable is accepted. A
            client of another library may have classes of its own: for `httpx.AsyncClient` name
            `httpx.TransportError`.
        on_transition: Called with a `pywats.CircuitTransition` whenever the state changes, on the
            thread whose attempt changed it. An error in it is logged and has no other effect.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    failure_ratio: float = 0.5
    window: Duration = 30.0
    minimum_attempts: int = 10
    cool_down: Duration = 10.0
    failure_on_errors: Iterable[type[Exception]] = (ConnectionError, TimeoutError)
    on_transition: Callable[[CircuitTransition], object] | None = None

    def __post_init__(self) -> None:
        """Check and normalise every field."""
        _set(
            self,
            failure_ratio=validation.ratio("failure_ratio", self.failure_ratio),
            window=validation.seconds("window", self.window),
            minimum_attempts=validation.whole_number("minimum_attempts", self.minimum_attempts, 1),
            cool_down=validation.seconds("cool_down", self.cool_down),
            failure_on_errors=validation.exception_types(
                "failure_on_errors", self.failure_on_errors
            ),
            on_transition=validation.hook("on_transition", self.on_transition),
        )


@dataclass(frozen=True, slots=True)
class SyncConfig:
    """Timeouts, retries, correlation ids and circuit breaker of sync calls.

    Attributes:
        timeout: Limit of one attempt in seconds (or a timedelta); None sets no limit. The default
            is ``PYWATS_TIMEOUT``, or 30 if it is not set.
        deadline: Limit of the whole call in seconds (or a timedelta), with all attempts and waits;
            None sets no limit. The default is ``PYWATS_DEADLINE``, or None if it is not set.
        retry_enabled: Whether failed calls are retried with the settings in ``retry``. The default
            is True if ``PYWATS_MAX_RETRIES`` is above 0, otherwise False.
        retry: The retry settings, used if ``retry_enabled``.
        correlation_id_enabled: Give every call a correlation id. It is sent as a header with the
            requests of a WATS client, of `DirectTransport` and `CallTransport`, and of clients that
            were passed to `instrument_httpx`. Other wrapped clients do not send the header.
        correlation_header: Name of the header for the correlation id.
        circuit_breaker: The settings of a circuit breaker; None, the default, for none.
        slow_call: A successful call that takes at least this long, in seconds (or a timedelta), is
            logged (WARNING); None for never. The default is ``PYWATS_SLOW_CALL``, or 10 if it is
            not set.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    timeout: Duration | None = field(default_factory=default_timeout)
    deadline: Duration | None = field(default_factory=_default_deadline)
    retry_enabled: bool = field(default_factory=_default_retry_enabled)
    retry: RetryConfig = field(default_factory=RetryConfig)
    correlation_id_enabled: bool = True
    correlation_header: str = "X-Correlation-ID"
    circuit_breaker: CircuitBreakerConfig | None = None
    slow_call: Duration | None = field(default_factory=_default_slow_call)

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
            circuit_breaker=circuit_breaker_config("circuit_breaker", self.circuit_breaker),
            slow_call=validation.optional_seconds("slow_call", self.slow_call),
        )


@with_safe_constructor
@dataclass(frozen=True, slots=True)
class SyncClientConfig:
    """Settings of `pywats.SyncWATSClient` as one flat value.

    Attributes:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one attempt in seconds (or a timedelta); None sets no limit. The default
            is ``PYWATS_TIMEOUT``, or 30 if it is not set.
        deadline: Limit of the whole call in seconds (or a timedelta); None sets no limit. The
            default is ``PYWATS_DEADLINE``, or None if it is not set.
        max_retries: Attempts after the first one; 0 switches retries off. The default is
            ``PYWATS_MAX_RETRIES``, or 0 if it is not set.
        retry_backoff: Base of the exponential wait in seconds, at least 1. The default is
            ``PYWATS_RETRY_BACKOFF``, or 2 if it is not set.
        retry_on_errors: Exception classes and predicates to retry on; see `pywats.RetryConfig`.
        correlation_id_enabled: Give every call a correlation id and send it as a header.
        circuit_breaker: The settings of a circuit breaker; None, the default, for none.
        slow_call: A successful call that takes at least this long, in seconds (or a timedelta), is
            logged (WARNING); None for never. The default is ``PYWATS_SLOW_CALL``, or 10 if it is
            not set.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """

    base_url: str | None = None
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: Duration | None = field(default_factory=default_timeout)
    deadline: Duration | None = field(default_factory=_default_deadline)
    max_retries: int = field(default_factory=_default_client_retries)
    retry_backoff: float = field(default_factory=_default_backoff)
    retry_on_errors: Iterable[ErrorRule] | ErrorRule = (ConnectionError, TimeoutError)
    correlation_id_enabled: bool = True
    circuit_breaker: CircuitBreakerConfig | None = None
    slow_call: Duration | None = field(default_factory=_default_slow_call)

    def __post_init__(self) -> None:
        """Check every field by making the `RetryConfig` and `SyncConfig` that it belongs to."""
        validation.number_at_least("retry_backoff", self.retry_backoff, 1)
        config = self.sync_config()
        _set(self, timeout=config.timeout, deadline=config.deadline, slow_call=config.slow_call)
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
            circuit_breaker=self.circuit_breaker,
            slow_call=self.slow_call,
        )


def retry_config(name: str, value: object) -> RetryConfig:
    """Return the value if it is a `RetryConfig`."""
    if not isinstance(value, RetryConfig):
        raise TypeError(f"{name}={value!r}: must be a RetryConfig, not {type(value).__name__}")
    return value


def circuit_breaker_config(name: str, value: object) -> CircuitBreakerConfig | None:
    """Return the value if it is a `CircuitBreakerConfig` or None."""
    if value is not None and not isinstance(value, CircuitBreakerConfig):
        raise TypeError(
            f"{name}={value!r}: must be a CircuitBreakerConfig, or None for no circuit breaker, "
            f"not {type(value).__name__}"
        )
    return value


def _set(instance: object, **values: object) -> None:
    # In a frozen dataclass, only object.__setattr__ can store the normalised values.
    for name, value in values.items():
        object.__setattr__(instance, name, value)
