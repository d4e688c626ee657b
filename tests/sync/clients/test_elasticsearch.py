"""`elasticsearch.AsyncElasticsearch` behind a synchronous face, against a fake endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from elasticsearch import AsyncElasticsearch, NotFoundError
from elasticsearch.helpers import async_scan

from pywats import SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError
from pywats.sync import unwrap
from tests.sync.clients.fakes import HANG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sync.clients.fakes import FakeServer
    from tests.tracing import Spans

Client = SyncServiceWrapper[AsyncElasticsearch]
HIT = {"_index": "units", "_id": "1", "_source": {"serial": "a"}}


@pytest.fixture
def client(fake: FakeServer) -> Iterator[Client]:
    fake.headers["X-Elastic-Product"] = "Elasticsearch"
    raw = AsyncElasticsearch(fake.base_url, max_retries=0)
    with SyncServiceWrapper(raw, SyncConfig(timeout=60), name="search") as entered:
        yield entered


def test_documents(client: Client, fake: FakeServer, spans: Spans) -> None:
    fake.responses["GET /"] = {"version": {"number": "9.0.0"}}
    fake.responses["PUT /units/_doc/1"] = {"result": "created"}
    fake.responses["GET /units/_doc/1"] = HIT
    assert client.info()["version"] == {"number": "9.0.0"}
    assert client.index(index="units", id="1", document={"serial": "a"})["result"] == "created"
    assert client.get(index="units", id="1").body == HIT
    assert [request for request, _ in fake.requests] == [
        *("GET /", "PUT /units/_doc/1", "GET /units/_doc/1"),
    ]
    # The client opens spans of its own, which are below those of the calls.
    assert [line.partition(" [")[0] for line in spans.tree()] == [
        *("search.info", "  info", "search.index", "  index"),
        *("search.get", "  get"),
    ]


def test_namespaces_of_the_client(client: Client, fake: FakeServer, spans: Spans) -> None:
    fake.responses["PUT /units"] = {"acknowledged": True}
    fake.responses["HEAD /units"] = {}
    assert client.indices is client.indices
    assert client.indices.create(index="units")["acknowledged"] is True
    assert client.indices.exists(index="units")
    assert spans.tree()[0].startswith("indices_client.create ")
    other = client.options(request_timeout=1)
    assert isinstance(unwrap(other), AsyncElasticsearch)
    assert other.indices.exists(index="units")


def test_an_error_response_keeps_its_class(client: Client) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.get(index="units", id="none")
    assert caught.value.status_code == 404
    assert len(caught.value.__notes__) == 1


def test_a_limit(fake: FakeServer, client: Client) -> None:
    fake.responses["GET /"] = HANG
    limited = SyncServiceWrapper(client, SyncConfig(timeout=0.2))
    with pytest.raises(CallTimeoutError, match=r"async_elasticsearch\.info: not done"):
        limited.info()


def test_an_async_generator_of_the_library(client: Client, fake: FakeServer) -> None:
    page = {"_scroll_id": "s", "_shards": {"successful": 1, "total": 1, "skipped": 0}}
    fake.responses["POST /units/_search"] = page | {"hits": {"hits": [HIT, HIT]}}
    fake.responses["POST /_search/scroll"] = page | {"hits": {"hits": []}}
    fake.responses["DELETE /_search/scroll"] = {"succeeded": True}
    scan = SyncServiceWrapper(async_scan, name="scan")
    assert list(scan(client, index="units")) == [HIT, HIT]
    assert fake.requests[-1][0] == "DELETE /_search/scroll"
