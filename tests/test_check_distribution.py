"""The check of wheel and sdist notices what is wrong with them; .ci/run checks the real ones."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import pywats

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "check_distribution.py"
INFO = f"pywats-{pywats.__version__}.dist-info"

pytestmark = pytest.mark.only_where(
    (ROOT / "src").is_dir(), reason="it needs the sources, which the tests of a wheel do without"
)


def check(folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), str(folder)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def wheel(folder: Path, *left_out: str, **more: str) -> None:
    files = {
        path.relative_to(ROOT / "src").as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".py", ".pyi", ".typed"}
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = "".join(f"Provides-Extra: {name}\n" for name in project["optional-dependencies"])
    core = "".join(
        f"Requires-Dist: {name}\n"
        for name in ("anyio", "httpx", "httpcore", "opentelemetry-api", "pydantic")
    )
    files |= {
        f"{INFO}/METADATA": f"{core}{extras}",
        f"{INFO}/entry_points.txt": (
            "[console_scripts]\npywats = pywats.cli:main\n[pytest11]\npywats = _pywats_pytest\n"
        ),
        f"{INFO}/licenses/LICENSE": "",
        **more,
    }
    with zipfile.ZipFile(folder / "pywats.whl", "w") as archive:
        for name, text in files.items():
            if name not in left_out:
                archive.writestr(name, text)


def sdist(folder: Path, *left_out: str, add: str | None = None) -> None:
    names = [f"src/{p.relative_to(ROOT / 'src').as_posix()}" for p in (ROOT / "src").rglob("*.*")]
    names = [name for name in names if "__pycache__" not in name]
    names += ["README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"]
    names += ["Makefile", "pyproject.toml", "PKG-INFO"]
    names += [
        ".gitignore",
        "docker-compose.yml",
        "tests/a.py",
        "benchmarks/a.py",
        "docs/a.md",
        "examples/a.py",
        "scripts/a.py",
    ]
    names += [add] if add else []
    with tarfile.open(folder / "pywats.tar.gz", "w:gz") as archive:
        for name in names:
            if name not in left_out:
                archive.addfile(tarfile.TarInfo(f"pywats-1/{name}"))


def test_good_ones_pass(tmp_path: Path) -> None:
    wheel(tmp_path)
    sdist(tmp_path)
    assert check(tmp_path) == (0, ["pywats.whl and pywats.tar.gz hold what they should."])


@pytest.mark.parametrize(
    "name", ["pywats/py.typed", "pywats/client/sync_services.pyi", f"{INFO}/licenses/LICENSE"]
)
def test_a_file_that_the_wheel_lacks(name: str, tmp_path: Path) -> None:
    wheel(tmp_path, name)
    sdist(tmp_path)
    assert check(tmp_path) == (1, [f"pywats.whl: {name} is missing"])


def test_a_wheel_with_too_much_or_other_metadata(tmp_path: Path) -> None:
    more = {
        "tests/__init__.py": "",
        f"{INFO}/METADATA": "Requires-Dist: rich\n",
        f"{INFO}/entry_points.txt": "[console_scripts]\npywats = pywats:main\n",
    }
    wheel(tmp_path, **more)
    sdist(tmp_path)
    code, problems = check(tmp_path)
    assert code == 1
    assert problems[0] == "pywats.whl: has tests/__init__.py"
    assert problems[1].startswith("pywats.whl: entry points {'console_scripts': {'pywats': 'pywat")
    assert problems[2].startswith("pywats.whl: needs ['rich'], not ['anyio>=")
    assert problems[3:] == ["pywats.whl: has the extras []"]


def test_an_sdist_that_is_wrong(tmp_path: Path) -> None:
    wheel(tmp_path)
    sdist(tmp_path, "LICENSE", "docs/a.md", add=".venv/bin/python")
    assert check(tmp_path) == (
        1,
        [
            "pywats.tar.gz: LICENSE is missing",
            "pywats.tar.gz: has .venv/bin/python",
            "pywats.tar.gz: docs/ is missing",
        ],
    )


def test_a_folder_without_them(tmp_path: Path) -> None:
    assert check(tmp_path) == (2, [f"{tmp_path}: there must be one wheel and one sdist"])
