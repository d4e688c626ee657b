"""A service that fails as told, and engines in a time of their own."""

from __future__ import annotations

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import Call, DirectRunner, Engine, current_call
from tests.clock import ManualClock


class Flaky:
    """Fails as told, then answers."""

    def __init__(self, *failures: BaseException) -> None:
        self.failures = list(failures)
        self.calls: list[Call] = []
        self.attempts_seen: list[int] = []

    async def work(self, value: str = "done") -> str:
        call = current_call()
        assert call is not None
        self.calls.append(call)
        self.attempts_seen.append(call.attempt)
        if self.failures:
            raise self.failures.pop(0)
        return value


def engine(config: SyncConfig | None = None, clock: ManualClock | None = None) -> Engine:
    return Engine(config or SyncConfig(), DirectRunner(), clock or ManualClock())


def retrying(**settings: object) -> SyncConfig:
    return SyncConfig(retry_enabled=True, retry=RetryConfig(**settings))  # type: ignore[arg-type]  # each test passes RetryConfig fields


def wrap(service: Flaky, on: Engine) -> SyncServiceWrapper[Flaky]:
    return SyncServiceWrapper(service, name="flaky", engine=on)
