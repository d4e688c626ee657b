"""Keep and send reports in children that strace kills at their N-th system call.

Run it as ``python -m tests.client.outbox.killed DIRECTORY URL URL_OF_NOBODY TOKEN KILLS``. It
prints the number of system calls of a child that lives, and then the id of each report whose call
has returned. It has one thread, so that it can fork.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from pywats import pyWATS
from pywats.errors import WATSError

REPORTS = 2


def document(report_id: str) -> str:
    return json.dumps(
        {
            "id": report_id,
            "type": "T",
            "pn": "P",
            "sn": report_id,
            "rev": "A",
            "processCode": 100,
            "machineName": "M",
            "location": "",
            "purpose": "",
            "result": "P",
            "start": "2026-11-28T10:00:00+01:00",
            "uut": {"user": "op"},
            "root": {
                "id": 1,
                "group": "M",
                "stepType": "SequenceCall",
                "name": "Main",
                "status": "P",
                "steps": [],
            },
        }
    )


def keep(directory: str, url: str, token: str, pipe: int) -> None:
    """Submit reports and write the id of each when its call has returned."""
    with pyWATS(url, token, outbox=directory, timeout=60) as api:
        for _ in range(REPORTS):
            report_id = str(uuid4())
            try:
                api.report.submit_report(document(report_id))
            except WATSError as error:
                os.write(pipe, f"{error}\n".encode())
            else:
                os.write(pipe, f"{report_id}\n".encode())


def run(directory: str, url: str, token: str, options: list[str]) -> str:
    """Run a child under strace and return what it has written."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        signal.raise_signal(signal.SIGSTOP)
        keep(directory, url, token, into)
        os._exit(0)
    os.close(into)
    os.waitpid(child, os.WUNTRACED)
    tracer = subprocess.Popen(  # noqa: S603 - our own command
        ["strace", "-f", "-p", str(child), *options],  # noqa: S607 - wherever it is
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    attached = tracer.stderr.readline()
    assert "attached" in attached, attached
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    with os.fdopen(out) as written:
        told = written.read()
    tracer.communicate(timeout=240)
    return told


def tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main(directory: str, url: str, nobody: str, token: str, kills: int) -> None:
    # Modules that are imported late are imported here, so that a child does little else than keep.
    elsewhere = str(Path(directory).with_name("elsewhere"))
    keep(elsewhere, nobody, token, os.open(os.devnull, os.O_WRONLY))
    keep(elsewhere, url, token, os.open(os.devnull, os.O_WRONLY))
    trace = Path(directory).parent / "trace"
    tell(run(directory, url, token, ["-o", str(trace)]))
    calls = len(trace.read_text("utf-8", "replace").splitlines())
    tell(f"calls {calls}\n")
    for number in range(kills):
        last = random.randint(1, calls)  # noqa: S311 - any will do
        inject = ["-o", "/dev/null", "-e", f"inject=all:signal=KILL:when={last}"]
        # The server is away every other time.
        tell(run(directory, (url, nobody)[number % 2], token, inject))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
