"""Credentials that other libraries write into log records do not pass our handlers and filters."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import loguru
import pytest
import structlog
import urllib3
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from pythonjsonlogger.json import JsonFormatter as PythonJsonFormatter

from pywats import (
    CorrelationFilter,
    CorrelationHandler,
    configure_logging,
    loguru_patcher,
    structlog_processor,
)
from pywats.telemetry.log_handler import OTLPHandler
from tests.http.raw_server import RawServer, response, saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


PASSWORD, KEY, COOKIE = "S3cr3tPassw0rd", "K3yS3cret", "C00kieS3cret"
REFUSAL = response(
    b"{}",
    f"Location: https://u:{PASSWORD}@127.0.0.1/?access_token={KEY}".encode(),
    f"Set-Cookie: session={COOKIE}".encode(),
    b"WWW-Authenticate: Basic realm=there",
    b"Connection: close",
    status=b"401 No",
)
TWO = "%s %s"
LOGGERS = ("httpx", "httpcore", "urllib3", "asyncio", "tests.lines")

JSON: list[Callable[[io.StringIO, logging.Logger], object]] = [
    lambda stream, logger: configure_logging(json=True, stream=stream, logger=logger),
    lambda stream, logger: configure_logging(json=True, fields="ecs", stream=stream, logger=logger),
]


def plain(stream: io.StringIO, logger: logging.Logger) -> None:
    configure_logging(stream=stream, logger=logger)


def around(stream: io.StringIO, logger: logging.Logger) -> None:
    logger.addHandler(CorrelationHandler(formatted(stream)))


def filtered(stream: io.StringIO, logger: logging.Logger) -> None:
    handler = formatted(stream)
    handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)


def formatted(stream: io.StringIO) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        logging.Formatter("%(message)s %(url)s", defaults={"url": "", "correlation_id": ""})
    )
    return handler


def around_json(stream: io.StringIO, logger: logging.Logger) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PythonJsonFormatter())
    logger.addHandler(CorrelationHandler(handler))


def with_structlog(stream: io.StringIO, logger: logging.Logger) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(),
                structlog.processors.format_exc_info,
                structlog_processor(),
            ],
            processor=structlog.processors.JSONRenderer(),
        )
    )
    logger.addHandler(handler)


class _Exporting(OTLPHandler):
    """Writes what is exported to a stream."""

    def __init__(self, stream: io.StringIO) -> None:
        self._exported = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self._logs = LoggerProvider()
        self._logs.add_log_record_processor(SimpleLogRecordProcessor(self._exported))
        self._stream = stream
        super().__init__(self._logs, code=True)

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        self._stream.writelines(each.to_json() for each in self._exported.get_finished_logs())

    def close(self) -> None:
        self._logs.shutdown()
        super().close()


def exported(stream: io.StringIO, logger: logging.Logger) -> None:
    logger.addHandler(_Exporting(stream))


WAYS = [plain, *JSON, around, around_json, filtered, with_structlog, exported]


class Keeping(logging.Handler):
    """Keeps the records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def fail(message: str) -> NoReturn:
    raise RuntimeError(message)


@contextmanager
def watched(install: Callable[[io.StringIO, logging.Logger], object]) -> Iterator[io.StringIO]:
    """Write what the libraries log to a stream, at level DEBUG."""
    stream = io.StringIO()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(each, each.level, each.propagate) for each in loggers]
    try:
        for each in loggers:
            install(stream, each)
            each.setLevel(logging.DEBUG)
            each.propagate = False
        yield stream
    finally:
        for logger, level, propagate in before:
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
                handler.close()
            logger.filters.clear()
            logger.setLevel(level)
            logger.propagate = propagate


def assert_redacted(text: str, count: int = 1) -> None:
    assert text.count("REDACTED") >= count
    for secret in (PASSWORD, KEY, COOKIE):
        assert secret not in text


def address(server: RawServer) -> str:
    return f"http://user:{PASSWORD}@127.0.0.1:{server.port}/a?api_key={KEY}&page=2"


@pytest.mark.parametrize("install", WAYS)
def test_httpx_and_httpcore(install: Callable[..., object]) -> None:
    with RawServer(saying(REFUSAL)) as server, watched(install) as stream:
        with httpx.Client() as client:
            client.get(address(server))
        told = stream.getvalue()
        assert f"http://REDACTED@127.0.0.1:{server.port}/a?api_key=REDACTED&page=2" in told
    assert "(b'Location', b'https://REDACTED@127.0.0.1/?access_token=REDACTED')" in told
    assert "(b'Set-Cookie', b'REDACTED')" in told
    assert "(b'WWW-Authenticate', b'Basic realm=there')" in told
    assert_redacted(told)


@pytest.mark.parametrize("install", WAYS)
def test_urllib3(install: Callable[..., object]) -> None:
    with RawServer(saying(REFUSAL)) as server, watched(install) as stream:
        urllib3.request("GET", address(server), redirect=False)
        urllib3.request("GET", f"{server.base_url}/b?sig={KEY}", redirect=False)
    assert "/a?api_key=REDACTED&page=2 HTTP/1.1" in stream.getvalue()
    assert_redacted(stream.getvalue(), 2)


@pytest.mark.parametrize("install", WAYS)
def test_asyncio_and_the_error_of_httpx_in_a_task(install: Callable[..., object]) -> None:
    async def refused(url: str) -> None:
        async with httpx.AsyncClient() as client:
            (await client.get(url)).raise_for_status()

    async def main(url: str) -> None:
        # Nobody retrieves the error of the task, so asyncio logs it.
        await asyncio.wait([asyncio.ensure_future(refused(url))])

    with RawServer(saying(REFUSAL)) as server, watched(install) as stream:
        asyncio.run(main(address(server)))
        gc.collect()
    told = stream.getvalue()
    assert "Task exception was never retrieved" in told
    assert "401 No' for url 'http://REDACTED@127.0.0.1" in told
    assert_redacted(told, 3)


@pytest.mark.parametrize("install", WAYS)
@pytest.mark.parametrize(
    "log",
    [
        lambda logger, url: logger.error("at %s", url),
        lambda logger, url: logger.error("at %r", str(url)),
        lambda logger, url: logger.error(str(url)),
        lambda logger, url: logger.error("at %(url)s", {"url": url}),
        lambda logger, url: logger.error("at %s://%s", "https", str(url).partition("://")[2]),
        lambda logger, url: logger.error({"event": "e", "inside": [{"url": url}]}),
    ],
)
def test_where_a_url_may_stand(install: Callable[..., object], log: Callable[..., object]) -> None:
    url = httpx.URL(f"https://user:{PASSWORD}@127.0.0.1/?api_key={KEY}&page=2")
    with watched(install) as stream:
        log(logging.getLogger("tests.lines"), url)
    assert "https://REDACTED@127.0.0.1/?api_key=REDACTED&page=2" in stream.getvalue()
    assert_redacted(stream.getvalue(), 2)


@pytest.mark.parametrize("install", WAYS[1:])
@pytest.mark.parametrize("kind", [str, httpx.URL])
def test_a_url_in_extra(install: Callable[..., object], kind: Callable[[str], object]) -> None:
    url = kind(f"https://user:{PASSWORD}@127.0.0.1/?api_key={KEY}&page=2")
    with watched(install) as stream:
        logging.getLogger("tests.lines").error("100 % of it", extra={"url": url})
    assert "https://REDACTED@127.0.0.1/?api_key=REDACTED&page=2" in stream.getvalue()
    assert_redacted(stream.getvalue(), 2)


@pytest.mark.parametrize("install", WAYS)
@pytest.mark.parametrize("how", ["exception", "stack"])
def test_a_traceback(install: Callable[..., object], how: str) -> None:
    with watched(install) as stream:
        logger = logging.getLogger("tests.lines")
        try:
            fail(f"no response from https://user:{PASSWORD}@127.0.0.1/?sig={KEY}")
        except RuntimeError as error:
            if how == "exception":
                logger.exception("failed")
            else:
                logger.error("failed: %s", error, stack_info=True)  # noqa: TRY400 - the stack of the caller is meant
    assert "no response from https://REDACTED@127.0.0.1/?sig=REDACTED" in stream.getvalue()
    assert_redacted(stream.getvalue(), 2)


def test_loguru() -> None:
    lines: list[str] = []
    loguru.logger.remove()
    loguru.logger.configure(patcher=loguru_patcher())
    loguru.logger.add(lines.append, format="{message} {extra}")
    try:
        url = httpx.URL(f"https://user:{PASSWORD}@127.0.0.1/")
        loguru.logger.bind(url=url, text=str(url)).info("GET {}?sig={}", url, KEY)
    finally:
        loguru.logger.remove()
        loguru.logger.configure(patcher=lambda _: None)
    assert_redacted("".join(map(str, lines)), 4)


def test_arguments_that_do_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    """The handler reports them with their values."""
    with watched(plain):
        logging.getLogger("tests.lines").error(TWO, f"https://user:{PASSWORD}@127.0.0.1/")
        logging.getLogger("tests.lines").error("%d", f"https://user:{PASSWORD}@127.0.0.1/")
        logging.getLogger("tests.lines").error("%(no)s", {"url": f"https://u:{PASSWORD}@127.0.0.1"})
    assert_redacted(capsys.readouterr().err, 3)


@pytest.mark.parametrize("install", JSON)
def test_arguments_that_do_not_fit_in_json(install: Callable[..., object]) -> None:
    with watched(install) as stream:
        logging.getLogger("tests.lines").error(TWO, f"https://user:{PASSWORD}@127.0.0.1/")
    assert "https://REDACTED@127.0.0.1/" in json.loads(stream.getvalue())["message"]


def test_a_record_from_elsewhere() -> None:
    """A socket brings the text of a traceback without the exception, and arguments of any type."""
    with watched(lambda _, logger: logger.addFilter(CorrelationFilter())):
        logger = logging.getLogger("tests.lines")
        handler = Keeping()
        logger.addHandler(handler)
        record = logging.makeLogRecord(
            {
                "name": logger.name,
                "levelno": logging.ERROR,
                "msg": TWO,
                "args": f"https://user:{PASSWORD}@127.0.0.1/",
                "exc_text": f"ConnectionError: https://user:{PASSWORD}@127.0.0.1/",
            }
        )
        logger.handle(record)
    (kept,) = handler.records
    assert kept.args == "https://REDACTED@127.0.0.1/"
    assert kept.exc_text == "ConnectionError: https://REDACTED@127.0.0.1/"


class UntellableError(Exception):
    """Cannot be formatted."""

    @property
    def __notes__(self) -> list[str]:  # type: ignore[override]  # as a class may do
        raise ZeroDivisionError("a fault of the class")


def test_an_exception_that_cannot_be_formatted_stays_with_its_record() -> None:
    error = UntellableError()
    with watched(lambda _, logger: logger.addFilter(CorrelationFilter())):
        logger = logging.getLogger("tests.lines")
        handler = Keeping()
        logger.addHandler(handler)
        logger.error("failed", exc_info=error)
    (kept,) = handler.records
    assert kept.exc_info is not None
    assert kept.exc_info[1] is error


def test_a_record_without_credentials_is_not_changed() -> None:
    marker = object()
    url = httpx.URL("https://example.com/?page=2")
    with watched(lambda _, logger: logger.addFilter(CorrelationFilter())):
        logger = logging.getLogger("tests.lines")
        handler = Keeping()
        logger.addHandler(handler)
        try:
            fail("a=b")
        except RuntimeError:
            logger.exception("%s of %s", marker, url, extra={"url": url, "of": marker})
    (record,) = handler.records
    assert (record.msg, record.args) == ("%s of %s", (marker, url))
    assert (record.url, record.of, record.exc_text) == (url, marker, None)
    assert isinstance(record.exc_info[1], RuntimeError)


def test_the_exception_stays_with_the_record() -> None:
    """Error trackers read it."""
    with watched(lambda _, logger: logger.addFilter(CorrelationFilter())):
        logger = logging.getLogger("tests.lines")
        handler = Keeping()
        logger.addHandler(handler)
        logger.error("failed", exc_info=LookupError(f"https://u:{PASSWORD}@h"))
    assert isinstance(handler.records[0].exc_info[1], LookupError)
    assert_redacted(handler.records[0].exc_text)


def test_the_text_replaces_the_exception_for_the_target_of_a_handler() -> None:
    """Its formatter may format the exception itself."""
    kept = Keeping()
    with watched(lambda _, logger: logger.addHandler(CorrelationHandler(kept))):
        logger = logging.getLogger("tests.lines")
        logger.error("failed", exc_info=LookupError(f"https://u:{PASSWORD}@h"))
        logger.error("failed", exc_info=LookupError("without"))
    first, second = kept.records
    assert first.exc_info is None
    assert_redacted(first.exc_text)
    assert isinstance(second.exc_info[1], LookupError)


def test_other_handlers_of_the_logger_see_the_record_as_it_was_logged() -> None:
    stream = io.StringIO()
    with watched(plain):
        logging.getLogger("tests.lines").addHandler(logging.StreamHandler(stream))
        logging.getLogger("tests.lines").error("https://u:%s@h", "own")
    assert stream.getvalue() == "https://u:own@h\n"
