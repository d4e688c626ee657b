"""Results in a notebook: models without empty fields, lists of models as tables."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from pywats.models import Product, ProductState
from pywats.models.model_list import ModelList

if TYPE_CHECKING:
    from pywats import pyWATS


class Cells(HTMLParser):
    def __init__(self, table: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.rest = ""
        self.feed(table)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and "more rows" not in data:
            self.rows[-1][-1] += data
        else:
            self.rest += data


def cells(rows: ModelList[Any]) -> Cells:
    table = rows._repr_html_()
    assert table is not None
    return Cells(table)


def test_a_model_shows_the_fields_that_have_a_value() -> None:
    product = Product(part_number="A", state=ProductState.ACTIVE)
    assert repr(product) == "Product(part_number='A', state=<ProductState.ACTIVE: 1>)"


def test_a_list_from_the_server_is_shown_as_a_table(api: pyWATS) -> None:
    api.product.create_product("A", name="<b>Board</b>")
    api.product.create_product("B")
    rows = api.product.get_products()
    assert isinstance(rows, ModelList)
    assert rows == list(rows)
    head, first, second = cells(rows).rows
    assert (first[head.index("part_number")], first[head.index("name")]) == ("A", "<b>Board</b>")
    assert second[head.index("name")] == ""


def test_a_long_list_and_a_long_text_are_cut() -> None:
    rows = ModelList([Product(part_number="A" * 90)] * 61)
    table = cells(rows)
    assert table.rows[1] == ["A" * 80 + "…"]
    assert (len(table.rows), table.rest) == (61, "… and 1 more rows")


def test_other_lists_are_shown_as_lists() -> None:
    assert ModelList([1])._repr_html_() is None
    assert ModelList([])._repr_html_() is None
    assert repr(ModelList([1])) == "[1]"
    assert pickle.loads(pickle.dumps(ModelList([1]))) == [1]  # noqa: S301 - our own
