"""Pickles of clients: what was given travels, what the environment gave does not."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import pickle
import ssl
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import cloudpickle
import pytest

from pywats import (
    AsyncWATS,
    CircuitBreakerConfig,
    RetryConfig,
    RetryEvent,
    SyncClientConfig,
    SyncConfig,
    SyncWATSClient,
    pyWATS,
)
from pywats.client.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.http import ConnectionSettings, Endpoint
    from pywats.observability.instrumentation import Instrumentation
    from pywats.sandbox import Sandbox

    Client = pyWATS | AsyncWATS | SyncWATSClient

URL = "http://127.0.0.1:9"
TOKEN = "c3RhdGlvbjpodW50ZXIy"
SPAWN = multiprocessing.get_context("spawn")


class Pickler(Protocol):
    def dumps(self, value: Any, /) -> bytes: ...
    def loads(self, data: bytes, /) -> Any: ...


@pytest.fixture(params=[pickle, cloudpickle], ids=["pickle", "cloudpickle"])
def pickler(request: pytest.FixtureRequest) -> Pickler:
    made: Pickler = request.param
    return made


def flat(base_url: str | None = None, token: str | None = None) -> SyncWATSClient:
    return SyncWATSClient(SyncClientConfig(base_url=base_url, token=token))


@pytest.fixture(params=[pyWATS, flat, AsyncWATS])
def make(request: pytest.FixtureRequest) -> Callable[..., Client]:
    face: Callable[..., Client] = request.param
    return face


def ask(client: Client, part: str) -> str:
    if isinstance(client, AsyncWATS):

        async def asked() -> str:
            async with client:
                return (await client.product.get_product(part)).part_number

        return asyncio.run(asked())
    with client:
        if isinstance(client, SyncWATSClient):
            return client.get_product(part).part_number
        return client.product.get_product(part).part_number


def point_to(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("PYWATS_TOKEN", sandbox.token)


@pytest.fixture
def stocked(api: pyWATS, sandbox: Sandbox) -> Sandbox:
    """Return a sandbox that knows the product A."""
    api.product.create_product("A")
    sandbox.clear()
    return sandbox


def test_what_was_given_travels(
    stocked: Sandbox, make: Callable[..., Client], pickler: Pickler
) -> None:
    data = pickler.dumps(make(stocked.base_url, stocked.token))
    assert stocked.token.encode() in data  # a pickle is no repr: who has it can read them
    assert ask(pickler.loads(data), "A") == "A"


@pytest.mark.parametrize("by", ["token", "password"])
def test_what_the_environment_gave_does_not(
    monkeypatch: pytest.MonkeyPatch, make: Callable[..., Client], pickler: Pickler, by: str
) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", URL)
    if by == "token":
        monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    else:
        monkeypatch.setenv("PYWATS_USERNAME", "station")
        monkeypatch.setenv("PYWATS_PASSWORD", "hunter2")
    client = make()
    assert client.base_url == URL if not isinstance(client, SyncWATSClient) else URL in repr(client)
    for each in (client, copy.copy(client), copy.deepcopy(client)):
        data = pickler.dumps(pickler.loads(pickler.dumps(each)))
        for secret in (TOKEN, "station", "hunter2", "127.0.0.1"):
            assert secret.encode() not in data


def test_a_password_of_the_environment_stays_behind_the_name_that_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYWATS_PASSWORD", "hunter2")
    data = pickle.dumps(pyWATS(URL, username="station"))
    assert b"station" in data
    assert b"hunter2" not in data
    assert TOKEN.encode() not in data


def test_the_reader_takes_those_of_its_own_environment(
    stocked: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[..., Client],
    pickler: Pickler,
) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", URL)
    monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    read = pickler.loads(pickler.dumps(make()))
    point_to(stocked, monkeypatch)
    assert ask(read, "A") == "A"


def test_a_reader_without_any_is_told_on_first_use_and_may_pass_the_client_on(
    stocked: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[..., Client],
    pickler: Pickler,
) -> None:
    point_to(stocked, monkeypatch)
    data = pickler.dumps(make())
    monkeypatch.delenv("PYWATS_BASE_URL")
    monkeypatch.delenv("PYWATS_TOKEN")
    read = pickler.loads(data)
    assert "$PYWATS_BASE_URL" in repr(read)
    with pytest.raises(
        ValueError, match=r"no address of the server: pass .* or set PYWATS_BASE_URL"
    ) as caught:
        ask(read, "A")
    assert caught.value.__context__ is None
    monkeypatch.setenv("PYWATS_BASE_URL", stocked.base_url)
    with pytest.raises(ValueError, match=r"no credentials: pass .* or set PYWATS_TOKEN"):
        ask(read, "A")
    passed_on = pickler.loads(pickler.dumps(copy.copy(read)))
    monkeypatch.setenv("PYWATS_TOKEN", stocked.token)
    assert ask(passed_on, "A") == "A"


def test_a_view_travels_with_its_options(stocked: Sandbox, pickler: Pickler) -> None:
    with pyWATS(stocked.base_url, stocked.token, max_response_bytes=9_000_000) as api:
        view = api.with_options(timeout=5, deadline=9, retry_config=RetryConfig(jitter="full"))
        read = pickler.loads(pickler.dumps(view))
        assert repr(read) == f"<pyWATS {stocked.base_url} (open)>"
        assert read.config == view.config != api.config
        assert read._connection == api._connection
    assert ask(read, "A") == "A"
    with flat(stocked.base_url, stocked.token) as client:
        flat_view = client.with_options(max_retries=7)
        flat_read = pickler.loads(pickler.dumps(flat_view))
    assert flat_read._api.config == flat_view._api.config != client._api.config
    assert ask(flat_read, "A") == "A"


def test_limits_travel_wherever_they_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWATS_TIMEOUT", "12.5")
    data = pickle.dumps((pyWATS(URL, TOKEN), AsyncWATS(URL, TOKEN)))
    monkeypatch.delenv("PYWATS_TIMEOUT")
    api, awaiting = pickle.loads(data)  # noqa: S301 - made here
    assert (api.config.timeout, awaiting._port._timeout) == (12.5, 12.5)


class Line(pyWATS):
    """A client with something of the user's own."""

    def __init__(self, number: int) -> None:
        super().__init__(URL, TOKEN)
        self.number = number


def test_what_a_subclass_adds_travels_too() -> None:
    read = pickle.loads(pickle.dumps(Line(7)))  # noqa: S301 - made here
    assert isinstance(read, Line)
    assert (read.number, read.base_url) == (7, URL)
    assert copy.copy(read).number == 7


def tell(event: RetryEvent) -> None:
    """Be a hook that another process can find."""


def test_hooks_that_can_be_found_travel(pickler: Pickler) -> None:
    retry = RetryConfig(on_retry=tell, on_give_up=print)
    api = pyWATS(URL, TOKEN, retry_config=retry)
    assert pickler.loads(pickler.dumps(api)).config.retry == retry


def unpicklable() -> dict[str, SyncConfig]:
    class LocalError(Exception):
        pass

    return {
        "on_retry": SyncConfig(retry=RetryConfig(on_retry=lambda _: None)),
        "on_give_up": SyncConfig(retry=RetryConfig(on_give_up=lambda _: None)),
        "retry_on_errors": SyncConfig(retry=RetryConfig(retry_on_errors=[LocalError])),
        "on_transition": SyncConfig(
            circuit_breaker=CircuitBreakerConfig(on_transition=lambda _: None)
        ),
        "failure_on_errors": SyncConfig(
            circuit_breaker=CircuitBreakerConfig(failure_on_errors=[LocalError])
        ),
    }


@pytest.mark.parametrize(("setting", "config"), unpicklable().items())
def test_a_setting_that_cannot_be_found_elsewhere_is_named(
    pickler: Pickler, setting: str, config: SyncConfig
) -> None:
    told = (
        rf"cannot pickle the client with {setting}=.*<locals>.*: "
        "use what is defined at the top of a module, or make a client in each process"
    )
    with pytest.raises(TypeError, match=told):
        pickler.dumps(pyWATS(URL, TOKEN, sync_config=config))
    flat_config = SyncClientConfig(
        base_url=URL,
        token=TOKEN,
        retry_on_errors=config.retry.retry_on_errors,
        circuit_breaker=config.circuit_breaker,
    )
    view = SyncWATSClient(flat_config).with_options(retry_config=config.retry)
    with pytest.raises(TypeError, match=told):
        pickler.dumps(view)


@pytest.mark.parametrize("face", [pyWATS, AsyncWATS])
def test_so_is_a_context_for_tls(pickler: Pickler, face: Callable[..., Client]) -> None:
    client = face(URL, TOKEN, verify_ssl=ssl.create_default_context())
    with pytest.raises(TypeError, match=r"with verify_ssl=<ssl.*: leave verify_ssl=True and"):
        pickler.dumps(client)


def test_threads_that_use_it_first_at_the_same_time_share_one_pool(
    stocked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = pickle.loads(pickle.dumps(pyWATS(stocked.base_url, stocked.token)))  # noqa: S301 - made here
    together = threading.Barrier(2)
    make = Wiring.make

    def make_together(
        endpoint: Endpoint,
        connection: ConnectionSettings,
        config: SyncConfig,
        instrumentation: Instrumentation,
    ) -> Wiring:
        made = make(endpoint, connection, config, instrumentation)
        # Python 3.11 lets one thread at a time compute a cached property.
        with suppress(threading.BrokenBarrierError):
            together.wait(0.2)
        return made

    monkeypatch.setattr(Wiring, "make", make_together)
    used: list[Wiring] = []
    threads = [threading.Thread(target=lambda: used.append(api._wiring)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(used) == 2
    assert used[0] is used[1]
    assert ask(api, "A") == "A"


def test_processes_that_are_spawned_use_their_own_environment(
    stocked: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = pyWATS(stocked.base_url, stocked.token)
    point_to(stocked, monkeypatch)
    clients: list[Client] = [given, pyWATS(), flat(), AsyncWATS(), given.with_options(timeout=5)]
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        assert list(pool.map(ask, clients, "AAAAA")) == list("AAAAA")
    assert len({request.connection for request in stocked.requests}) == len(clients)


def test_a_worker_without_any_tells_whoever_submitted_the_task(stocked: Sandbox) -> None:
    with pytest.MonkeyPatch.context() as environment:
        point_to(stocked, environment)
        api = pyWATS()
    # An error while a task is unpacked would end the worker, and the pool would wait for ever.
    with SPAWN.Pool(1) as pool:
        result = pool.apply_async(ask, (api, "A"))
        with pytest.raises(ValueError, match="no address of the server"):
            result.get(30)
