"""A package that is missing is named with the extra that has it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pywats.extras import needs

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
{code}
"""


@pytest.mark.parametrize(
    ("hidden", "code", "told"),
    [
        (
            {"starlette"},
            "from pywats.sandbox import Sandbox",
            "pywats.sandbox needs the package starlette: pip install 'pywats[sandbox]'",
        ),
        (
            {"rich"},
            "import runpy; runpy.run_module('pywats.demo', run_name='__main__')",
            "The demo needs the package rich: pip install 'pywats[sandbox]'",
        ),
        (
            {"uvicorn"},
            "import runpy; runpy.run_module('pywats.demo', run_name='__main__')",
            "The demo needs the package uvicorn: pip install 'pywats[sandbox]'",
        ),
    ],
)
def test_the_extra_is_named(hidden: set[str], code: str, told: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT.format(hidden=hidden, code=code)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stderr.strip().splitlines()[-1] == f"ModuleNotFoundError: {told}"


def test_a_module_of_ours_that_is_missing_is_our_mistake() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named"), needs("x", "y"):
        raise ModuleNotFoundError("No module named 'pywats.x'", name="pywats.x")
