"""`openai.AsyncOpenAI` behind a synchronous face, against a fake endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai.types.chat import ChatCompletion

from pywats import SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import face_of
from tests.sync.clients.fakes import HANG, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sync.clients.fakes import FakeServer
    from tests.tracing import Spans

pytestmark = pytest.mark.usefixtures("collected")
Client = SyncServiceWrapper[openai.AsyncOpenAI]
CHAT = "POST /v1/chat/completions"
QUESTION = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def completion(text: str, *, chunk: bool = False) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": None if chunk else "stop"}
    choice["delta" if chunk else "message"] = message  # type: ignore[assignment]  # as on the wire
    kind = "chat.completion.chunk" if chunk else "chat.completion"
    return {"id": "c", "object": kind, "created": 1, "model": "m", "choices": [choice]}


@pytest.fixture
def client(fake: FakeServer) -> Iterator[Client]:
    raw = openai.AsyncOpenAI(api_key="key", base_url=f"{fake.base_url}/v1", max_retries=0)
    with SyncServiceWrapper(raw, SyncConfig(timeout=60)) as entered:
        yield entered


def test_a_completion(client: Client, fake: FakeServer, spans: Spans) -> None:
    fake.responses[CHAT] = completion("hello")
    response = client.chat.completions.create(**QUESTION)
    assert isinstance(response, ChatCompletion)
    assert response.choices[0].message.content == "hello"
    assert client.chat is client.chat
    assert client.chat.completions is client.chat.completions
    assert [span.name for span in spans.finished] == ["async_completions.create"]


def test_a_stream_is_iterated_entered_and_closed(client: Client, fake: FakeServer) -> None:
    chunks = [event(completion(text, chunk=True)) for text in ("a", "b")]
    fake.responses[CHAT] = [*chunks, event("[DONE]")]
    with client.chat.completions.create(stream=True, **QUESTION) as stream:
        assert [chunk.choices[0].delta.content for chunk in stream] == ["a", "b"]
        assert stream.response.status_code == 200
    stream = client.chat.completions.create(stream=True, **QUESTION)
    assert next(stream).choices[0].delta.content == "a"
    stream.close()


def test_raw_and_streaming_responses(client: Client, fake: FakeServer) -> None:
    fake.responses[CHAT] = completion("hello")
    raw = client.chat.completions.with_raw_response.create(**QUESTION)
    assert raw.status_code == 200
    assert raw.parse().choices[0].message.content == "hello"
    with client.chat.with_streaming_response.completions.create(**QUESTION) as streaming:
        assert "hello" in streaming.text()


def test_a_list_is_awaited_and_iterated_over_all_pages(client: Client, fake: FakeServer) -> None:
    models = [{"id": each, "object": "model", "created": 1, "owned_by": "me"} for each in "ab"]
    fake.responses["GET /v1/models"] = {"object": "list", "data": models}
    page = client.models.list()
    assert [model.id for model in page.data] == ["a", "b"]
    assert [model.id for model in page] == ["a", "b"]


def test_an_error_response_and_a_limit(client: Client, fake: FakeServer) -> None:
    fake.responses[CHAT] = 429
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(**QUESTION)
    told, way = caught.value.__notes__
    assert told.startswith("correlation_id=")
    assert way.endswith("pywats.sync.face_of(wrapper, error.response)")
    assert face_of(client, caught.value.response).aread()
    fake.responses[CHAT] = HANG
    with pytest.raises(CallTimeoutError):
        SyncServiceWrapper(client, SyncConfig(timeout=0.2)).chat.completions.create(**QUESTION)


def test_a_client_with_other_options(client: Client, fake: FakeServer) -> None:
    fake.responses[CHAT] = completion("hello")
    other = client.with_options(timeout=3)
    assert other.chat.completions.create(**QUESTION).id == "c"
