"""Typed faces of third-party clients, and a check that type checkers accept their stubs.

python -m tests.sync.clients.faces    # make the stubs of all clients, and check them
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from pywats.sync.stubs import face_name, stub
from tests.mypy_cache import mypy_cache
from tests.untraced import untraced

CLIENTS = {
    "sync_httpx": ["httpx:Response", "httpx:AsyncClient"],
    "sync_redis": [
        *("redis.asyncio.client:Pipeline", "redis.asyncio.client:PubSub"),
        *("redis.asyncio.lock:Lock", "redis.asyncio:Redis"),
    ],
    "sync_aiosqlite": ["aiosqlite:Cursor", "aiosqlite:Connection"],
    "sync_elasticsearch": [
        *("elasticsearch._async.client.indices:IndicesClient", "elasticsearch:AsyncElasticsearch"),
    ],
    "sync_openai": [
        *("openai:AsyncStream", "openai.resources.chat:AsyncCompletions"),
        *("openai.resources.chat:AsyncChat", "openai.resources:AsyncModels"),
        "openai:AsyncOpenAI",
    ],
    "sync_anthropic": [
        *("anthropic:AsyncStream", "anthropic.resources:AsyncMessages"),
        "anthropic:AsyncAnthropic",
    ],
}


def write_faces(folder: Path, module: str) -> None:
    """Write a module with the faces of a client, and the stub that belongs to it."""
    classes: list[type] = []
    body = ["T = TypeVar('T')"]
    head = [
        "from typing import Generic, TypeVar",
        "from pywats.sync import SyncFace, sync_face, wrap",
    ]
    nested: list[str] = []
    for name in CLIENTS[module]:
        source, _, of = name.partition(":")
        kind = getattr(importlib.import_module(source), of)
        classes.append(kind)
        generic = bool(getattr(kind, "__parameters__", ()))
        head.append(f"from {source} import {of}")
        bases = f"SyncFace[{of}[T]], Generic[T]" if generic else f"SyncFace[{of}]"
        body += [
            f"@sync_face({of}, nested=[{', '.join(nested)}])",
            f"class {face_name(kind)}({bases}): pass",
        ]
        nested.append(face_name(kind))
    head.append(f"__all__ = {[*nested, 'wrap']}")
    (folder / f"{module}.py").write_text("\n".join([*head, *body, ""]), encoding="utf-8")
    text = stub(module, classes, wrap=True)
    (folder / f"{module}.pyi").write_text(text, encoding="utf-8")


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Python on the modules of a folder."""
    with mypy_cache() as variables:
        return subprocess.run(  # noqa: S603 - our own arguments
            [sys.executable, "-m", *arguments],
            cwd=folder,
            env=untraced(MYPYPATH=str(folder), **variables),
            capture_output=True,
            text=True,
            check=False,
        )


def main() -> int:
    """Check the stubs of all clients; return 1 if a checker finds fault with one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for module in CLIENTS:
            write_faces(folder, module)
        stubs = [f"{module}.pyi" for module in CLIENTS]
        checks = [
            ("mypy", "--strict", *stubs),
            ("pyright", "--pythonpath", sys.executable, *stubs),
            ("mypy.stubtest", *CLIENTS),
        ]
        failed = False
        for arguments in checks:
            done = check(folder, *arguments)
            failed |= done.returncode != 0
            print(f"{arguments[0]}: {done.stdout}{done.stderr}", end="")  # noqa: T201 - the output of a command
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
