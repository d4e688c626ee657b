"""The recorder keeps the newest requests within its bounds."""

from __future__ import annotations

import pytest

from pywats.sandbox.server.recording import RecordedRequest, Recorder


def request(number: int, body: bytes = b"") -> RecordedRequest:
    return RecordedRequest("GET", f"/{number}", f"/{number}", (), (), body, 1)


def test_the_bodies_of_the_oldest_requests_are_dropped() -> None:
    recorder = Recorder(max_bytes=10)
    for number in range(4):
        recorder.arrive(request(number, b"1234"))
    kept = [(each.body, each.dropped) for each in recorder.requests]
    assert kept == [(b"", True), (b"", True), (b"1234", False), (b"1234", False)]
    recorder.arrive(request(4, b"x" * 11))
    assert [each.dropped for each in recorder.requests] == [True] * 5
    recorder.arrive(request(5, b"1234567890"))
    assert recorder.requests[-1].body == b"1234567890"
    recorder.clear()
    recorder.arrive(request(6, b"1234567890"))
    assert [each.body for each in recorder.requests] == [b"1234567890"]


def test_the_oldest_requests_are_forgotten_but_counted() -> None:
    recorder = Recorder(max_bytes=100, max_requests=3)
    for number in range(5):
        recorder.arrive(request(number, b"1234"))
    assert [each.path for each in recorder.requests] == ["/2", "/3", "/4"]
    recorder.wait_for(5, 0.01)
    with pytest.raises(TimeoutError, match="5 of 6 requests arrived"):
        recorder.wait_for(6, 0.01)
    # The space of forgotten bodies is free again.
    for number in range(5, 100):
        recorder.arrive(request(number, b"x" * 33))
    assert [len(each.body) for each in recorder.requests] == [33, 33, 33]


def test_the_response_to_a_forgotten_request_is_not_noted() -> None:
    recorder = Recorder(max_requests=1)
    key = recorder.arrive(request(0))
    recorder.arrive(request(1))
    recorder.note_status(key, 200)
    assert [each.status for each in recorder.requests] == [None]
