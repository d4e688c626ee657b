from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.comparison.tables import cell, verdict

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def is_true_that(request: pytest.FixtureRequest) -> Callable[[bool], None]:
    """Return a function that compares what a test has seen with the page.

    The row is the one that names the test, the column the one that is named as its parameter.
    """
    path = request.path.relative_to(request.config.rootpath).as_posix()
    function = request.function.__name__
    subject = request.node.callspec.params["subject"]

    def check(holds: bool) -> None:  # noqa: FBT001 - read as a sentence where it is used
        assert verdict(holds) == cell(f"{path}::{function}", subject)

    return check
