"""Texts of documents, of wrapped objects and of requests that a program serves."""

from __future__ import annotations

from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING

import pytest

from pywats import (
    Outbox,
    RetryConfig,
    SyncConfig,
    SyncServiceWrapper,
    attach_context,
    correlation_id,
    pyWATS,
    use_correlation_id_of,
)
from tests.hostile.told import TOKEN, Told, assert_clean, each_text
from tests.redaction.hostile import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tracing import Spans


@each_text
@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"id": "{}"}',
        "<Reports>{}</Reports>",
        '<Reports><Report ID="{}" type="{}"/></Reports>',
        '<?xml version="1.0" encoding="{}"?><Reports/>',
        "<{}/>",
    ],
)
def test_documents(kind: str, document: str, spans: Spans, told: Told, tmp_path: Path) -> None:
    content = document.replace("{}", HOSTILE[kind])
    with pyWATS("http://127.0.0.1:1", TOKEN, deadline=60) as api:
        for submit in (api.report.submit_report, api.report.submit_report_xml):
            told.by(partial(submit, content))
            told.by(partial(submit, content.encode("utf-8", "surrogateescape")))
        told.by(partial(Outbox(tmp_path).submit_report, content))
    assert_clean(told, spans)


@each_text
def test_errors_of_wrapped_objects(kind: str, spans: Spans, told: Told) -> None:
    text = HOSTILE[kind]
    hostile = type(
        text[:500].replace("\0", "").replace("\udce9", ""),
        (ConnectionError,),
        {"__module__": text[:500]},
    )

    class Service:
        async def plain(self) -> None:
            raise ConnectionError(text)

        async def named(self) -> None:
            raise hostile(text)

        async def noted(self) -> None:
            error = ConnectionError("plain")
            error.add_note(text)
            raise error from LookupError(text)

    config = SyncConfig(
        retry_enabled=True, retry=RetryConfig(max_retries=1, backoff=1, max_backoff=0.01)
    )
    service = SyncServiceWrapper(Service(), config)
    for method in (service.plain, service.named, service.noted):
        told.by(method, errors=False)
    assert_clean(told, spans)


@each_text
def test_ids_of_the_application(kind: str, spans: Spans, told: Told) -> None:
    variable: ContextVar[str] = ContextVar("request id")
    variable.set(HOSTILE[kind])
    use_correlation_id_of(variable)

    class Service:
        async def work(self) -> None:
            """Do nothing."""

    def carried() -> None:
        with attach_context({"x-correlation-id": HOSTILE[kind], "traceparent": HOSTILE[kind]}):
            SyncServiceWrapper(Service()).work()

    def given() -> None:
        with correlation_id(HOSTILE[kind]):
            SyncServiceWrapper(Service()).work()

    try:
        told.by(SyncServiceWrapper(Service()).work)
        told.by(carried)
        told.by(given)
    finally:
        use_correlation_id_of(None)
    assert_clean(told, spans)
