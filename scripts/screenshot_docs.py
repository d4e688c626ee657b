"""Take screenshots of pages of the built documentation, for a visual check.

python scripts/screenshot_docs.py build/docs build/docs-shots

Each page is shown 1280 and 400 pixels wide, light and dark, by Debian's Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Final

PAGES: Final = (
    "index",
    "tutorial",
    "guides/wrap-your-async-client",
    "guides/production-debugging",
    "guides/testing-your-code",
    "explanation/reliability",
    "explanation/comparison",
    "reference/configuration",
    "reference/telemetry",
    "reference/api/services/report",
)
WIDTHS: Final = (1280, 400)
# Chromium's numbers for prefers-color-scheme.
SCHEMES: Final = {"dark": 0, "light": 1}
# A headless window is at least 500 pixels wide; a frame inside it can be narrower.
FRAME: Final = (
    '<body style="margin:0">'
    '<iframe src="{address}" style="border:0;width:{width}px;height:{height}px">'
)


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Take pictures of the documentation.")
    parser.add_argument("site", type=Path, help="folder of the built documentation")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.exit(2, "Chromium is not installed: apt-get install chromium\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for page, width, scheme in product(PAGES, WIDTHS, SCHEMES):
        shown = arguments.site.resolve() / f"{page}.html"
        if not shown.is_file():
            parser.exit(2, f"{shown} does not exist: run `make docs` first\n")
        name = f"{page.replace('/', '-')}-{width}-{scheme}.png"
        take(chromium, shown, width, scheme, arguments.out.resolve() / name)
        print(arguments.out / name)
    return 0


def take(chromium: str, page: Path, width: int, scheme: str, picture: Path) -> None:
    """Take one picture.

    Args:
        chromium: Path of the browser.
        page: Page to show.
        width: Width of the window in pixels.
        scheme: ``light`` or ``dark``.
        picture: File to write.
    """
    height = 1400
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.html"
        frame.write_text(FRAME.format(address=page.as_uri(), width=width, height=height))
        subprocess.run(  # noqa: S603 - found on PATH
            [
                chromium,
                *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--no-first-run", "--disable-background-networking", "--disable-sync"),
                *("--disable-component-update", "--allow-file-access-from-files"),
                f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}",
                f"--screenshot={picture}",
                frame.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )


if __name__ == "__main__":
    sys.exit(main())
