"""Stubs of the classes of many clients, and what type checkers say of each.

python -m tests.sync.clients.classes            # check; exits with 1 if the page says otherwise
python -m tests.sync.clients.classes --write    # write the table of the page
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from pywats.sync.stubs import stub
from tests.untraced import untraced

__all__ = ["CLASSES", "PAGE", "rows_of_the_page"]

PAGE = Path(__file__).parents[3] / "docs" / "guides" / "wrap-your-async-client.md"
BEGIN = "<!-- python -m tests.sync.clients.classes --write -->\n"
END = "<!-- end of the table of classes -->\n"

CLASSES = (
    *("aiobotocore: types_aiobotocore_s3.client:S3Client",),
    *("aiohttp: aiohttp:ClientSession", "aiohttp: aiohttp:ClientResponse"),
    *("aiohttp: aiohttp:ClientWebSocketResponse",),
    *("aiokafka: aiokafka:AIOKafkaProducer", "aiokafka: aiokafka:AIOKafkaConsumer"),
    *("aiomqtt: aiomqtt:Client",),
    *("aiosqlite: aiosqlite:Connection", "aiosqlite: aiosqlite:Cursor"),
    *("anthropic: anthropic:AsyncAnthropic", "anthropic: anthropic.resources:AsyncMessages"),
    *("anthropic: anthropic:AsyncStream",),
    *("asyncio: asyncio:StreamReader", "asyncio: asyncio:StreamWriter"),
    *("asyncpg: asyncpg:Connection", "asyncpg: asyncpg:Pool"),
    *("asyncpg: asyncpg.prepared_stmt:PreparedStatement",),
    *("asyncpg: asyncpg.transaction:Transaction",),
    *("asyncua: asyncua:Client", "asyncua: asyncua:Node"),
    *("elasticsearch: elasticsearch:AsyncElasticsearch",),
    *("elasticsearch: elasticsearch._async.client.indices:IndicesClient",),
    *("grpc: grpc.aio:Channel", "grpc: grpc.aio:UnaryUnaryCall"),
    *("httpx: httpx:AsyncClient", "httpx: httpx:Response"),
    *("nats: nats.aio.client:Client", "nats: nats.aio.msg:Msg"),
    *("nats: nats.aio.subscription:Subscription", "nats: nats.js:JetStreamContext"),
    *("openai: openai:AsyncOpenAI", "openai: openai:AsyncStream"),
    *("openai: openai.resources.chat:AsyncCompletions", "openai: openai.resources:AsyncModels"),
    *("psycopg: psycopg:AsyncConnection", "psycopg: psycopg:AsyncCursor"),
    *("psycopg: psycopg:AsyncTransaction", "psycopg: psycopg_pool:AsyncConnectionPool"),
    *("pymodbus: pymodbus.client:AsyncModbusTcpClient",),
    *("pymongo: pymongo:AsyncMongoClient",),
    *("pymongo: pymongo.asynchronous.collection:AsyncCollection",),
    *("pymongo: pymongo.asynchronous.database:AsyncDatabase",),
    *("redis: redis.asyncio:Redis", "redis: redis.asyncio.client:Pipeline"),
    *("redis: redis.asyncio.client:PubSub", "redis: redis.asyncio.lock:Lock"),
    *("SQLAlchemy: sqlalchemy.ext.asyncio:AsyncConnection",),
    *("SQLAlchemy: sqlalchemy.ext.asyncio:AsyncEngine",),
    *("SQLAlchemy: sqlalchemy.ext.asyncio:AsyncResult",),
    *("SQLAlchemy: sqlalchemy.ext.asyncio:AsyncSession",),
    *("SQLAlchemy: sqlalchemy.ext.asyncio:AsyncTransaction",),
    *("websockets: websockets.asyncio.client:ClientConnection",),
)
"""The clients and their classes."""

# What a library's own source gives a checker to say, by the rule that reports it.
_OF_THE_LIBRARY = {
    "import-untyped": "the library has no types",
    "reportOverlappingOverload": "the library's overloads overlap",
}


class Row(NamedTuple):
    """A row of the table."""

    client: str
    name: str
    mypy: str
    pyright: str
    seconds: str

    def __str__(self) -> str:
        return f"| {self.client} | {self.name} | {self.mypy} | {self.pyright} | {self.seconds} |"


def measured() -> list[Row]:
    """Make the stub of each class and have it checked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds: dict[str, float] = {}
        for number, entry in enumerate(CLASSES):
            module, _, of = entry.partition(": ")[2].partition(":")
            kind = getattr(importlib.import_module(module), of)
            started = time.perf_counter()
            text = stub(f"faces_{number}", [kind], wrap=True)
            seconds[entry] = time.perf_counter() - started
            (folder / f"faces_{number}.pyi").write_text(text, encoding="utf-8")
        files = [f"faces_{number}.pyi" for number in range(len(CLASSES))]
        mypy = _run(folder, "mypy", "--strict", *files)
        found = {
            "mypy": re.findall(r"^(faces_\d+)\.pyi:.* error: .*\[([\w-]+)\]$", mypy, re.MULTILINE)
        }
        report = _run(folder, "pyright", "--outputjson", "--pythonpath", sys.executable, *files)
        found["pyright"] = [
            (Path(each["file"]).stem, each.get("rule", "error"))
            for each in json.loads(report)["generalDiagnostics"]
            if each["severity"] == "error"
        ]
    return [
        Row(
            entry.partition(": ")[0],
            entry.partition(": ")[2],
            _verdict(found["mypy"], number),
            _verdict(found["pyright"], number),
            f"{seconds[entry]:.1f}",
        )
        for number, entry in enumerate(CLASSES)
    ]


def _verdict(found: list[tuple[str, str]], number: int) -> str:
    rules = {rule for file, rule in found if file == f"faces_{number}"}
    return "; ".join(sorted(_OF_THE_LIBRARY.get(rule, f"**{rule}**") for rule in rules)) or "passes"


def _run(folder: Path, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=untraced(MYPYPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def rows_of_the_page() -> list[Row]:
    """Return the rows of the table on the page."""
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [Row(*row) for row in cells]


def main(arguments: list[str]) -> int:
    """Check the stubs; return 1 if the page says otherwise."""
    rows = measured()
    for row in rows:
        print(row)  # noqa: T201 - the output of a command
    if "--write" in arguments:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        head = "| Client | Class | mypy --strict | pyright | Seconds |\n|---|---|---|---|---|\n"
        text = f"{before}{BEGIN}{head}" + "".join(f"{row}\n" for row in rows)
        PAGE.write_text(text + END + rest.partition(END)[2], encoding="utf-8")
    present = [row[:-1] for row in rows_of_the_page()]
    return int(present != [row[:-1] for row in rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
