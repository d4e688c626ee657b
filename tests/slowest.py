"""Lists the slowest twentieth of the tests, which ``make test-fast`` leaves out.

Run ``python -m tests.slowest REPORT``, with a report that pytest wrote with ``--junit-xml``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

LISTING = Path(__file__).with_suffix(".txt")
SHARE = 20


def slowest(report: Path) -> list[str]:
    """Return the node ids of the slowest twentieth, sorted by name.

    Args:
        report: A JUnit report of a whole run.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by pytest
        module = case.get("classname", "").replace(".", "/")
        seconds[f"{module}.py::{case.get('name')}"] += float(case.get("time", 0))
    ordered = sorted(seconds, key=seconds.__getitem__, reverse=True)
    return sorted(ordered[: len(ordered) // SHARE])


def listed() -> frozenset[str]:
    """Return the node ids that are in the listing."""
    return frozenset(LISTING.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    LISTING.write_text("\n".join(slowest(Path(sys.argv[1]))) + "\n", encoding="utf-8")
