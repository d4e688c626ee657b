"""The generated pages, and what makes each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.reference import command_line_page, errors_page, migration_page, telemetry_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PAGES: Final[Mapping[Path, Callable[[], str]]] = {
    FOLDER / "command-line.md": command_line_page.page,
    FOLDER / "errors.md": errors_page.page,
    FOLDER / "pywats-api-methods.md": migration_page.page,
    FOLDER / "telemetry.md": telemetry_page.page,
}
