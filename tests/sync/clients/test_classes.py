"""The table of classes on the page is the list of classes, and no row has an error of ours.

What type checkers say of them is compared by ``make lint``, which runs the checkers once.
"""

from __future__ import annotations

from tests.sync.clients.classes import CLASSES, rows_of_the_page


def test_the_page_has_a_row_for_each_class() -> None:
    rows = rows_of_the_page()
    assert [f"{row.client}: {row.name}" for row in rows] == list(CLASSES)
    assert len(rows) >= 40
    for row in rows:
        assert "**" not in row.mypy + row.pyright
        assert float(row.seconds) < 10
