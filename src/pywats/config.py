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
    """When and how often a failed call is tried again.

    The wait before retry n (counted from 1) is ``min(max_backoff, backoff**n)`` seconds: 2, 4,
    8 s with the default. Besides what is set here, a budget that all threads of a client share
    limits retries to 20 % of its calls plus 10 a second.

    Attributes:
        max_retries: Attempts after the first one, 3 if ``PYWATS_MAX_RETRIES`` does not say
            otherwise; 0 never retries.
        backoff: Base of the exponential wait in seconds, at least 1; 2 if
            ``PYWATS_RETRY_BACKOFF`` does not say otherwise.
        retry_on_errors: What to retry on: exception classes, predicates, or an iterable of both.
            A predicate gets the exception and returns True, False, or the seconds to wait (a number
            or a timedelta). `ConnectionError` and `TimeoutError` stand for the classes of other
            libraries that mean the same, such as `httpx.ConnectError`. A certificate that does not
            verify is never retried, and an error with a status 4xx is not retried because a base of
            its class is named: add the status to ``retry_on_status``.
        retry_on_status: HTTP error statuses to retry on, of any exception that has a status.
        max_backoff: Longest computed wait in seconds.
        jitter: ``"none"`` waits exactly as computed, ``"full"`` draws from 0 to that.
        respect_retry_after: Wait at least as long as a ``Retry-After`` header asks
            (RFC 9110 section 10.2.3).
        max_retry_after: A server that asks for a longer wait, in seconds, ends the call at once.
        retry_unsafe: Retry even if an operation that must not run twice may already have run.
        on_retry: Called with a `pywats.RetryEvent` before each wait, on the calling thread.
        on_give_up: Called with a `pywats.GiveUpEvent` when a call ends that was or could have
            been retried. What a hook raises is logged and has no other effect.

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
        if self.jitter not in {"none", "full"}:
            raise ValueError(f"jitter={self.jitter!r}: must be 'none' or 'full'")


@dataclass(frozen=True, slots=True)
class CircuitBreakerConfig:
    """When to stop sending to a server that fails, and when to try it again.

    The circuit opens when, within ``window``, at least ``minimum_attempts`` were made and at least
    ``failure_ratio`` of them failed. While it is open, calls fail at once with a
    `pywats.errors.CircuitOpenError`. After ``cool_down`` one attempt is let through: the circuit
    closes if it succeeds, and stays open for another ``cool_down`` if it fails.

    An attempt fails by an error of ``failure_on_errors`` or a 5xx response. A response below
    500 counts as a success, 429 included, for it shows that the server works. Mistakes of the
    caller and Ctrl-C do not count.

    Attributes:
        failure_ratio: Share of failed attempts that opens the circuit: above 0, and 1 at most.
        window: How far back attempts count, in seconds (or a timedelta).
        minimum_attempts: Fewer attempts than this never open the circuit.
        cool_down: How long the circuit stays open, in seconds (or a timedelta).
        failure_on_errors: Exception classes that count as failures; any iterable is accepted. A
            client of another library may have classes of its own: for `httpx.AsyncClient` name
            `httpx.TransportError`.
        on_transition: Called with a `pywats.CircuitTransition` whenever the state changes, on the
            thread whose attempt changed it. What it raises is logged and has no other effect.

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
    """How sync calls run.

    Attributes:
        timeout: Limit of one attempt in seconds (or a timedelta), 30 if ``PYWATS_TIMEOUT`` does
            not say otherwise; None sets no limit.
        deadline: Limit of the whole call in seconds (or a timedelta): every attempt, every wait.
            None, the default if ``PYWATS_DEADLINE`` does not say otherwise, sets no limit.
        retry_enabled: Retry as ``retry`` says; off by default, unless ``PYWATS_MAX_RETRIES`` is
            above 0.
        retry: The retry settings, used if ``retry_enabled``.
        correlation_id_enabled: Give every call a correlation id, and send it as a header with the
            requests of a WATS client, of `DirectTransport` and `CallTransport`, and of clients that
            `instrument_httpx` was called for. Other wrapped clients send no header.
        correlation_header: Name of that header.
        circuit_breaker: The settings of a circuit breaker; None, the default, for none.
        slow_call: A call that succeeds has a log line (WARNING) if it takes this long in seconds
            (or a timedelta), 10 if ``PYWATS_SLOW_CALL`` does not say otherwise; None for never.

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
        timeout: Limit of one attempt in seconds (or a timedelta), 30 if ``PYWATS_TIMEOUT`` does
            not say otherwise; None sets no limit.
        deadline: Limit of the whole call in seconds (or a timedelta). None, the default if
            ``PYWATS_DEADLINE`` does not say otherwise, sets no limit.
        max_retries: Attempts after the first one. 0, the default if ``PYWATS_MAX_RETRIES`` does
            not say otherwise, switches retries off.
        retry_backoff: Base of the exponential wait in seconds, at least 1; 2 if
            ``PYWATS_RETRY_BACKOFF`` does not say otherwise.
        retry_on_errors: Exception classes and predicates to retry on; see `pywats.RetryConfig`.
        correlation_id_enabled: Give every call a correlation id and send it as a header.
        circuit_breaker: The settings of a circuit breaker; None, the default, for none.
        slow_call: A call that succeeds has a log line (WARNING) if it takes this long in seconds
            (or a timedelta), 10 if ``PYWATS_SLOW_CALL`` does not say otherwise; None for never.

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
