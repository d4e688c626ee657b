"""The cookbook: jobs and fields of filters. tests/docs/test_following.py runs its programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pywats.models import AssetView, ProductView, ReportHeader
from pywats.sandbox.odata.options import field_names
from tests.docs.pages import DOCS, Page

if TYPE_CHECKING:
    from pydantic import BaseModel

PAGE = Page(DOCS / "guides" / "cookbook.md")
JOBS = re.findall(r"^## (.*)$", PAGE.text, re.MULTILINE)
FIELDS = re.findall(r"fields of an? (report|asset|product): (.*?)\.\s", PAGE.text, re.DOTALL)


def test_all_jobs_are_there_each_with_a_program() -> None:
    assert len(JOBS) == 16
    for part in PAGE.text.split("\n## ")[1:]:
        assert "```python" in part


@pytest.mark.parametrize(("kind", "text"), FIELDS)
def test_the_fields_that_a_filter_knows_are_fields(kind: str, text: str) -> None:
    models: dict[str, type[BaseModel]] = {
        "report": ReportHeader,
        "asset": AssetView,
        "product": ProductView,
    }
    named = re.findall(r"`([a-zA-Z]+)`", text)
    assert len(named) > 4
    assert {name.lower() for name in named} <= field_names(models[kind])
