"""The faults measured in the public peer, each by name (last section of the design)."""

from __future__ import annotations

import copy
import os
import select
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import pywats
from pywats import RetryConfig, SyncConfig, pyWATS
from pywats.errors import WATSClosedError, WATSConnectionError, WATSError, WATSTimeoutError
from pywats.sandbox import Fault
from tests.mypy_cache import mypy_cache
from tests.skipped_time import LIMIT, SkippedTime
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/{partNumber}"
FAST = SyncConfig(
    timeout=LIMIT, retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01)
)


@pytest.fixture
def part(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> str:
    connect().product.create_product(part_number="A")
    sandbox.clear()
    return "A"


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.status(503), Fault.status(429)])
def test_retries_fire_on_reset_503_and_429(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str, fault: Fault
) -> None:
    sandbox.inject("GET", ROUTE, fault, times=2)
    assert connect(sync_config=FAST).product.get_product(part).part_number == part
    assert len(sandbox.requests) == 3


def test_retries_fire_on_refused(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> None:
    with sandbox.refused(), pytest.raises(WATSConnectionError) as caught:
        connect(sync_config=FAST).product.get_product("A")
    assert len(caught.value.attempts) == 3


def test_a_post_is_not_sent_again_after_a_timeout(
    sandbox: Sandbox, connect: Callable[..., pyWATS], skipped_time: SkippedTime
) -> None:
    sandbox.inject("POST", "*", Fault.hang())
    skipped_time.skip_at_requests(sandbox, 1, 2, 3)
    with pytest.raises(WATSTimeoutError):
        connect(sync_config=FAST).product.add_product_group_filter(
            product_group="G", part_number="A"
        )
    assert len(sandbox.requests) == 1


def test_one_id_over_all_attempts_in_header_log_lines_and_exception(
    sandbox: Sandbox, connect: Callable[..., pyWATS], log_lines: list[str]
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503))
    with pytest.raises(WATSError) as caught:
        connect(sync_config=FAST).product.get_product("A")
    ids = {request.header("x-correlation-id") for request in sandbox.requests}
    ids |= {line.split()[0] for line in log_lines}
    ids.add(caught.value.correlation_id)
    assert len(ids) == 1


def test_the_timeout_error_is_the_builtin_one(
    sandbox: Sandbox, connect: Callable[..., pyWATS]
) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang())
    with pytest.raises(TimeoutError) as caught:
        connect(timeout=0.1).product.get_product("A")
    assert isinstance(caught.value, WATSError)


def test_timeout_none_is_no_timeout() -> None:
    with pyWATS("http://127.0.0.1:9", "eDp5", timeout=None) as api:
        assert api.config.timeout is None


def test_eight_threads_share_one_client(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> None:
    api = connect()
    numbers = [f"P{index}" for index in range(40)]
    for number in numbers:
        api.product.create_product(part_number=number)
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(api.product.get_product, numbers * 5))
    assert [response.part_number for response in responses] == numbers * 5
    assert len(sandbox.requests) == 40 + 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_child_forked_after_a_call_works_and_shares_no_socket(
    sandbox: Sandbox, api: pyWATS, part: str
) -> None:
    api.product.get_product(part)
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(sender, api.product.get_product(part).part_number.encode())
        finally:
            os._exit(0)
    os.close(sender)
    try:
        received: list[bytes] = []
        while not received or received[-1]:
            ready, _, _ = select.select([receiver], [], [], 120)
            assert ready, "the child hangs"
            received.append(os.read(receiver, 10))
        assert received == [b"A", b""]
    finally:
        os.close(receiver)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert api.product.get_product(part).part_number == part
    first, in_child, after = [request.connection for request in sandbox.requests]
    assert first == after != in_child


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
def test_ctrl_c_ends_the_request_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(120)
        script = textwrap.dedent(
            f"""
            import faulthandler, signal, sys
            from pywats import pyWATS
            faulthandler.dump_traceback_later(200, exit=True)
            # A test run in the background hands SIGINT down as ignored.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            api = pyWATS("http://127.0.0.1:{listener.getsockname()[1]}", "eDp5")
            try:
                api.product.get_product("A")
            except KeyboardInterrupt:
                print("interrupted", flush=True)
                sys.stdin.read()
            """
        )
        child = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Untraced: a tracer of coverage stretches the moments between two calls.
            env=untraced(),
        )
        with child, listener.accept()[0] as connection:
            connection.settimeout(120)
            assert connection.recv(65536).startswith(b"GET /api/Product/A ")
            time.sleep(0.1)  # until the child waits in its read, where Ctrl-C finds a user
            sent = time.monotonic()
            child.send_signal(signal.SIGINT)
            # The connection ends while the process lives on: nothing runs in the background.
            assert connection.recv(1) == b""
            took = time.monotonic() - sent
            lives = child.poll() is None
            output, stacks = child.communicate("")
    assert output == "interrupted\n", stacks
    assert lives
    # The call would have waited for its timeout of 60 s.
    assert took < 30


def test_a_call_after_close_raises(api: pyWATS, sandbox: Sandbox) -> None:
    product = api.product
    api.close()
    with pytest.raises(WATSClosedError):
        product.get_product("A")
    assert sandbox.requests == ()


def test_dir_shows_the_methods_and_copying_does_not_recurse(api: pyWATS) -> None:
    assert {"get_product", "create_product", "get_vendors"} <= set(dir(api.product))
    with pytest.raises(TypeError, match="it holds connections"):
        copy.copy(api.product)


def test_a_path_segment_keeps_all_its_characters(api: pyWATS, sandbox: Sandbox) -> None:
    api.product.create_product(part_number="A/B#1?x")
    assert api.product.get_product("A/B#1?x").part_number == "A/B#1?x"
    assert sandbox.requests[-1].path == "/api/Product/A%2FB%231%3Fx"


def test_the_settings_are_exported() -> None:
    assert {"SyncConfig", "RetryConfig", "SyncClientConfig"} <= set(pywats.__all__)


def test_there_is_no_thread_of_our_own(api: pyWATS, part: str) -> None:
    before = threading.active_count()
    api.product.get_product(part)
    assert threading.active_count() == before


@pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")
def test_a_call_works_inside_a_running_loop(api: pyWATS, part: str) -> None:
    import asyncio  # noqa: PLC0415 - the one test that needs a loop

    async def main() -> str:
        number: str = api.product.get_product(part).part_number
        return number

    assert asyncio.run(main()) == part


def test_async_generators_are_plain_iterators(api: pyWATS, sandbox: Sandbox) -> None:
    for number in ("A", "B", "C"):
        api.product.create_product(part_number=number)
    products = api.product.iter_products(page_size=2)
    assert next(products).part_number == "A"
    assert isinstance(products, Generator)
    products.close()
    assert [each.part_number for each in api.product.iter_products(page_size=2)] == ["A", "B", "C"]
    sandbox.clear()
    assert next(products, None) is None
    assert sandbox.requests == ()


def test_the_shipped_stubs_have_no_type_errors_and_say_the_types(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            """
            from pywats import RetryConfig, SyncWATSClient, pyWATS

            api = pyWATS(base_url="...", token="x", retry_config=RetryConfig(max_retries=3))
            reveal_type(api.product.get_product("A").revisions)
            reveal_type(SyncWATSClient().get_product(part_number="A", timeout=30.0).name)
            api.product.get_product(1)
            """
        ),
        encoding="utf-8",
    )
    with mypy_cache() as variables:
        checked = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "mypy", "--strict", str(program)],
            env=untraced(**variables),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            cwd=tmp_path,
        )
    told = [line.partition("program.py:")[2] for line in checked.stdout.splitlines()]
    assert told[:-1] == [
        '5: note: Revealed type is "list[pywats.models.product.product.ProductRevision] | None"',
        '6: note: Revealed type is "str | None"',
        '7: error: Argument 1 to "get_product" of "SyncProductService" has incompatible type '
        '"int"; expected "str"  [arg-type]',
    ], checked.stdout
