from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "release.py"
_spec = importlib.util.spec_from_file_location("release", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
release = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(release)

CHANGELOG = (
    "# Changelog\n\n## [0.2.0] - Unreleased\n\n- A line.\n\n## [0.1.0] - 2026-01-01\n\n- Before.\n"
)


def test_what_is_unreleased_becomes_the_section_of_the_version() -> None:
    assert release.dated(CHANGELOG, "0.2.0", "2026-12-01") == CHANGELOG.replace(
        "[0.2.0] - Unreleased", "[0.2.0] - 2026-12-01"
    )


@pytest.mark.parametrize(
    ("changelog", "version", "told"),
    [
        (CHANGELOG, "0.1.0", "nothing under ## [0.1.0] - Unreleased"),
        (CHANGELOG.replace("- A line.\n", ""), "0.2.0", "nothing under ## [0.2.0] - Unreleased"),
        ("# Changelog\n", "0.2.0", "nothing under ## [0.2.0] - Unreleased"),
    ],
)
def test_a_changelog_that_is_not_ready_is_refused(changelog: str, version: str, told: str) -> None:
    with pytest.raises(release.ReleaseError) as refused:
        release.dated(changelog, version, "2026-12-01")
    assert told in str(refused.value)


def checkout(folder: Path) -> Path:
    (folder / "src" / "pywats").mkdir(parents=True)
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    for command in (
        ["git", "init", "--quiet", "--initial-branch", "work"],
        ["git", "add", "."],
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all"],
    ):
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - git, as listed here
    return folder


def test_another_branch_and_a_changed_checkout_are_refused(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    with pytest.raises(release.ReleaseError, match="switch to the branch main"):
        release.release("0.2.0", folder, dry_run=False)
    (folder / "CHANGELOG.md").write_text(CHANGELOG + "\n")
    with pytest.raises(release.ReleaseError, match="commit or stash"):
        release.release("0.2.0", folder, dry_run=False)


def test_a_step_that_fails_ends_the_release(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    subprocess.run(["git", "branch", "--move", "main"], cwd=folder, check=True)  # noqa: S607 - git
    with pytest.raises(release.ReleaseError, match=r"`bash .ci/run` ended with 127"):
        release.release("0.2.0", folder, dry_run=False)
    assert "- Unreleased" not in (folder / "CHANGELOG.md").read_text()
    assert '"0.2.0"' in (folder / "src" / "pywats" / "_version.py").read_text()


def test_a_dry_run_prints_every_step_and_changes_nothing() -> None:
    before = (ROOT / "CHANGELOG.md").read_bytes()
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), "0.1.0", "--dry-run"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert [line.split()[1:3] for line in done.stdout.splitlines()] == [
        ["bash", ".ci/run"],
        ["git", "commit"],
        ["git", "tag"],
        ["make", "build"],
        [".venv/bin/python", "scripts/check_distribution.py"],
        ["git", "push"],
        [sys.executable, "-m"],
    ]
    assert done.returncode == 0
    assert (ROOT / "CHANGELOG.md").read_bytes() == before


def test_a_word_is_not_a_version(tmp_path: Path) -> None:
    with pytest.raises(release.ReleaseError, match="'next' is not a version"):
        release.release("next", tmp_path, dry_run=True)
