"""A virtual environment with what ``pip install`` would bring, made of the packages that are here.

No network is needed, and nothing else is there: a guide that forgets an extra fails.
"""

from __future__ import annotations

import sys
import venv
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCRIPT = """\
#!{python}
import sys
from {module} import {attribute}
sys.exit({attribute}())
"""


@dataclass(frozen=True)
class _Package:
    """An installed package, read once: dozens of environments are made of the same ones.

    Attributes:
        name: Its name.
        requires: What it requires.
        roots: What to link, by the path below ``site-packages``.
        scripts: Module and function of its commands, by name.
    """

    name: str
    requires: tuple[Requirement, ...]
    roots: tuple[tuple[PurePosixPath, Path], ...]
    scripts: tuple[tuple[str, str, str], ...]


@cache
def _package(name: str) -> _Package:
    here = distribution(name)
    return _Package(
        here.name,
        tuple(map(Requirement, here.requires or ())),
        tuple(
            (path, Path(str(here.locate_file(path))).resolve())
            for path in _roots(str(file) for file in here.files or ())
        ),
        tuple(
            (script.name, script.module, script.attr.partition(".")[0])
            for script in here.entry_points.select(group="console_scripts")
        ),
    )


class FreshEnvironment:
    """A virtual environment without pip; `install` links packages of this one into it."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=True)
        self.commands = folder / "bin"
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        self._packages = folder / "lib" / version / "site-packages"
        self._seen: set[tuple[str, str]] = set()

    @property
    def python(self) -> Path:
        return self.commands / "python"

    def install(self, *requirements: str) -> None:
        """Bring packages in, with all that they require."""
        for text in requirements:
            self._install(Requirement(text))

    def _install(self, requirement: Requirement) -> None:
        here = _package(requirement.name)
        for extra in ("", *requirement.extras):
            if (here.name, extra) in self._seen:
                continue
            self._seen.add((here.name, extra))
            for each in here.requires:
                if each.marker is None or each.marker.evaluate({"extra": extra}):
                    self._install(each)
        self._link(here)

    def _link(self, here: _Package) -> None:
        for path, source in here.roots:
            target = self._packages / path
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(source)
        for name, module, attribute in here.scripts:
            text = SCRIPT.format(python=self.python, module=module, attribute=attribute)
            command = self.commands / name
            command.write_text(text, encoding="utf-8")
            command.chmod(0o755)


def _roots(files: Iterable[str]) -> Iterator[PurePosixPath]:
    """Return what to link: packages as a whole, other files one by one."""
    paths = [PurePosixPath(each) for each in files]
    packages = {path.parent for path in paths if path.name == "__init__.py"}
    seen: set[PurePosixPath] = set()
    for path in paths:
        if ".." in path.parts or path.is_absolute():
            continue  # scripts, and data outside of site-packages
        inside = [each for each in reversed(path.parents) if each in packages]
        root = inside[0] if inside else path
        if root not in seen:
            seen.add(root)
            yield root
