"""`grpc.aio` behind synchronous faces, against a server of gRPC's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import awaited, unawaited

if TYPE_CHECKING:
    from collections.abc import Iterator

failures: list[int] = []


def echo(request: bytes, context: Any) -> bytes:
    if failures:
        failures.pop()
        context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
    return request.upper()


def count(request: bytes, context: Any) -> Iterator[bytes]:
    del context
    yield from (str(number).encode() for number in range(int(request)))


def total(requests: Iterator[bytes], context: Any) -> bytes:
    del context
    return b"+".join(requests)


@pytest.fixture
def channel() -> Iterator[Any]:
    server = grpc.server(ThreadPoolExecutor(4))
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
        "Count": grpc.unary_stream_rpc_method_handler(count),
        "Total": grpc.stream_unary_rpc_method_handler(total),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("Test", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    retry = RetryConfig(max_retries=3, max_backoff=0.001, retry_on_errors=[grpc.aio.AioRpcError])
    config = SyncConfig(timeout=60, retry_enabled=True, retry=retry)
    with SyncServiceWrapper.made_by(
        lambda: grpc.aio.insecure_channel(f"127.0.0.1:{port}"), config, name="channel"
    ) as channel:
        yield channel
    server.stop(None)


def test_a_call_is_awaited_and_made_anew_by_a_retry(channel: Any) -> None:
    method = channel.unary_unary("/Test/Echo")
    assert method(b"a") == b"A"
    failures.extend([1, 1])
    assert method(b"b") == b"B"
    assert failures == []


def test_a_call_has_methods(channel: Any) -> None:
    call = unawaited(channel.unary_unary("/Test/Echo"), b"a")
    assert awaited(call) == b"A"
    assert call.code() is grpc.StatusCode.OK
    sum_of = unawaited(channel.stream_unary("/Test/Total"))
    sum_of.write(b"a")
    sum_of.write(b"b")
    sum_of.done_writing()
    assert awaited(sum_of) == b"a+b"


def test_a_stream_is_iterated_over(channel: Any) -> None:
    assert list(channel.unary_stream("/Test/Count")(b"3")) == [b"0", b"1", b"2"]
