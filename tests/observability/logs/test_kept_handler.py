"""Logging that is set up before or afterwards keeps working, and so does the handler."""

from __future__ import annotations

import io
import logging
import logging.config
from typing import TYPE_CHECKING

import pytest

from pywats import configure_logging
from pywats.observability.logs.kept_handler import drop, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    made = logging.Logger("kept")  # noqa: LOG001 - a new one for each test
    yield made
    for handler in list(made.handlers):
        drop(made, handler)


def _assign(logger: logging.Logger) -> None:
    logger.handlers = []


def _assign_slice(logger: logging.Logger) -> None:
    logger.handlers[:] = [logging.NullHandler()]


def _delete(logger: logging.Logger) -> None:
    del logger.handlers[:]


def _remove_each(logger: logging.Logger) -> None:
    # What basicConfig(force=True) does, by the code of logging itself.
    exec(  # noqa: S102 - our own code, in the place of that of logging
        "for each in logger.handlers[:]:\n    logger.removeHandler(each)\n    each.close()",
        {"__name__": "logging", "logger": logger},
    )


def _pop(logger: logging.Logger) -> None:
    while logger.handlers:
        logger.handlers.pop(0)


def _pop_last(logger: logging.Logger) -> None:
    logger.handlers.pop()


SET_UP = [_assign, _assign_slice, _delete, _remove_each, _pop_last, lambda it: it.handlers.clear()]


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("set_up", SET_UP)
def test_a_handler_stays_whatever_sets_logging_up(
    logger: logging.Logger, set_up: Callable[[logging.Logger], object], *, hidden: bool
) -> None:
    before, kept = logging.NullHandler(), Lines()
    logger.addHandler(before)
    keep(logger, kept, hidden=hidden)
    for _ in range(2):
        set_up(logger)
        logger.warning("one")
        assert kept.lines == ["one"]
        kept.lines.clear()
    drop(logger, kept)
    drop(logger, kept)
    logger.warning("two")
    assert kept.lines == []
    assert before not in logger.handlers or set_up is _pop_last


def test_a_hidden_handler_does_not_count(logger: logging.Logger) -> None:
    keep(logger, Lines(), hidden=True)
    assert len(logger.handlers) == 0
    assert not logger.handlers
    assert not logger.hasHandlers()
    logger.addHandler(logging.NullHandler())
    assert logger.hasHandlers()
    assert len(logger.handlers) == 1
    assert len(list(logger.handlers)) == 2


def test_the_program_may_remove_a_handler_that_counts(logger: logging.Logger) -> None:
    kept, hidden, plain = Lines(), Lines(), Lines()
    keep(logger, kept, hidden=False)
    keep(logger, hidden, hidden=True)
    keep(logger, hidden, hidden=True)
    logger.addHandler(plain)
    for handler in (kept, hidden, plain):
        logger.removeHandler(handler)
    assert list(logger.handlers) == [hidden]
    assert type(logger).__name__ == "Logger"
    logger.handlers = logger.handlers
    assert list(logger.handlers) == [hidden]


def test_a_handler_that_was_not_kept_is_dropped_all_the_same() -> None:
    logger, handler = logging.Logger("plain"), Lines()  # noqa: LOG001 - a new one
    logger.addHandler(handler)
    drop(logger, handler)
    assert logger.handlers == []


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Give the root logger no handlers for the test, not even pytest's."""
    found = logging.getLogger()
    handlers, level = list(found.handlers), found.level
    for handler in handlers:
        found.removeHandler(handler)
    yield found
    for handler in list(found.handlers):
        drop(found, handler)
        found.removeHandler(handler)
    for handler in handlers:
        found.addHandler(handler)
    found.setLevel(level)


INI = """
[loggers]
keys = root
[handlers]
keys = null
[formatters]
keys =
[logger_root]
handlers = null
[handler_null]
class = NullHandler
args = ()
"""


@pytest.mark.parametrize("how", ["dictConfig", "fileConfig", "basicConfig"])
def test_configured_logging_stays_when_a_framework_sets_logging_up(
    root: logging.Logger, tmp_path: Path, how: str
) -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    if how == "dictConfig":
        null = {"null": {"class": "logging.NullHandler"}}
        logging.config.dictConfig(
            {
                "version": 1,
                "disable_existing_loggers": False,
                "handlers": null,
                "root": {"handlers": ["null"], "level": "INFO"},
            }
        )
    elif how == "fileConfig":
        path = tmp_path / "logging.ini"
        path.write_text(INI)
        logging.config.fileConfig(path, disable_existing_loggers=False)
    else:
        logging.basicConfig(force=True, handlers=[logging.NullHandler()])
    assert len(list(root.handlers)) == 2
    assert len(root.handlers) == 1
    root.warning("still written")
    assert stream.getvalue().endswith("still written\n")
    again = io.StringIO()
    configure_logging(stream=again)
    root.warning("here alone")
    assert "alone" in again.getvalue()
    assert "alone" not in stream.getvalue()


def test_a_handler_that_is_still_there_is_not_added_twice() -> None:
    logger, other = logging.Logger("station"), logging.NullHandler()  # noqa: LOG001
    kept = logging.NullHandler()
    keep(logger, kept, hidden=False)
    logger.addHandler(other)
    assert logger.handlers.pop() is other
    assert list(logger.handlers) == [kept]
    assert logger.handlers.pop() is kept
    assert list(logger.handlers) == [kept]


def _remove_the_first(logger: logging.Logger) -> bool:
    logger.removeHandler(logger.handlers[0])
    return bool(logger.handlers)


def _remove_the_last(logger: logging.Logger) -> bool:
    logger.removeHandler(logger.handlers[-1])
    return bool(logger.handlers)


def _remove_while_there_are_some(logger: logging.Logger) -> bool:
    logger.removeHandler(logger.handlers[0])
    return logger.hasHandlers()


def _pop_one(logger: logging.Logger) -> bool:
    logger.handlers.pop()
    return len(logger.handlers) > 0


def _delete_the_last(logger: logging.Logger) -> bool:
    del logger.handlers[-1]
    return bool(logger.handlers)


@pytest.mark.parametrize(
    "removes_one",
    [
        _remove_the_first,
        _remove_the_last,
        _remove_while_there_are_some,
        _pop_one,
        _delete_the_last,
    ],
)
def test_a_loop_that_removes_all_handlers_ends(
    logger: logging.Logger, removes_one: Callable[[logging.Logger], bool]
) -> None:
    logger.propagate = False
    kept, ours = Lines(), Lines()
    keep(logger, kept, hidden=True)
    keep(logger, ours, hidden=False)
    # What setup code does makes it uncounted.
    logger.handlers = [logging.NullHandler()]
    logger.addHandler(logging.NullHandler())
    logger.handlers.insert(-1, logging.NullHandler())
    logger.handlers.extend([logging.NullHandler()])
    logger.handlers += [logging.NullHandler()]
    assert len(logger.handlers) == 5
    turns = 1
    while removes_one(logger):
        turns += 1
        assert turns <= 5
    assert turns == 5
    assert set(logger.handlers) == {kept, ours}
    logger.warning("still written")
    assert kept.lines == ours.lines == ["still written"]


def test_an_index_counts_the_handlers_of_the_program(logger: logging.Logger) -> None:
    keep(logger, Lines(), hidden=True)
    first, last = logging.NullHandler(), logging.NullHandler()
    logger.addHandler(first)
    logger.addHandler(last)
    assert logger.handlers[0] is logger.handlers[-2] is first
    assert logger.handlers[1] is logger.handlers[-1] is last
    with pytest.raises(IndexError):
        logger.handlers[-3]
