"""Make a release, from the version to the uploaded files.

python scripts/release.py 0.2.0            # every step, and print each before it runs
python scripts/release.py 0.2.0 --dry-run  # print the steps, change nothing

Before it: the changelog has a section "[0.2.0] - Unreleased", the work tree is clean, and the
branch is main.
The upload asks twine for its credentials (TWINE_USERNAME, TWINE_PASSWORD, or a keyring).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
VERSION_DOC: Final = '"""The version, in one place: the build reads it from here."""'
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


class ReleaseError(Exception):
    """The release cannot be made; the message has the reason and what to do."""


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Carry out a release.")
    parser.add_argument("version", help="the new version, such as 0.2.0")
    parser.add_argument("--dry-run", action="store_true", help="print the steps, change nothing")
    arguments = parser.parse_args()
    try:
        release(arguments.version, ROOT, dry_run=arguments.dry_run)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def release(version: str, root: Path, *, dry_run: bool) -> None:
    """Release a version.

    Args:
        version: The version, by PEP 440.
        root: Root of the checkout.
        dry_run: Print the steps, and change nothing.

    Raises:
        ReleaseError: The version, the changelog or the checkout is not fit for a release.
    """
    if not _VERSION.fullmatch(version):
        raise ReleaseError(f"{version!r} is not a version such as 0.2.0 or 0.2.0rc1")
    changelog = root / "CHANGELOG.md"
    told = dated(
        changelog.read_text(encoding="utf-8"), version, datetime.now(UTC).date().isoformat()
    )
    if not dry_run:
        _check_checkout(root)
        changelog.write_text(told, encoding="utf-8")
        (root / "src" / "pywats" / "_version.py").write_text(
            f'{VERSION_DOC}\n\n__version__ = "{version}"\n',
            encoding="utf-8",
        )
    for command in (
        ["bash", ".ci/run"],
        ["git", "commit", "--all", "--message", f"release: {version}"],
        ["git", "tag", "--annotate", f"v{version}", "--message", f"pywats {version}"],
        ["make", "build"],
        [".venv/bin/python", "scripts/check_distribution.py", "dist"],
        ["git", "push", "--atomic", "origin", "main", f"v{version}"],
        [sys.executable, "-m", "twine", "upload", "dist/*"],
    ):
        print("$", *command, flush=True)
        if not dry_run:
            _run(command, root)


def dated(changelog: str, version: str, date: str) -> str:
    """Return the changelog with the date of a release in place of "Unreleased".

    Args:
        changelog: Text of the changelog.
        version: The version.
        date: Day of the release, as ISO 8601 writes it.

    Raises:
        ReleaseError: The changelog does not have this section, or the section is empty.
    """
    heading = f"## [{version}] - "
    before, found, after = changelog.partition(f"{heading}Unreleased\n")
    if not found or not after.partition("\n## ")[0].strip():
        raise ReleaseError(
            f"CHANGELOG.md has nothing under {heading}Unreleased: write what is new in {version}"
        )
    return f"{before}{heading}{date}\n{after}"


def _check_checkout(root: Path) -> None:
    for command, expected, advice in (
        (["git", "status", "--porcelain"], "", "commit or stash what has changed"),
        (["git", "branch", "--show-current"], "main", "switch to the branch main"),
    ):
        told = subprocess.run(  # noqa: S603 - git, as listed here
            command, cwd=root, check=True, capture_output=True, text=True
        ).stdout.strip()
        if told != expected:
            raise ReleaseError(f"`{' '.join(command)}` printed {told!r}: {advice}")


def _run(command: list[str], root: Path) -> None:
    if "dist/*" in command:
        files = sorted(str(path.relative_to(root)) for path in (root / "dist").iterdir())
        command = [*command[: command.index("dist/*")], *files]
    done = subprocess.run(command, cwd=root, check=False)  # noqa: S603 - the steps of a release
    if done.returncode != 0:
        raise ReleaseError(
            f"`{' '.join(command)}` ended with {done.returncode}; the steps after it are not done"
        )


if __name__ == "__main__":
    sys.exit(main())
