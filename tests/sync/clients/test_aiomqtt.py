"""`aiomqtt` behind a synchronous face, against mosquitto."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiomqtt
import pytest

from pywats import SyncServiceWrapper

if TYPE_CHECKING:
    from tests.tracing import Spans


def test_publish_and_subscribe(mqtt_port: int, spans: Spans) -> None:
    def make() -> aiomqtt.Client:
        return aiomqtt.Client("127.0.0.1", mqtt_port)

    with SyncServiceWrapper.made_by(make) as client:
        client.subscribe("units/#")
        for number in range(3):
            client.publish(f"units/{number}", payload=str(number), qos=1)
        messages = iter(client.messages)
        assert [next(messages).payload for _ in range(3)] == [b"0", b"1", b"2"]
    assert "aiomqtt_client.publish" in {span.name for span in spans.finished}


def test_a_broker_that_is_not_there() -> None:
    client = SyncServiceWrapper.made_by(lambda: aiomqtt.Client("127.0.0.1", 1))
    with pytest.raises(aiomqtt.MqttError), client:
        pass
