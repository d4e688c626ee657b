"""`redis.asyncio.Redis` behind a synchronous face, against a real redis-server."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import awaited, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tracing import Spans

ONCE = Retry(NoBackoff(), 0)
_NUMBERS = itertools.count()


@pytest.fixture
def key() -> str:
    return f"key-{next(_NUMBERS)}"


@pytest.fixture
def client(redis_port: int) -> Iterator[SyncServiceWrapper[redis.asyncio.Redis]]:
    # It connects without retries of its own, so that a refusal shows at once.
    raw = redis.asyncio.Redis(port=redis_port, decode_responses=True, retry=ONCE)
    wrapper = SyncServiceWrapper(raw, SyncConfig(timeout=60), name="redis")
    yield wrapper
    wrapper.aclose()


def test_commands(client: SyncServiceWrapper[redis.asyncio.Redis], key: str, spans: Spans) -> None:
    assert client.ping() is True
    assert client.set(key, "1") is True
    assert client.incr(key) == 2
    assert client.get(key) == "2"
    assert client.hset(f"{key}-hash", mapping={"a": "1", "b": "2"}) == 2
    assert client.hgetall(f"{key}-hash") == {"a": "1", "b": "2"}
    assert {span.name for span in spans.finished} == {
        f"redis.{name}" for name in ("ping", "set", "incr", "get", "hset", "hgetall")
    }


def test_an_error_of_the_server_keeps_its_class(
    client: SyncServiceWrapper[redis.asyncio.Redis], key: str
) -> None:
    client.set(key, "text")
    with pytest.raises(ResponseError, match="not an integer") as caught:
        client.incr(key)
    assert len(caught.value.__notes__) == 1


def test_a_pipeline(client: SyncServiceWrapper[redis.asyncio.Redis], key: str) -> None:
    with client.pipeline(transaction=True) as pipe:
        assert pipe.set(key, 1).incr(key) is pipe
        assert pipe.execute() == [True, 2]
    pipe = client.pipeline()
    pipe.get(key)
    assert pipe.execute() == ["2"]


def test_publish_and_subscribe(client: SyncServiceWrapper[redis.asyncio.Redis], key: str) -> None:
    with client.pubsub() as channel:
        channel.subscribe(key)
        assert channel.get_message(timeout=60)["type"] == "subscribe"
        publisher = threading.Timer(0.05, client.publish, (key, "hello"))
        publisher.start()
        for message in channel.listen():
            assert (message["type"], message["data"]) == ("message", "hello")
            break
        publisher.join()
        channel.unsubscribe(key)


def test_iteration_and_locks(client: SyncServiceWrapper[redis.asyncio.Redis], key: str) -> None:
    names = {f"{key}:{number}" for number in range(30)}
    client.mset(dict.fromkeys(names, "x"))
    assert set(client.scan_iter(match=f"{key}:*", count=10)) == names
    with client.lock(f"{key}-lock", timeout=600) as lock:
        assert lock.locked()
        assert not client.lock(f"{key}-lock", blocking=False).acquire()
    assert not lock.locked()


def test_a_blocking_command_ends_at_the_limit_and_the_client_goes_on(
    redis_port: int, key: str
) -> None:
    raw = redis.asyncio.Redis(port=redis_port, decode_responses=True, max_connections=1)
    hasty = SyncServiceWrapper(raw, SyncConfig(timeout=0.2))
    with SyncServiceWrapper(raw, SyncConfig(timeout=60)) as client:
        with pytest.raises(CallTimeoutError):
            hasty.blpop([key], timeout=3600)
        # The only connection is free again.
        assert client.rpush(key, "item") == 1
        assert tuple(client.blpop([key], timeout=60)) == (key, "item")


def test_eight_threads_and_one_client(
    client: SyncServiceWrapper[redis.asyncio.Redis], key: str
) -> None:
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: client.incr(key), range(200)))
    assert sorted(counts) == list(range(1, 201))


def test_retries_on_the_clients_own_errors(spans: Spans) -> None:
    raw = redis.asyncio.Redis(port=9, retry=ONCE)
    retry = RetryConfig(max_retries=2, max_backoff=0.001, retry_on_errors=[RedisConnectionError])
    client = SyncServiceWrapper(raw, SyncConfig(retry_enabled=True, retry=retry), name="redis")
    with pytest.raises(RedisConnectionError) as caught:
        client.ping()
    assert len(vars(caught.value)["attempts"]) == 3
    events = [event.name for event in spans.named("redis.ping").events]
    assert events == ["retry", "retry", "retry_given_up", "exception"]


def test_a_client_may_be_awaited_and_made_from_an_address(
    client: SyncServiceWrapper[redis.asyncio.Redis], redis_port: int
) -> None:
    assert awaited(client) is client
    other = client.from_url(f"redis://127.0.0.1:{redis_port}")
    assert isinstance(unwrap(other), redis.asyncio.Redis)
    assert other.ping() is True
    other.aclose()
