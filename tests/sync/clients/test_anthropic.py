"""`anthropic.AsyncAnthropic` behind a synchronous face, against a fake endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anthropic
import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from tests.sync.clients.fakes import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sync.clients.fakes import FakeServer
    from tests.tracing import Spans

pytestmark = pytest.mark.usefixtures("collected")
Client = SyncServiceWrapper[anthropic.AsyncAnthropic]
MESSAGES = "POST /v1/messages"
QUESTION: dict[str, Any] = {
    "model": "m",
    "max_tokens": 10,
    "messages": [{"role": "user", "content": "hi"}],
}
USAGE = {"input_tokens": 1, "output_tokens": 1}


def message(*texts: str) -> dict[str, Any]:
    return {
        "id": "msg",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": text} for text in texts],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
    }


def stream_of(*texts: str) -> list[str]:
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message() | {"stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": text},
            }
            for text in texts
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": USAGE},
        {"type": "message_stop"},
    ]
    return [event(each, each["type"]) for each in events]


@pytest.fixture
def client(fake: FakeServer) -> Iterator[Client]:
    raw = anthropic.AsyncAnthropic(api_key="key", base_url=fake.base_url, max_retries=0)
    retry = RetryConfig(
        max_retries=2, max_backoff=0.001, retry_on_errors=[anthropic.InternalServerError]
    )
    config = SyncConfig(timeout=60, retry_enabled=True, retry=retry)
    with SyncServiceWrapper(raw, config) as entered:
        yield entered


def test_a_message(client: Client, fake: FakeServer, spans: Spans) -> None:
    fake.responses[MESSAGES] = message("hello")
    response = client.messages.create(**QUESTION)
    assert isinstance(response, anthropic.types.Message)
    assert response.content[0].text == "hello"  # type: ignore[union-attr]  # a text, as the fake says
    # The client opens a span of its own, which is below that of the call.
    assert [line.partition(" [")[0] for line in spans.tree()] == [
        *("async_messages.create", "  anthropic.messages.create"),
    ]


def test_a_stream_within_a_context(client: Client, fake: FakeServer) -> None:
    fake.responses[MESSAGES] = stream_of("a", "b")
    with client.messages.stream(**QUESTION) as stream:
        assert list(stream.text_stream) == ["a", "b"]
        assert stream.get_final_message().content[0].text == "ab"
    with client.messages.stream(**QUESTION) as stream:
        assert next(iter(stream)).type == "message_start"


def test_events_of_a_stream(client: Client, fake: FakeServer) -> None:
    fake.responses[MESSAGES] = stream_of("a")
    events = [each.type for each in client.messages.create(stream=True, **QUESTION)]
    assert events[0] == "message_start"
    assert events[-1] == "message_stop"


def test_retries_on_the_clients_own_errors(client: Client, fake: FakeServer, spans: Spans) -> None:
    responses: list[object] = [500, 500, message("third")]
    fake.responses[MESSAGES] = lambda _: responses.pop(0)
    assert client.messages.create(**QUESTION).content[0].text == "third"
    span = spans.named("async_messages.create")
    assert [each.name for each in span.events] == ["retry", "retry"]
    assert len(fake.requests) == 3
