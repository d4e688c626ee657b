"""The Django example under ASGI: a plain view, and an asynchronous one that calls WATS in a thread.

Run as a program; each view is asked with a trace, and with an id as well.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from pathlib import Path

import httpx
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from opentelemetry import trace
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from pywats import use_correlation_id_of
from pywats.sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).parents[3] / "examples"))

import django_app

TRACEPARENT = "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"


async def asynchronous(_: HttpRequest, part: str) -> HttpResponse:
    get_product = sync_to_async(django_app.wats().product.get_product, thread_sensitive=False)
    return JsonResponse({"name": (await get_product(part)).name})


async def ask() -> None:
    transport = httpx.ASGITransport(get_asgi_application())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for view in ("products", "asynchronous"):
            for own in ({}, {"X-Correlation-ID": "order-4711"}):
                response = await client.get(
                    f"/{view}/PCBA-100", headers={"traceparent": TRACEPARENT, **own}
                )
                print(response.text, response.headers["X-Correlation-ID"])


def main() -> None:
    django_app.urlpatterns.append(path("asynchronous/<str:part>", asynchronous))
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=["django_app.WATSMiddleware"],
        ROOT_URLCONF="django_app",
        SECRET_KEY=secrets.token_hex(),
    )
    use_correlation_id_of(django_app.inbound_id)
    trace.set_tracer_provider(TracerProvider())
    DjangoInstrumentor().instrument()
    with Sandbox() as sandbox:
        os.environ |= {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
        django_app.wats().product.create_product("PCBA-100", name="Power board")
        sandbox.clear()
        asyncio.run(ask())
        for request in sandbox.requests:
            trace_id = (request.header("traceparent") or "").split("-")[1]
            print(trace_id, request.header("x-correlation-id"))
        django_app.wats().close()


if __name__ == "__main__":
    main()
