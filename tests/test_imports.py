"""``import pywats`` loads nothing but itself, and what a name needs when it is used."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from pydantic_core import SchemaError

import pywats
from pywats import client, models, services
from pywats.client import sync_services
from pywats.lazy import lazily
from pywats.models import report

if TYPE_CHECKING:
    from pathlib import Path

LATER = (
    "anyio.abc",
    "anyio.from_thread",
    "asyncio",
    "html",
    "httpcore",
    "importlib.metadata",
    "opentelemetry.metrics",
    "opentelemetry.propagators.composite",
    "opentelemetry.sdk",
    "pickle",
    "pywats.client.flat_client",
    "pywats.http.network.async_connection",
    "pywats.models",
    "pywats.observability.logs.handler",
    "pywats.observability.logs.libraries",
    "pywats.observability.logs.setup",
    "pywats.observability.propagation",
    "pywats.sandbox",
    "pywats.services.product",
    "pywats.sync.runners.portal",
    "pywats.telemetry",
    "rich",
    "starlette",
    "uvicorn",
)
CONNECT = "api = pywats.pyWATS('http://127.0.0.1:1', 'dGVzdDp0ZXN0')"


def words_of(script: str) -> list[str]:
    """Run a script in a process of its own and return the words that it prints."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=240
    )
    return done.stdout.split()


def loaded_by(code: str, names: tuple[str, ...]) -> list[str]:
    # httpx itself loads rich if its command line is installed.
    script = (
        "import sys, httpx; before = set(sys.modules); import pywats\n"
        f"{code}\nprint(*(name for name in {names!r} if name in sys.modules.keys() - before))"
    )
    return words_of(script)


def test_importing_pywats_loads_nothing_else() -> None:
    packages = {"pywats", "anyio", "httpx", "opentelemetry", "pydantic"}
    script = (
        "import sys, pywats\n"
        f"print(*sorted(name for name in sys.modules if name.partition('.')[0] in {packages}))"
    )
    assert words_of(script) == [
        "pywats",
        "pywats._version",
        "pywats.lazy",
        "pywats.runtime",
        "pywats.runtime.fork_gate",
    ]


@pytest.mark.parametrize("name", ["pyWATS", "RetryConfig", "SyncConfig", "SyncServiceWrapper"])
def test_a_name_loads_nothing_that_may_not_be_used(name: str) -> None:
    assert loaded_by(f"pywats.{name}", LATER) == []


def test_a_wrapper_needs_neither_httpx_nor_pydantic() -> None:
    loaded = words_of("import sys, pywats; pywats.SyncServiceWrapper; print(*sys.modules)")
    assert "pywats.sync" in loaded
    assert not {"httpx", "pydantic"} & set(loaded)


@pytest.mark.parametrize("name", ["config", "errors", "events", "models", "sync", "telemetry"])
def test_a_public_module_is_there_without_an_import_of_its_own(name: str) -> None:
    assert loaded_by(f"pywats.{name}.__all__", (f"pywats.{name}",)) == [f"pywats.{name}"]


def test_a_client_loads_the_models_of_the_services_that_are_used() -> None:
    names = tuple(
        f"pywats.{name}"
        for name in ("client.flat_client", "models.asset", "models.product", "models.scim")
    )
    assert loaded_by(CONNECT, names) == []
    assert loaded_by(f"{CONNECT}; api.product", names) == ["pywats.models.product"]


@pytest.mark.parametrize("service", ["analytics", "product", "software"])
def test_a_service_loads_no_models_that_few_of_its_methods_use(service: str) -> None:
    models = ("product.bom", "report.uur", "report.uut", "xml_data")
    names = ("difflib", "html", *(f"pywats.models.{name}" for name in models))
    assert loaded_by(f"{CONNECT}; api.{service}", names) == []


def test_the_commands_load_models_and_servers_when_one_of_them_runs() -> None:
    names = ("pywats.models", "pywats.sandbox", "pywats.client.outbox", "starlette", "uvicorn")
    assert loaded_by("import pywats.cli.app", names) == []
    assert "pywats.models" in loaded_by("import pywats.cli.report.submitting", names)


def test_the_sandbox_loads_the_grammar_of_filters_with_the_first_filter() -> None:
    assert loaded_by("import pywats.sandbox", ("odata_query", "sly")) == []


def test_the_flat_client_is_there_when_it_is_asked_for() -> None:
    assert loaded_by("pywats.SyncWATSClient", ("pywats.client.flat_client",)) == [
        "pywats.client.flat_client"
    ]


def test_telemetry_is_there_when_it_is_asked_for() -> None:
    assert loaded_by("pywats.telemetry.configure", ("pywats.telemetry",)) == ["pywats.telemetry"]


@pytest.mark.parametrize(
    "module", [pywats, client, services, models, report, sync_services], ids=repr
)
def test_every_public_name_is_listed_and_there(module: object) -> None:
    names: list[str] = module.__all__  # type: ignore[attr-defined]  # a module with public names
    assert set(names) <= set(dir(module))
    assert [name for name in names if not hasattr(module, name)] == []


@pytest.mark.parametrize(
    "module", [pywats, client, services, models, report, sync_services], ids=repr
)
def test_a_name_that_is_not_there_is_an_attribute_error(module: object) -> None:
    with pytest.raises(AttributeError, match=r"module 'pywats\S*' has no attribute 'Nothing'"):
        _ = module.Nothing  # type: ignore[attr-defined]  # that is what is tested


def test_python_suggests_the_name_that_was_meant() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import pywats; pywats.PyWATS"],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.stderr.splitlines()[-1] == (
        "AttributeError: module 'pywats' has no attribute 'PyWATS'. Did you mean: 'pyWATS'?"
    )


INTERRUPTED = """\
from enum import Enum
from typing import Annotated
from pydantic import BaseModel, GetPydanticSchema
from pydantic_core import core_schema

class Interrupting:
    @property
    def value(self):
        raise {raised}

def schema(source, handler):
    return core_schema.enum_schema(Enum, [Interrupting()])

class Model(BaseModel):
    field: Annotated[int, GetPydanticSchema(schema)]
"""


@pytest.mark.parametrize(
    ("raised", "seen"), [("KeyboardInterrupt", KeyboardInterrupt), ("OSError", SchemaError)]
)
def test_an_interrupt_that_meets_pydantic_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, seen: type[BaseException]
) -> None:
    """pydantic-core gives what Python raises while it makes a model as a text alone."""
    (tmp_path / "interrupted.py").write_text(INTERRUPTED.format(raised=raised), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    get, _ = lazily(__name__, {"interrupted": "Model"})
    with pytest.raises(seen) as caught:
        get("Model")
    assert isinstance(caught.value.__cause__ or caught.value, SchemaError)
    assert "interrupted" not in sys.modules


def test_threads_that_ask_at_once_get_one_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(sync_services), "SyncScimService", raising=False)
    together = threading.Barrier(8)
    got: list[type] = []

    def ask() -> None:
        together.wait()
        got.append(sync_services.SyncScimService)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {sync_services.SyncScimService}
