from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.frameworks.running import EXAMPLES, PROGRAMS, run
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Running:
    """A program that runs, or has ended.

    Attributes:
        printed: The lines that it prints.
        receiver: Has what it exports.
    """

    printed: Future[list[str]]
    receiver: OTLPReceiver


# By the module of tests that looks at what they print; the slowest first.
STARTED = {
    "test_celery": {
        "celery": EXAMPLES / "celery_worker.py",
        "limits": PROGRAMS / "limits.py",
    },
    "test_gunicorn": {
        "gunicorn": EXAMPLES / "gunicorn_app.py",
    },
    "test_web": {
        "fastapi": EXAMPLES / "fastapi_app.py",
        "flask": EXAMPLES / "flask_app.py",
        "django": EXAMPLES / "django_app.py",
        "asgi": PROGRAMS / "asgi_django.py",
    },
}
# No second server may be controlled by the same socket, which is in the home folder.
SETTINGS = {"gunicorn": {"GUNICORN_CMD_ARGS": "--no-control-socket"}}


@pytest.fixture(scope="module")
def programs(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Running]]:
    """Start programs beside each other, for they mostly wait: a worker of Celery to be stopped.

    Those of one module, for another worker of pytest-xdist may have the other modules.
    """
    started = STARTED[request.path.stem]
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(3))
        running: dict[str, Running] = {}
        for name, path in started.items():
            receiver = stack.enter_context(OTLPReceiver())
            settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint, **SETTINGS.get(name, {})}
            running[name] = Running(threads.submit(run, path, **settings), receiver)
        yield running.__getitem__
