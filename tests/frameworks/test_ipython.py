"""What IPython, and so Jupyter, shows of a call that failed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.untraced import untraced

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.colors = "NoColor"
shell.run_cell('''\\
from pywats import pyWATS
from pywats.sandbox import Sandbox

sandbox = Sandbox().start()
api = pyWATS(sandbox.base_url, sandbox.token)

def find(part):
    return api.product.get_product(part)
''')
shell.run_cell({cell!r})
shell.run_cell("api.close(); sandbox.close()")
"""


@pytest.mark.parametrize(
    ("cell", "error", "own_lines"),
    [
        ('find("NO-SUCH-PART")', "NotFoundError", 2),
        ('api.product.get_product("NO-SUCH-PART")', "NotFoundError", 1),
        ('pyWATS("http://127.0.0.1:1", "token").product.get_products()', "WATSConnectionError", 1),
        ('api.request("POST", "/api/Report/WSJF", json={})', "BadRequestError", 1),
    ],
)
def test_an_error_is_shown_in_less_than_ten_lines(
    tmp_path: Path, cell: str, error: str, own_lines: int
) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM.format(cell=cell)],
        env=untraced(IPYTHONDIR=str(tmp_path), PATH=os.environ["PATH"]),
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) < 10
    *code, message = lines
    assert message.startswith(f"pywats.errors.{error}: ")
    assert message.count("correlation_id=") == 1
    assert len(code) == 2 * own_lines  # where it is, and the line itself
    assert code[1].strip() == cell
    assert not re.search(r"Traceback|site-packages|pywats/", "\n".join(code))
