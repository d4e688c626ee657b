from __future__ import annotations

import io
import json
import logging
import logging.config
import sys
from copy import copy
from typing import TYPE_CHECKING, Any

import pytest

from pywats import (
    CorrelationFilter,
    CorrelationHandler,
    SyncConfig,
    SyncServiceWrapper,
    configure_logging,
    correlation_id,
)
from pywats.sync import Engine
from pywats.sync.runners.direct import DirectRunner

if TYPE_CHECKING:
    from tests.tracing import Spans

FORMAT = "%(correlation_id)s|%(trace_id)s|%(span_id)s|%(trace_sampled)s|%(message)s"


class Talkative:
    def __init__(self, logger: logging.Logger) -> None:
        self.logger = logger

    async def talk(self) -> str | None:
        self.logger.info("hello")
        return None


def stream_handler() -> tuple[io.StringIO, logging.Handler]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(FORMAT))
    return stream, handler


@pytest.mark.parametrize("way", ["handler", "filter"])
def test_every_field_is_a_dash_outside_a_call(logger: logging.Logger, way: str) -> None:
    stream, handler = stream_handler()
    if way == "handler":
        handler = CorrelationHandler(handler)
    else:
        handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)
    logger.info("outside")
    assert stream.getvalue() == "-|-|-|-|outside\n"


def test_inside_a_call_without_a_tracer_the_made_id_stands_for_the_trace_id(
    logger: logging.Logger,
) -> None:
    stream, handler = stream_handler()
    logger.addHandler(CorrelationHandler(handler))
    SyncServiceWrapper(Talkative(logger)).talk()
    with correlation_id("job-42"):
        SyncServiceWrapper(Talkative(logger)).talk()
    first, second = (line.split("|") for line in stream.getvalue().splitlines())
    assert first[0] == first[1]
    assert len(first[0]) == 32
    assert first[2:] == ["-", "False", "hello"]
    assert second[0] == "job-42"
    assert len(second[1]) == 32


def test_inside_a_call_with_a_tracer_all_fields_are_those_of_the_span(
    logger: logging.Logger, spans: Spans
) -> None:
    stream, handler = stream_handler()
    logger.addHandler(CorrelationHandler(handler))
    SyncServiceWrapper(Talkative(logger)).talk()
    (span,) = spans.finished
    context = span.get_span_context()
    assert context is not None
    trace_id, span_id = format(context.trace_id, "032x"), format(context.span_id, "016x")
    assert stream.getvalue() == f"{trace_id}|{trace_id}|{span_id}|True|hello\n"


def test_with_ids_switched_off_and_no_tracer_the_fields_are_dashes(
    logger: logging.Logger,
) -> None:
    stream, handler = stream_handler()
    logger.addHandler(CorrelationHandler(handler))
    engine = Engine(SyncConfig(correlation_id_enabled=False), DirectRunner())
    SyncServiceWrapper(Talkative(logger), engine=engine).talk()
    assert stream.getvalue() == "-|-|-|-|hello\n"


def test_fields_that_a_record_already_has_are_left_alone(logger: logging.Logger) -> None:
    stream, handler = stream_handler()
    logger.addHandler(CorrelationHandler(handler))
    logger.info("own", extra={"trace_id": "theirs"})
    assert stream.getvalue() == "-|theirs|-|-|own\n"


def test_the_handler_respects_its_own_level_and_filters_and_those_of_its_target(
    logger: logging.Logger,
) -> None:
    stream, target = stream_handler()
    target.setLevel(logging.ERROR)
    handler = CorrelationHandler(target, level=logging.WARNING)
    handler.addFilter(lambda record: record.getMessage() != "dropped")
    logger.addHandler(handler)
    logger.info("below the handler's level")
    logger.warning("below the target's level")
    logger.error("dropped")
    logger.error("kept")
    handler.flush()
    assert stream.getvalue() == "-|-|-|-|kept\n"


def without_secret(record: logging.LogRecord) -> logging.LogRecord:
    other = copy(record)
    other.msg = record.getMessage().replace("hunter2", "…")
    return other


class Redacting(CorrelationHandler):
    """What filters may do from Python 3.12 on, on every version."""

    def filter(self, record: logging.LogRecord) -> Any:
        return without_secret(record)


def test_the_record_that_a_filter_puts_in_the_place_of_another_is_handed_on(
    logger: logging.Logger,
) -> None:
    stream, target = stream_handler()
    other_stream, other = stream_handler()
    logger.addHandler(Redacting(target))
    logger.addHandler(CorrelationHandler(other))
    logger.info("password hunter2")
    assert stream.getvalue() == "-|-|-|-|password …\n"
    assert other_stream.getvalue() == "-|-|-|-|password hunter2\n"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="filters only accept or reject")
def test_a_filter_may_put_another_record_in_its_place(logger: logging.Logger) -> None:
    stream, target = stream_handler()
    handler = CorrelationHandler(target)
    handler.addFilter(without_secret)  # type: ignore[arg-type,unused-ignore]  # since 3.12
    logger.addHandler(handler)
    logger.info("password hunter2")
    assert stream.getvalue() == "-|-|-|-|password …\n"


def test_the_formatter_set_on_the_handler_takes_effect(logger: logging.Logger) -> None:
    stream, target = stream_handler()
    handler = CorrelationHandler(target)
    handler.setFormatter(logging.Formatter("%(message)s!"))
    logger.addHandler(handler)
    logger.info("hi")
    assert stream.getvalue() == "hi!\n"


def test_configure_logging_writes_readable_lines(logger: logging.Logger) -> None:
    stream = io.StringIO()
    configure_logging(stream=stream, logger=logger)
    with correlation_id("job-42"):
        logger.info("measured")
    date, time, *rest = stream.getvalue().split()
    assert (len(date), len(time)) == (10, 12)
    assert rest == ["INFO", "[job-42]", "tests.lines:", "measured"]


def test_configure_logging_again_replaces_its_own_handler_only(logger: logging.Logger) -> None:
    other = logging.NullHandler()
    logger.addHandler(other)
    configure_logging(stream=io.StringIO(), logger=logger)
    last = configure_logging(stream=io.StringIO(), logger=logger, level=logging.ERROR)
    assert [each for each in logger.handlers if isinstance(each, CorrelationHandler)] == [last]
    assert other in logger.handlers
    assert logger.level == logging.ERROR


def test_configure_logging_with_an_unknown_level_changes_nothing(logger: logging.Logger) -> None:
    stream = io.StringIO()
    handler = configure_logging(stream=stream, logger=logger)
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging(level="LOUD", logger=logger)  # type: ignore[arg-type]  # the mistake under test
    assert [each for each in logger.handlers if isinstance(each, CorrelationHandler)] == [handler]
    logger.info("still written")
    assert stream.getvalue().endswith("still written\n")


def test_configure_logging_without_arguments_serves_the_root_logger(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    level = root.level
    handler = configure_logging()
    try:
        logging.getLogger("tests.anything").info("seen")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert capsys.readouterr().err.endswith("INFO    [-] tests.anything: seen\n")


def test_json_lines_leave_out_fields_that_stand_for_nothing(
    logger: logging.Logger, spans: Spans
) -> None:
    stream = io.StringIO()
    configure_logging(json=True, stream=stream, logger=logger)
    logger.info("outside")
    SyncServiceWrapper(Talkative(logger)).talk()
    outside, inside = (json.loads(line) for line in stream.getvalue().splitlines())
    del outside["timestamp"], inside["timestamp"]
    (trace_id,) = spans.trace_ids()
    (span,) = spans.finished
    context = span.get_span_context()
    assert context is not None
    assert outside == {"level": "INFO", "logger": "tests.lines", "message": "outside"}
    assert inside == {
        "level": "INFO",
        "logger": "tests.lines",
        "message": "hello",
        "correlation_id": trace_id,
        "trace_id": trace_id,
        "span_id": format(context.span_id, "016x"),
        "trace_sampled": True,
    }


CONSOLE = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}


def set_up(target_name: str, target: str) -> None:
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"format": "%(correlation_id)s %(message)s"}},
            "handlers": {
                target_name: CONSOLE,
                "ids": {"class": "pywats.CorrelationHandler", "target": target},
            },
            "loggers": {"tests.lines": {"handlers": ["ids"]}},
        }
    )


def test_dict_config_names_the_target_of_the_handler(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("console", "cfg://handlers.console")
    with correlation_id("job-7"):
        logger.info("measured")
    assert capsys.readouterr().out == "job-7 measured\n"


@pytest.mark.parametrize(
    ("name", "target", "advice"),
    [
        ("stdout", "cfg://handlers.stdout", "give this handler a name after the name of its targ"),
        ("console", "console", "write 'cfg://handlers.<name>'"),
    ],
)
def test_dict_config_with_a_target_that_is_not_a_handler_is_refused(
    name: str, target: str, advice: str
) -> None:
    with pytest.raises(ValueError, match="Unable to configure handler 'ids'") as caught:
        set_up(name, target)
    assert isinstance(caught.value.__cause__, TypeError)
    assert str(caught.value.__cause__).startswith("target: must be a logging.Handler, not ")
    assert advice in str(caught.value.__cause__)


def test_a_target_that_is_not_a_handler_is_refused() -> None:
    with pytest.raises(TypeError, match="^target: must be a logging.Handler, not TextIOWrapper$"):
        CorrelationHandler(sys.__stderr__)  # type: ignore[arg-type]  # the mistake under test
