"""`nats-py` behind a synchronous face, against nats-server."""

from __future__ import annotations

from typing import Any

import nats
import pytest
from nats.errors import TimeoutError as NatsTimeoutError

from pywats import SyncServiceWrapper


@pytest.fixture
def client(nats_port: int) -> Any:
    module: Any = SyncServiceWrapper(nats)
    with module.connect(f"nats://127.0.0.1:{nats_port}") as client:
        yield client


def test_publish_and_subscribe(client: Any) -> None:
    subscription = client.subscribe("units.*")
    client.publish("units.a", b"1")
    client.publish("units.b", b"2")
    client.flush()
    assert subscription.next_msg(timeout=60).data == b"1"
    messages = iter(subscription.messages)
    assert next(messages).subject == "units.b"
    subscription.unsubscribe()


def test_requests(client: Any) -> None:
    subscription = client.subscribe("ask")
    inbox = client.new_inbox()
    responses = client.subscribe(inbox)
    client.publish("ask", b"?", reply=inbox)
    subscription.next_msg(timeout=60).respond(b"!")
    assert responses.next_msg(timeout=60).data == b"!"
    with pytest.raises(NatsTimeoutError):
        responses.next_msg(timeout=0.01)


def test_messages_of_jetstream_are_acknowledged(client: Any) -> None:
    stream = client.jetstream()
    stream.add_stream(name="units", subjects=["js.*"])
    for number in range(3):
        assert stream.publish("js.a", str(number).encode()).stream == "units"
    pull = stream.pull_subscribe("js.*", "worker")
    for message in pull.fetch(3, timeout=60):
        message.ack()
    client.flush()
    info = pull.consumer_info()
    assert (info.num_ack_pending, info.num_pending) == (0, 0)
    stream.delete_stream("units")
