"""Any record gives one JSON line, whatever it holds."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pywats import CorrelationFilter, SyncServiceWrapper, configure_logging, telemetry
from pywats.observability import service_name
from pywats.observability.logs.json_lines import JsonFormatter, json_names
from pywats.observability.plain_values import plain
from tests.observability.scripts import run


class Broken:
    def __str__(self) -> str:
        raise AttributeError("no state")

    __repr__ = __str__

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        raise AttributeError("no state")


class BrokenMapping(dict[str, int]):
    def items(self) -> Any:
        raise AttributeError("no state")


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@dataclass
class Step:
    value: object


def _ring() -> list[object]:
    ring: list[object] = []
    ring.append({"again": ring})
    return ring


def _deep(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


NESTED: object = "<nested too deep>"
for _ in range(32):
    NESTED = [NESTED]

MOMENT = datetime(2026, 5, 4, 22, 13, tzinfo=UTC)
IDENTITY = uuid.UUID(int=7)
CASES: list[tuple[object, object]] = [
    ({("a", 1): 2}, {"('a', 1)": 2}),
    ({IDENTITY: IDENTITY}, {str(IDENTITY): str(IDENTITY)}),
    ({b"\xff": b"\xff"}, {"\\xff": "\\xff"}),
    ({None: None, True: True, 1.5: 1.5, 7: 7}, {"None": None, "True": True, "1.5": 1.5, "7": 7}),
    ({Colour.RED: Level.HIGH}, {"red": 3}),
    (_ring(), [{"again": "<circular reference>"}]),
    (10**5000, hex(10**5000)),
    (2**200, 2**200),
    ([float("nan"), float("inf"), -float("inf")], ["NaN", "Infinity", "-Infinity"]),
    (_deep(100_000), NESTED),
    ("\udce9", "\\udce9"),
    ({"\udce9": 1}, {"\\udce9": 1}),
    (Broken(), "<unprintable Broken object>"),
    ({Broken(): 1}, {"<unprintable Broken object>": 1}),
    (BrokenMapping(a=1), "<unprintable BrokenMapping object>"),
    (Step(Step({1})), {"value": {"value": [1]}}),
    ((MOMENT, date(2026, 5, 4), time(22)), [MOMENT.isoformat(), "2026-05-04", "22:00:00"]),
    (OrderedDict(a=(1, 2)), {"a": [1, 2]}),
    (frozenset({1}), [1]),
    (deque([1]), "deque([1])"),
    (Decimal("1.50"), "1.50"),
    (PurePosixPath("/a"), "/a"),
    (KeyError("a"), "KeyError: 'a'"),
    (int, "<class 'int'>"),
    (memoryview(b"a"), "a"),
]


@pytest.fixture
def logger() -> logging.Logger:
    # Not from getLogger(): pytest puts handlers of its own on the loggers that it finds.
    return logging.Logger("tests.json")  # noqa: LOG001


def written(logger: logging.Logger, *args: Any, **kwargs: Any) -> dict[str, Any]:
    stream = io.StringIO()
    settings = kwargs.pop("settings", {})
    configure_logging(json=True, stream=stream, logger=logger, **settings)
    logger.info(*args, **kwargs)
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    del found[next(iter(found))]
    return found


@pytest.mark.parametrize(("value", "expected"), CASES, ids=range(len(CASES)))
def test_any_value_of_extra_gives_a_line(
    logger: logging.Logger, value: object, expected: object
) -> None:
    line = written(logger, "measured", extra={"value": value})
    assert line["message"] == "measured"
    assert line["value"] == expected


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters())
        | st.binary()
        | st.datetimes()
        | st.uuids(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_what_is_plain_can_be_written_and_stays_as_it_is(value: object) -> None:
    made = plain(value)
    assert json.loads(json.dumps(made)) == made
    assert plain(made) == made


def test_arguments_that_do_not_fit_give_a_line(logger: logging.Logger) -> None:
    line = written(logger, "%d of %s", "three")
    assert line["message"] == "%d of %s (arguments that do not fit: ['three'])"


@pytest.mark.parametrize("exc_info", [False, 0, (), (None, None, None), True, 7])
def test_exc_info_without_an_exception_costs_no_line(logger: logging.Logger, exc_info: Any) -> None:
    line = written(logger, "stuck", exc_info=exc_info)
    assert line == {"level": "INFO", "logger": "tests.json", "message": "stuck"}


def test_a_record_that_is_not_what_logging_makes_gives_a_line() -> None:
    record = logging.makeLogRecord({"msg": "odd", "created": "yesterday"})
    formatter = JsonFormatter(*json_names("otel", None), lambda: None)
    assert json.loads(formatter.format(record)) == {"message": "odd"}


def test_an_exception_that_a_queue_handler_has_formatted_is_written() -> None:
    record = logging.makeLogRecord({"msg": "a", "exc_text": "Traceback", "stack_info": "Stack"})
    formatter = JsonFormatter(*json_names("otel", None), lambda: None)
    line = json.loads(formatter.format(record))
    assert (line["exc_info"], line["stack_info"]) == ("Traceback", "Stack")


def test_names_of_ones_own(logger: logging.Logger) -> None:
    names = {
        "timestamp": "ts",
        "level": "severity",
        "message": "msg",
        "exception": "stack",
        "exception_type": "kind",
        "exception_message": "why",
        "service": "app",
        "trace_id": "logging.googleapis.com/trace",
    }

    class Service:
        async def call(self) -> dict[str, Any]:
            settings = {"names": names, "service_name": "station-7"}
            return written(
                logger,
                "failed",
                exc_info=KeyError("a"),
                extra={"severity": 1, "level": 2},
                settings=settings,
            )

    line = SyncServiceWrapper(Service(), name="s").call()
    trace_id = line.pop("logging.googleapis.com/trace")
    assert line == {
        "severity": "INFO",
        "logger": "tests.json",
        "msg": "failed",
        "app": "station-7",
        "kind": "KeyError",
        "why": "'a'",
        "stack": "KeyError: 'a'",
        "correlation_id": trace_id,
        "trace_sampled": False,
        "extra.severity": 1,
        "level": 2,
    }


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"hue": "a"}, "'hue' is not one of timestamp, level"),
        ({"level": "message"}, "two fields have the name 'message'"),
        ({"trace_id": "level"}, "two fields have the name 'level'"),
    ],
)
def test_names_that_cannot_be_are_refused(names: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configure_logging(json=True, names=names)


def test_fields_of_other_handlers_are_not_seen(logger: logging.Logger) -> None:
    others = [logging.StreamHandler(io.StringIO()) for _ in range(2)]
    for handler, fields in zip(others, ("ecs", "datadog"), strict=True):
        handler.addFilter(CorrelationFilter(fields))  # type: ignore[arg-type]  # both are names
        logger.addHandler(handler)
    stream = io.StringIO()
    configure_logging(json=True, stream=stream, logger=logger)

    class Service:
        async def call(self) -> None:
            logger.info("a", extra={"dd.span_id": "mine"})

    logger.info("outside")
    SyncServiceWrapper(Service(), name="s").call()
    outside, inside = (json.loads(line) for line in stream.getvalue().splitlines())
    names = ["timestamp", "level", "logger", "message"]
    assert list(outside) == names
    ids = ["correlation_id", "trace_id"]
    assert sorted(inside) == sorted([*names, *ids, "dd.span_id"])


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"OTEL_SERVICE_NAME": "station-7"}, "station-7"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "a=b,service.name=station%207"}, "station 7"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name="}, None),
        ({}, None),
    ],
)
def test_the_name_of_the_process_is_in_the_line(
    logger: logging.Logger,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    name: str | None,
) -> None:
    monkeypatch.setattr(service_name, "_configured", None)
    for variable in ("OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert written(logger, "a").get("service.name") == name
    ecs = written(logger, "a", settings={"fields": "ecs"})
    assert ecs.get("service.name") == name
    assert written(logger, "a", settings={"fields": "datadog"}).get("dd.service") == name


CONFIGURED = """
import logging, sys
from pywats import configure_logging, telemetry
telemetry.configure("station-7", exit_timeout=0.1)
configure_logging(json=True, stream=sys.stdout)
logging.getLogger("a").info("one")
"""


def test_the_name_that_telemetry_was_told_is_in_the_line() -> None:
    assert telemetry is not None
    (line,) = run(CONFIGURED, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9").out
    assert json.loads(line)["service.name"] == "station-7"


def test_an_exception_whose_traceback_cannot_be_formatted_is_named() -> None:
    # Its line should be text.
    error = SyntaxError("odd", ("steps.x", 1, 1, 7))  # type: ignore[arg-type]  # as parsers do
    record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(error), error, None)})
    formatter = JsonFormatter(*json_names("otel", None), lambda: None)
    line = json.loads(formatter.format(record))
    assert line["exc_info"] == "SyntaxError: odd (steps.x, line 1)"
    assert line["message"] == "failed"
