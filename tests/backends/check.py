"""What a trace store must know of the story, starting from the id in a log line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.backends.traces import wait_for_spans, wait_for_trace
from tests.docs.observability.story import ATTEMPT, CALL, SERVICE

if TYPE_CHECKING:
    from tests.backends.traces import TraceStore
    from tests.docs.observability.story import Story


def check(store: TraceStore, story: Story, *, pause: float = 0.5) -> None:
    """Follow the id of the log line to its trace, and judge the tree and the events."""
    spans = wait_for_spans(store, story.correlation_id, 4, pause=pause)
    assert len(spans) == 4
    (call,) = [span for span in spans if span.name == CALL]
    attempts = [span for span in spans if span.name == ATTEMPT]
    assert call.kind == "internal"
    assert [(span.kind, span.parent_id) for span in attempts] == [("client", call.span_id)] * 3

    # A store may give the attempts in any order: their resend count numbers them.
    def number(resend: str) -> int:
        return int(resend) if resend else 0

    attempts.sort(key=lambda span: number(span.attributes.get("http.request.resend_count", "")))
    kept = ("http.response.status_code", "http.request.resend_count", "error.type")
    assert [{k: s.attributes[k] for k in kept if k in s.attributes} for s in attempts] == [
        {"http.response.status_code": "503", "error.type": "503"},
        {"http.request.resend_count": "1", "error.type": "pywats.errors.WATSTimeoutError"},
        {"http.response.status_code": "200", "http.request.resend_count": "2"},
    ]
    sent = [
        parent.split("-")[2] for own, parent in story.sent if parent and own in story.correlation_id
    ]
    assert [span.span_id for span in attempts] == sent

    retried, timed_out, retried_again = call.events
    assert retried == (
        "retry",
        {"attempt": "1", "delay": "0.01", "error.type": "503", "reason": "status 503"},
    )
    error = "pywats.errors.WATSTimeoutError"
    assert timed_out == (
        "timeout",
        {"limit": "0.3", "phase": "read", "scope": "attempt", "error.type": error},
    )
    assert retried_again == (
        "retry",
        {"attempt": "2", "delay": "0.01", "error.type": error, "reason": "timeout"},
    )

    own = story.sent[-1][1]
    assert own is not None
    assert own.split("-")[1] in wait_for_trace(store, SERVICE, "pywats.correlation_id", "job-42")
