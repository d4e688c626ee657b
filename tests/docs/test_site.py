"""The site is strict: a public name without a page and a reference to nothing are warnings."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.docs.pages import DOCS
from tests.untraced import untraced

if TYPE_CHECKING:
    from pathlib import Path

CONF = """\
import sys
sys.path.insert(0, {docs!r})
from conf import *
"""
PAGE = """\
# A page

```{{eval-rst}}
.. autoclass:: pywats.RetryConfig
.. autoclass:: pywats.SyncConfig
.. autoclass:: pywats.CircuitBreakerConfig

{text}
```

{markdown}
"""


SERVICE = (DOCS / "reference" / "api" / "services" / "scim.md").read_text(encoding="utf-8")


def build(folder: Path, text: str, markdown: str = "") -> str:
    (folder / "conf.py").write_text(CONF.format(docs=str(DOCS)), encoding="utf-8")
    page = PAGE.format(text=text, markdown=markdown)
    (folder / "index.md").write_text(page, encoding="utf-8")
    (folder / "orphan.md").write_text("# No page leads here\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "dummy", "-W", "--keep-going", ".", "out"],
        cwd=folder,
        env=untraced(PYTHONIOENCODING="utf-8", NO_COLOR="1"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def test_what_is_missing_or_leads_nowhere_is_told(tmp_path: Path) -> None:
    told = build(
        tmp_path,
        "`pywats.sync.Nothing` and `pywats.config.RetryConfig` and `pathlib.Path`",
        "[x](nothing.md) [y](#nothing)",
    )
    assert "pywats.pyWATS.close is public (tests/public_api.txt), but on no page" in told
    assert "pywats.SyncWATSClient.get_product is public" in told
    assert "pywats.SyncConfig.timeout is public" not in told
    assert "py:obj reference target not found: pywats.sync.Nothing" in told
    assert "reference target not found: pywats.config.RetryConfig" not in told
    assert "reference target not found: pathlib.Path" not in told
    assert "'myst' cross-reference target not found: 'nothing.md'" in told
    assert "'myst' cross-reference target not found: 'nothing'" in told
    assert re.search(r"orphan\.md: WARNING: document isn't included in any toctree", told)
    # RetryEvent is public and on no page here: its docstring's reference leads nowhere.
    assert "py:obj reference target not found: pywats.RetryEvent" in told


def _build(source: Path, form: str) -> None:
    """Build the pages in a folder into ``out``, with the configuration of the site."""
    (source / "conf.py").write_text(CONF.format(docs=str(DOCS)), encoding="utf-8")
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "sphinx", "-q", "-b", form, ".", "out"],
        cwd=source,
        env=untraced(PYTHONIOENCODING="utf-8", NO_COLOR="1"),
        capture_output=True,
        timeout=240,
        check=True,
    )


def test_a_service_is_described_as_synchronous_clients_have_it(tmp_path: Path) -> None:
    """What the pages of services show, and pages elsewhere do not."""
    (body,) = re.findall(r"(?s)```\{eval-rst\}.*?```", SERVICE)
    services = tmp_path / "reference" / "api" / "services"
    services.mkdir(parents=True)
    (services / "scim.md").write_text(f"# A page\n\n{body}\n", encoding="utf-8")
    (tmp_path / "index.md").write_text(
        "# Root\n\n```{toctree}\n:glob:\n\nreference/api/services/*\n```\n"
    )
    _build(tmp_path, "text")
    text = (tmp_path / "out" / "reference" / "api" / "services" / "scim.txt").read_text("utf-8")
    assert "\n   get_token(" in text
    assert "async get_token" not in text
    assert re.search(r"\n   iter_users\([^)]*\) -> Iterator\[", text)
    assert "AsyncIterator" not in text


def test_names_in_tables_break_between_their_words(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text(
        "# A page\n\n`a.b_c`\n\n"
        "| `http.request.resend_count` | `AsyncWATS` |\n"
        "|---|---|\n"
        "| `x_y` | `GET /api/Product/{number}` |\n"
    )
    _build(tmp_path, "html")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    shown = [
        re.sub(r"</?(?:code|span)[^>]*>", "", code)
        for code in re.findall(r"<code.*?</code>", page, re.DOTALL)
    ]
    assert shown == [
        "a.b_c",
        "http.<wbr>request.<wbr>resend_<wbr>count",
        "AsyncWATS",
        "x_y",
        "GET /api/<wbr>Product/<wbr>{number}",
    ]
