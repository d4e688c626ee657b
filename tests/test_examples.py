"""Every example runs with no arguments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
# tests/frameworks runs them, and looks at all they print.
ELSEWHERE = {
    "celery_worker.py",
    "django_app.py",
    "flask_app.py",
    "gunicorn_app.py",
    "notebook.ipynb",
}
LAST_LINES = {
    "first_call.py": "look for: order-4711",
    "inbound_id.py": "the server saw: ['0f8fad5b-d9cb-469f-a165-70867728950e']",
    "log_json.py": '{"timestamp": "',
    "log_loguru.py": "INFO    [-] done",
    "log_otlp.py": "exported: ",
    "log_plain.py": "trace_id=",
    "log_structlog.py": '{"event": "done", "level": "info"}',
    "migrate.py": "SN-1 Passed",
    "production_worker.py": "the server saw 7 requests",
    "sync_and_async.py": "the same in a loop: True",
    "sync_with_config.py": "the server saw: ['",
    "sync_with_retry.py": "look for: ",
    "test_with_fixtures.py": "3 passed in ",
    "wrap_async_client.py": "and again: 200",
}


def test_every_example_is_listed_here() -> None:
    here = {path.name for path in EXAMPLES.iterdir() if path.is_file()}
    assert here == LAST_LINES.keys() | ELSEWHERE


@pytest.mark.parametrize("name", LAST_LINES)
def test_an_example_runs(name: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own example
        [sys.executable, "-W", "error", str(EXAMPLES / name)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(LAST_LINES[name])
    assert "Traceback" not in done.stderr
