"""A sync call in an event loop works, and says once that it blocks the loop."""

from __future__ import annotations

import asyncio
import sys
import threading
import warnings
from types import ModuleType

import pytest

from pywats import SyncInLoopWarning, SyncServiceWrapper
from pywats.sync import DirectRunner, Engine
from pywats.sync.engine import loop_warning
from tests.sync.flaky import Flaky, engine, wrap


@pytest.fixture(autouse=True)
def _not_yet_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_warning, "_turn", threading.Lock())


def in_loop(*wrappers: SyncServiceWrapper[Flaky]) -> list[warnings.WarningMessage]:
    async def main() -> None:
        for each in wrappers:
            assert each.work() == "done"

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(main())
    return caught


def test_the_first_call_in_a_loop_warns_and_names_itself() -> None:
    (warning,) = in_loop(*[wrap(Flaky(), engine()) for _ in range(3)])
    assert warning.category is SyncInLoopWarning
    assert issubclass(SyncInLoopWarning, RuntimeWarning)
    assert str(warning.message) == (
        "flaky.work blocks the running event loop until it returns: await the async object "
        "itself (this is said once in a process)"
    )
    assert warning.filename == __file__
    assert in_loop(wrap(Flaky(), engine())) == []


def test_the_advice_is_that_of_the_engine() -> None:
    on = Engine(engine().config, DirectRunner(), loop_advice="use the other client")
    (warning,) = in_loop(wrap(Flaky(), on.reconfigured(on.config)))
    assert "until it returns: use the other client (" in str(warning.message)


def test_outside_of_a_loop_nothing_is_said_and_nothing_used_up() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wrap(Flaky(), engine()).work()
    assert caught == []
    assert len(in_loop(wrap(Flaky(), engine()))) == 1


async def test_as_an_error_it_is_raised_by_every_call_before_anything_is_done() -> None:
    service = Flaky()
    for _ in range(2):
        with pytest.raises(SyncInLoopWarning, match="blocks the running event loop"):
            wrap(service, engine()).work()
    assert service.calls == []


@pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")
async def test_it_can_be_silenced_by_its_category() -> None:
    assert wrap(Flaky(), engine()).work() == "done"


def test_of_many_threads_only_one_warns() -> None:
    start = threading.Barrier(4)

    def run() -> None:
        async def main() -> None:
            start.wait()
            wrap(Flaky(), engine()).work()

        asyncio.run(main())

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [each.category for each in caught] == [SyncInLoopWarning]


@pytest.mark.parametrize("present", [False, True])
def test_without_asyncio_or_while_it_is_imported_no_loop_runs(
    monkeypatch: pytest.MonkeyPatch, *, present: bool
) -> None:
    # A first call imports modules that need the real asyncio.
    assert wrap(Flaky(), engine()).work() == "done"
    if present:
        monkeypatch.setitem(sys.modules, "asyncio", ModuleType("asyncio"))
    else:
        monkeypatch.delitem(sys.modules, "asyncio")
    assert wrap(Flaky(), engine()).work() == "done"
