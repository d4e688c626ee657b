"""Every example runs with no arguments."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import programs
from tests.untraced import untraced

EXAMPLES = Path(__file__).parents[1] / "examples"
# tests/frameworks runs them, and looks at all they print.
ELSEWHERE = {
    "celery_worker.py",
    "django_app.py",
    "fastapi_app.py",
    "flask_app.py",
    "gunicorn_app.py",
    "notebook.ipynb",
    "week_in_pandas.ipynb",
}
LAST_LINES = {
    "dask_workers.py": "the server saw 8 requests of 1 trace",
    "first_call.py": "look for: order-4711",
    "inbound_id.py": "the server saw: ['0f8fad5b-d9cb-469f-a165-70867728950e']",
    "log_json.py": '{"timestamp": "',
    "log_loguru.py": "INFO    [-] done",
    "log_otlp.py": "exported: ",
    "log_plain.py": "trace_id=",
    "log_structlog.py": '{"event": "done", "level": "info"}',
    "many_processes.py": "the server saw 8 requests of 1 trace",
    "migrate.py": "SN-1 Passed",
    "outbox.py": "['SN-1', 'SN-2', 'SN-3', 'SN-4']",
    "production_worker.py": "the server saw 7 requests",
    "ray_workers.py": "the server saw 8 requests of 1 trace",
    "sync_and_async.py": "the same in a loop: True",
    "sync_with_config.py": "the server saw: ['",
    "sync_with_retry.py": "look for: ",
    "test_with_fixtures.py": "3 passed in ",
    "wrap_async_client.py": "and again: 200",
    "your_own_service.py": "one id in header and trace: True",
}
# 80 MB, and its ports are open to the network: too much to install for one example.
NEEDS_RAY = pytest.mark.only_where(find_spec("ray") is not None, reason="it needs ray")


def test_every_example_is_listed_here() -> None:
    here = {path.name for path in EXAMPLES.iterdir() if path.is_file() and path.suffix != ".md"}
    assert here == LAST_LINES.keys() | ELSEWHERE


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=NEEDS_RAY if "ray" in each else ()) for each in LAST_LINES],
)
def test_an_example_runs(name: str) -> None:
    done = programs.run([sys.executable, "-W", "error", str(EXAMPLES / name)], env=untraced())
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(LAST_LINES[name])
    assert "Traceback" not in done.stderr
