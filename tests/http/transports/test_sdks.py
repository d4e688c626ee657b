"""The SDKs of openai and anthropic over a `DirectTransport`, on the caller's thread."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final

import httpx
import httpx2
import openai
import pytest
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from pywats import DirectTransport, RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner, SuspendedError
from tests.sync.clients.fakes import FakeServer, event
from tests.sync.clients.test_anthropic import message, stream_of
from tests.sync.clients.test_openai import completion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tracing import Spans

    Make = Callable[..., Any]

QUESTION: Final[dict[str, Any]] = {
    "model": "m",
    "messages": [{"role": "user", "content": "which colour?"}],
}
CHAT, MESSAGES = "POST /v1/chat/completions", "POST /v1/messages"
RETRIED = SyncConfig(
    retry_enabled=True, retry=RetryConfig(max_retries=1, max_backoff=0.01, retry_on_status={503})
)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


def made_openai(server: FakeServer, package: Any, **options: Any) -> AsyncOpenAI:
    return AsyncOpenAI(
        api_key="k",
        base_url=f"{server.base_url}/v1",
        http_client=package.AsyncClient(transport=DirectTransport()),
        **options,
    )


def made_anthropic(server: FakeServer, package: Any, **options: Any) -> AsyncAnthropic:
    return AsyncAnthropic(
        api_key="k",
        base_url=server.base_url,
        http_client=package.AsyncClient(transport=DirectTransport()),
        **options,
    )


def direct(client: Any, config: SyncConfig | None = None) -> Any:
    return SyncServiceWrapper(client, config, runner=DirectRunner())


def ask_openai(face: Any) -> object:
    return face.chat.completions.create(**QUESTION).choices[0].message.content


def ask_anthropic(face: Any) -> object:
    return face.messages.create(max_tokens=9, **QUESTION).content[0].text


OPENAI: Final = [(made_openai, ask_openai, CHAT, package) for package in (httpx, httpx2)]
# It takes clients of httpx2 alone.
ANTHROPIC: Final = (made_anthropic, ask_anthropic, MESSAGES, httpx2)
each_package = pytest.mark.parametrize("package", [httpx, httpx2], ids=["httpx", "httpx2"])
each_sdk = pytest.mark.parametrize(
    ("make", "ask", "key", "package"),
    [*OPENAI, ANTHROPIC],
    ids=["openai-httpx", "openai-httpx2", "anthropic-httpx2"],
)


def responses(key: str, text: str) -> object:
    return completion(text) if key == CHAT else message(text)


@each_sdk
def test_a_call_needs_neither_loop_nor_thread(
    server: FakeServer, package: Any, make: Make, ask: Callable[[Any], object], key: str
) -> None:
    server.responses[key] = responses(key, "blue")
    face = direct(make(server, package))
    before = set(threading.enumerate())
    assert ask(face) == "blue"
    names = {each.name for each in set(threading.enumerate()) - before}
    assert not [name for name in names if "process_request_thread" not in name]  # the server's
    assert asyncio._get_running_loop() is None
    face.close()
    assert [each for each, _ in server.requests] == [key]


@each_package
def test_a_streamed_call_of_openai(server: FakeServer, package: Any) -> None:
    chunks = [event(completion(text, chunk=True)) for text in ("a", "b")]
    server.responses[CHAT] = [*chunks, event("[DONE]")]
    face = direct(made_openai(server, package))
    with face.chat.completions.create(stream=True, **QUESTION) as stream:
        assert [chunk.choices[0].delta.content for chunk in stream] == ["a", "b"]
    stream = face.chat.completions.create(stream=True, **QUESTION)
    assert next(stream).choices[0].delta.content == "a"
    stream.close()
    with face.chat.with_streaming_response.completions.create(**QUESTION) as streaming:
        assert "[DONE]" in streaming.text()
    face.close()
    assert len(server.requests) == 3


def test_a_streamed_call_of_anthropic(server: FakeServer) -> None:
    server.responses[MESSAGES] = stream_of("a", "b")
    face = direct(made_anthropic(server, httpx2))
    with face.messages.stream(max_tokens=9, **QUESTION) as stream:
        assert list(stream.text_stream) == ["a", "b"]
        assert stream.get_final_message().content[0].text == "ab"
    face.close()
    assert len(server.requests) == 1


@each_sdk
def test_retries_of_the_sdk_itself_get_the_one_change_to_make(
    server: FakeServer, package: Any, make: Make, ask: Callable[[Any], object], key: str
) -> None:
    server.responses[key] = 500
    face = direct(make(server, package), RETRIED)
    with pytest.raises(SuspendedError, match=r"\(max_retries=0\).*PortalRunner.*CallTransport"):
        ask(face)
    face.close()
    assert len(server.requests) == 1


@each_sdk
def test_without_them_the_call_is_retried_by_the_wrapper(
    server: FakeServer,
    package: Any,
    make: Make,
    ask: Callable[[Any], object],
    key: str,
    spans: Spans,
) -> None:
    told: list[object] = [503, responses(key, "blue")]
    server.responses[key] = lambda _: told.pop(0)
    face = direct(make(server, package, max_retries=0), RETRIED)
    assert ask(face) == "blue"
    face.close()
    assert len(server.requests) == 2
    requests = [span for span in spans.finished if span.name == "POST"]
    statuses = [(span.attributes or {})["http.response.status_code"] for span in requests]
    assert statuses == [503, 200]


@each_package
def test_an_error_response_is_the_sdks_error(server: FakeServer, package: Any) -> None:
    server.responses[CHAT] = 404
    face = direct(made_openai(server, package))
    with pytest.raises(openai.NotFoundError) as caught:
        ask_openai(face)
    face.close()
    assert vars(caught.value)["correlation_id"]
    assert len(server.requests) == 1


def test_a_call_in_a_notebook(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def cell() -> object:
        task = asyncio.current_task()
        response = ask_openai(face)
        assert asyncio.current_task() is task
        await asyncio.sleep(0)
        return response

    monkeypatch.setattr("pywats.sync.engine.engine.warn_if_in_loop", lambda *_: None)
    server.responses[CHAT] = completion("blue")
    face = direct(made_openai(server, httpx))
    assert asyncio.run(cell()) == "blue"
    face.close()


def test_threads_share_a_client(server: FakeServer) -> None:
    server.responses[CHAT] = completion("blue")
    face = direct(made_openai(server, httpx))
    responses: list[object] = []
    threads = [
        threading.Thread(target=lambda: responses.append(ask_openai(face))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    face.close()
    assert responses == ["blue"] * 8
    assert len(server.requests) == 8
