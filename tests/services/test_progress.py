"""Long iterations tell how far they have come: to a function, or in the terminal."""

from __future__ import annotations

import pydoc
import sys
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, RetryConfig
from pywats.models import ScimUser
from pywats.progress import Reporter
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox


@pytest.fixture
def seven(api: pyWATS) -> pyWATS:
    for number in range(7):
        api.product.create_product(f"PCBA-{number}")
        api.scim.create_user(ScimUser(user_name=f"user{number}@example.com"))
        report = api.report.create_uut_report("op", "PCBA-1", "A", f"SN-{number}", 100)
        report.conclude()
        api.report.submit_report(report)
    kind = api.asset.create_asset_type("Multimeter")
    assert kind.type_id is not None
    for number in range(6):
        api.asset.create_asset(f"DMM-{number}", kind.type_id)
    return api


ITERATIONS: dict[str, Callable[..., Iterator[object]]] = {
    "products": lambda api, **options: api.product.iter_products(**options),
    "headers": lambda api, **options: api.report.iter_headers(**options),
    "recent": lambda api, **options: api.report.iter_recent_headers(**options),
    "users": lambda api, **options: api.scim.iter_users(**options),
    "assets": lambda api, **options: api.asset.iter_assets(**options),
    "types": lambda api, **options: api.asset.iter_asset_types(**options),
    "log": lambda api, **options: api.asset.iter_asset_log(**options),
}


@pytest.mark.parametrize("name", ITERATIONS)
def test_a_function_is_called_after_each_page(seven: pyWATS, name: str) -> None:
    told: list[tuple[int, int | None]] = []
    iteration = ITERATIONS[name](
        seven, page_size=3, progress=lambda done, total: told.append((done, total))
    )
    assert told == []
    count = len(list(iteration))
    counts = [*range(3, count, 3), count]
    assert told == [(done, count if name == "users" else None) for done in counts]


async def test_an_async_iteration_tells_too(seven: pyWATS, sandbox: Sandbox) -> None:
    del seven
    told: list[int] = []
    async with AsyncWATS(sandbox.base_url, sandbox.token) as wats:
        pages = wats.product.iter_products(page_size=3, progress=lambda done, _: told.append(done))
        assert len([row async for row in pages]) == 7
    assert told == [3, 6, 7]


def test_a_page_that_was_retried_is_told_once(seven: pyWATS, sandbox: Sandbox) -> None:
    told: list[int] = []
    sandbox.inject("GET", "/api/Product/Query", Fault.status(503), times=1)
    patient = seven.with_options(retry_config=RetryConfig(max_backoff=0.01))
    rows = patient.product.iter_products(page_size=4, progress=lambda done, _: told.append(done))
    assert len(list(rows)) == 7
    assert told == [4, 7]


def test_what_the_function_raises_is_not_an_error_of_a_request(
    seven: pyWATS, sandbox: Sandbox
) -> None:
    def cancel(done: int, _: int | None) -> None:
        raise LookupError(f"cancelled at {done}")

    sandbox.clear()
    with pytest.raises(LookupError, match="cancelled at 3") as caught:
        list(seven.product.iter_products(page_size=3, progress=cancel))
    assert not hasattr(caught.value, "correlation_id")
    assert len(sandbox.requests) == 1


def test_true_shows_a_bar_of_rich_on_standard_error(
    seven: pyWATS, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(list(seven.product.iter_products(page_size=3, progress=True))) == 7
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split()[0] == "products"
    assert "7/?" in err


@pytest.mark.parametrize("taken", [None, 2])
def test_without_rich_one_line_is_written_over(
    seven: pyWATS,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    taken: int | None,
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    users = seven.scim.iter_users(page_size=3, progress=True)
    if taken is None:
        assert len(list(users)) == 7
        shown = "\rusers: 3 of 7\rusers: 6 of 7\rusers: 7 of 7\n"
    else:
        for _ in range(taken):
            next(users)
        del users  # the display of an iteration that is given up ends too
        shown = "\rusers: 3 of 7\n"
    assert capsys.readouterr().err == shown


def test_other_values_are_refused_before_anything_is_sent(api: pyWATS, sandbox: Sandbox) -> None:
    for wrong in (1, "yes", 0.5):
        with pytest.raises(TypeError, match="progress=.*must be True, False or a function"):
            api.product.iter_products(progress=wrong)  # type: ignore[arg-type]  # that is tested
    assert sandbox.requests == ()


def test_a_reporter_that_is_forgotten_ends_its_display(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    reporter = Reporter(progress=True, what="rows")
    reporter.advance(2)
    del reporter
    assert capsys.readouterr().err == "\rrows: 2\n"


def test_an_iterator_says_what_it_is(api: pyWATS) -> None:
    rows = api.product.iter_products()
    assert repr(rows).startswith("<generator object pywats.product.iter_products at ")
    shown = pydoc.plain(pydoc.render_doc(rows))
    assert "pywats.product.iter_products = class generator" in shown
    of_the_method = pydoc.plain(pydoc.render_doc(api.product.iter_products))
    assert "An iterator over the products, by part number." in of_the_method
