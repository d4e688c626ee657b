"""Inbound requests of web applications are the parents of the calls made while serving them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django
import httpx
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from fastapi import FastAPI
from flask import Flask
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor

from tests.tracing import PROVIDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

ROUTE = "/api/Product/{partNumber}"
TRACE_ID = "5b8efff798038103d269b633813fc60c"
INBOUND = {"traceparent": f"00-{TRACE_ID}-eee19b7ec3c1b174-01"}
BELOW = [
    "  pywats.product.get_product [INTERNAL UNSET]",
    f"    GET {ROUTE} [CLIENT UNSET http.response.status_code=200]",
]


@pytest.fixture(autouse=True)
def _part(api: pyWATS, sandbox: Sandbox, spans: Spans) -> None:
    api.product.create_product("A")
    sandbox.clear()
    spans.exporter.clear()


def the_call_is_below_the_inbound_request(spans: Spans, sandbox: Sandbox) -> None:
    server, *below = spans.tree()
    assert "[SERVER " in server
    assert [line for line in below if "[INTERNAL" in line or "[CLIENT" in line] == BELOW
    assert spans.trace_ids() == {TRACE_ID}
    (sent,) = sandbox.requests
    assert sent.header("x-correlation-id") == TRACE_ID
    assert (sent.header("traceparent") or "").split("-")[1] == TRACE_ID


def test_flask(api: pyWATS, sandbox: Sandbox, spans: Spans) -> None:
    app = Flask(__name__)

    @app.get("/name")
    def name() -> str:
        return api.product.get_product("A").part_number

    FlaskInstrumentor().instrument_app(app, tracer_provider=PROVIDER)
    try:
        assert app.test_client().get("/name", headers=INBOUND).text == "A"
    finally:
        FlaskInstrumentor.uninstrument_app(app)
    the_call_is_below_the_inbound_request(spans, sandbox)


async def test_fastapi(api: pyWATS, sandbox: Sandbox, spans: Spans) -> None:
    app = FastAPI()

    @app.get("/name")
    def name() -> str:
        return api.product.get_product("A").part_number

    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=PROVIDER, exclude_spans=["receive", "send"]
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        assert (await client.get("/name", headers=INBOUND)).json() == "A"
    FastAPIInstrumentor.uninstrument_app(app)
    the_call_is_below_the_inbound_request(spans, sandbox)


@pytest.fixture
def django_client() -> Iterator[Client]:
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="-", MIDDLEWARE=[]
        )
        django.setup()
    DjangoInstrumentor().instrument(tracer_provider=PROVIDER)
    yield Client()
    DjangoInstrumentor().uninstrument()


_api: list[pyWATS] = []


def _name(_: HttpRequest) -> HttpResponse:
    return HttpResponse(_api[0].product.get_product("A").part_number.encode())


urlpatterns = [path("name", _name)]


def test_django(django_client: Client, api: pyWATS, sandbox: Sandbox, spans: Spans) -> None:
    _api[:] = [api]
    response: Any = django_client.get("/name", headers=INBOUND)
    assert response.content == b"A"
    the_call_is_below_the_inbound_request(spans, sandbox)
