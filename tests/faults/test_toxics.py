"""Each toxic of the proxy between either client and the sandbox."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from pywats.errors import CallConnectionError, CallTimeoutError
from tests.faults.faces import FACES, blocking, each_attempt
from tests.faults.proxy import (
    Bandwidth,
    FaultProxy,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats.sandbox import Sandbox

    Face = Callable[..., Any]


@pytest.fixture
def behind(sandbox: Sandbox) -> Iterator[FaultProxy]:
    """Run a proxy in front of a sandbox that knows the product A."""
    blocking(sandbox.base_url, "create_product", "A")
    sandbox.clear()
    with FaultProxy(("127.0.0.1", int(sandbox.base_url.rpartition(":")[2]))) as proxy:
        yield proxy


@each_attempt
def test_latency_is_waited_for(face: Face, behind: FaultProxy) -> None:
    behind.add(Latency(0.05, jitter=0.01), "upstream").add(Latency(0.05, jitter=0.01))
    started = time.monotonic()
    assert face(behind.base_url).part_number == "A"
    assert time.monotonic() - started >= 0.08


@each_attempt
def test_a_narrow_line_is_slow_and_not_wrong(face: Face, behind: FaultProxy) -> None:
    behind.add(Bandwidth(4000), "upstream").add(Bandwidth(4000))
    assert face(behind.base_url).part_number == "A"
    with pytest.raises(CallTimeoutError):
        face(behind.base_url, timeout=0.05)


@each_attempt
def test_a_slow_close_holds_nothing_up(face: Face, behind: FaultProxy) -> None:
    behind.add(SlowClose(3), "upstream").add(SlowClose(3))
    started = time.monotonic()
    assert face(behind.base_url).part_number == "A"
    assert time.monotonic() - started < 2


@each_attempt
def test_silence_that_ends_in_a_close_is_a_lost_connection(
    face: Face, behind: FaultProxy, sandbox: Sandbox
) -> None:
    behind.add(Timeout(0.05))
    with pytest.raises(CallConnectionError, match="the server closed the connection") as caught:
        face(behind.base_url)
    assert caught.value.transient
    assert len(sandbox.requests) == 1


@each_attempt
@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_silence_is_a_timeout(face: Face, behind: FaultProxy, stream: Any) -> None:
    behind.add(Timeout(), stream)
    with pytest.raises(CallTimeoutError) as caught:
        face(behind.base_url, timeout=0.2)
    assert caught.value.phase == "read"


@each_attempt
@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_a_reset_is_a_lost_connection(face: Face, behind: FaultProxy, stream: Any) -> None:
    behind.add(ResetPeer(0.02), stream)
    with pytest.raises(CallConnectionError, match="the connection broke") as caught:
        face(behind.base_url)
    assert caught.value.transient


@each_attempt
def test_a_response_in_slices_is_put_together(face: Face, behind: FaultProxy) -> None:
    behind.add(Slicer(3, size_variation=2), "upstream").add(Slicer(1))
    assert face(behind.base_url).part_number == "A"


@each_attempt
@pytest.mark.parametrize("count", [1, 20, 50])
def test_a_response_cut_off_in_its_head_is_a_lost_connection(
    face: Face, behind: FaultProxy, count: int
) -> None:
    behind.add(LimitData(count))
    with pytest.raises(CallConnectionError, match="the server closed the connection") as caught:
        face(behind.base_url)
    assert (caught.value.transient, caught.value.status) == (True, 0)


@each_attempt
def test_a_response_cut_off_in_its_body_has_a_status_and_a_start(
    face: Face, behind: FaultProxy
) -> None:
    behind.add(LimitData(300))
    with pytest.raises(CallConnectionError, match="the server closed the connection") as caught:
        face(behind.base_url)
    error = caught.value
    assert (error.transient, error.status) == (True, 200)
    assert "after status 200" in str(error)
    if face in FACES:
        # A service reads its bodies itself.
        assert error.excerpt.startswith('{"')
        assert f"after status 200 and a body that starts {error.excerpt!r}" in str(error)


@each_attempt
def test_a_request_cut_off_on_its_way_is_not_executed(
    face: Face, behind: FaultProxy, sandbox: Sandbox
) -> None:
    behind.add(LimitData(50), "upstream")
    with pytest.raises(CallConnectionError) as caught:
        face(behind.base_url, "create_product", "B")
    # It cannot be known from here.
    assert caught.value.may_have_been_executed
    assert sandbox.requests == ()
