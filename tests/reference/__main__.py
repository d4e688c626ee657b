"""Bring the generated pages in docs/reference up to date.

    python -m tests.reference           # write the pages
    python -m tests.reference --check   # write nothing; exit with 1 if one is stale

The page on the coverage of the API has a command of its own: tests/openapi/coverage_page.py.
"""

from __future__ import annotations

import argparse
import sys

from pywats.sync.stubs import bring_up_to_date
from tests.reference.pages import PAGES


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Generate the pages in docs/reference.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    arguments = parser.parse_args()
    texts = {path: page() for path, page in PAGES.items()}
    return bring_up_to_date(texts, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
