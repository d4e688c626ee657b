"""Numbers for the steps of a test report."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from pywats.sandbox.report.header import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox.requests import Row

__all__ = ["with_step_numbers"]


def with_step_numbers(document: Row) -> Row:
    """Return a report in which each step has an id, as the server exports it.

    A step without an id gets the next unused number from 0, parents first.
    """
    root = document.get("root")
    if not isinstance(root, dict):
        return document
    # Compared as text, because attachments are found by the text of the id.
    used = {str(step["id"]) for _, step in steps_of(document) if step.get("id") is not None}
    free = (number for number in count() if str(number) not in used)
    return {**document, "root": _numbered(root, free)}


def _numbered(step: Row, free: Iterator[int]) -> Row:
    numbered: Row = {**step, "id": next(free)} if step.get("id") is None else {**step}
    children = step.get("steps")
    if isinstance(children, list):
        numbered["steps"] = [
            _numbered(child, free) if isinstance(child, dict) else child for child in children
        ]
    return numbered
