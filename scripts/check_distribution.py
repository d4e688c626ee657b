"""Check that wheel and sdist contain all required files, and no others.

python scripts/check_distribution.py dist
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
import tomllib
import zipfile
from configparser import ConfigParser
from email import message_from_string
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
IN_SDIST = (
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "SECURITY.md",
    "Makefile",
    "docker-compose.yml",
    "pyproject.toml",
    "PKG-INFO",
)
FOLDERS_IN_SDIST = ("src", "tests", "benchmarks", "docs", "examples", "scripts")


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Check wheel and sdist.")
    parser.add_argument("folder", type=Path, help="where the two files are")
    folder: Path = parser.parse_args().folder
    wheels, sdists = list(folder.glob("*.whl")), list(folder.glob("*.tar.gz"))
    if len(wheels) != 1 or len(sdists) != 1:
        parser.exit(2, f"{folder}: there must be one wheel and one sdist\n")
    problems = [*wheel_problems(wheels[0]), *sdist_problems(sdists[0])]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{wheels[0].name} and {sdists[0].name} hold what they should.")
    return 1 if problems else 0


def sources() -> set[str]:
    """Return the files that make the package, by their paths in the wheel."""
    return {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and path.suffix in {".py", ".pyi", ".typed"}
    }


def wheel_problems(path: Path) -> Iterator[str]:
    """Yield the problems of a wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.search(r'= "(.+)"', (SOURCE / "pywats/_version.py").read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        metadata = f"pywats-{version[1] if version else ''}.dist-info"
        own = {name for name in names if name.startswith(f"{metadata}/")}
        yield from (f"{path.name}: {name} is missing" for name in sorted(sources() - names))
        yield from (f"{path.name}: has {name}" for name in sorted(names - own - sources()))
        for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
            if f"{metadata}/{name}" not in names:
                yield f"{path.name}: {metadata}/{name} is missing"
                return
        told = message_from_string(wheel.read(f"{metadata}/METADATA").decode())
        entries = ConfigParser()
        entries.read_string(wheel.read(f"{metadata}/entry_points.txt").decode())
    found = {section: dict(entries[section]) for section in entries.sections()}
    wanted = {"console_scripts": project["scripts"], **project["entry-points"]}
    if found != wanted:
        yield f"{path.name}: entry points {found}, not {wanted}"
    core = [each for each in told.get_all("Requires-Dist", []) if "extra ==" not in each]
    if len(core) != len(project["dependencies"]):
        yield f"{path.name}: needs {core}, not {project['dependencies']}"
    extras = set(told.get_all("Provides-Extra", []))
    if extras != set(project["optional-dependencies"]):
        yield f"{path.name}: has the extras {sorted(extras)}"


def sdist_problems(path: Path) -> Iterator[str]:
    """Yield the problems of an sdist."""
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {*IN_SDIST, *(f"src/{name}" for name in sources())}
    yield from (f"{path.name}: {name} is missing" for name in sorted(wanted - names))
    allowed = {*IN_SDIST, ".gitignore"}
    for name in sorted(names - allowed):
        folder = name.partition("/")[0]
        if folder not in FOLDERS_IN_SDIST or "__pycache__" in name:
            yield f"{path.name}: has {name}"
    for folder in FOLDERS_IN_SDIST:
        if not any(name.startswith(f"{folder}/") for name in names):
            yield f"{path.name}: {folder}/ is missing"


if __name__ == "__main__":
    sys.exit(main())
