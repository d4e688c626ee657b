"""The stubs of the clients: up to date whatever is configured, precise, and named well."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import pywats.client
from pywats import SyncWATSClient
from pywats.client.registry import PREFIXED, SERVICES, NameClashError, flat_names
from tests.untraced import untraced

FOLDER = Path(pywats.client.__file__).parent
STUBS = [FOLDER / "sync_services.pyi", FOLDER / "flat_methods.pyi"]
SCRIPT = Path(__file__).parents[2] / "scripts" / "generate_type_stubs.py"


def check(**environment: str) -> tuple[int, str, str]:
    ended = subprocess.run(  # noqa: S603 - a script of this project
        [sys.executable, str(SCRIPT), "--check"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=untraced(**environment),
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.only_where(SCRIPT.exists(), reason="it needs the scripts of the repository")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"PYWATS_TIMEOUT": "5", "PYWATS_MAX_RETRIES": "9", "PYWATS_DEADLINE": "70"},
        {"PYWATS_BASE_URL": "https://wats.example", "PYTHONHASHSEED": "7"},
    ],
)
def test_no_changes_are_needed_whatever_is_configured(environment: dict[str, str]) -> None:
    assert check(**environment) == (0, "No changes needed\n", "")


def functions_of(path: Path) -> list[tuple[str, ast.FunctionDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (f"{kind.name}.{function.name}", function)
        for kind in tree.body
        if isinstance(kind, ast.ClassDef)
        for function in kind.body
        if isinstance(function, ast.FunctionDef)
    ]


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_no_type_is_left_open(path: Path) -> None:
    functions = functions_of(path)
    assert functions
    for name, function in functions:
        given = function.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs][1:]
        for node in [function.returns, *(each.annotation for each in parameters)]:
            assert node is not None, name
            named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            assert not named & {"Any", "object"}, name


@pytest.mark.parametrize("service", SERVICES)
def test_every_method_of_a_service_is_documented(service: str) -> None:
    for name, function in inspect.getmembers(SERVICES[service], inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.getdoc(function), name


def test_the_flat_client_has_every_method_of_every_service() -> None:
    names = flat_names(SERVICES, PREFIXED)
    stubbed = {name.partition(".")[2] for name, _ in functions_of(STUBS[1])}
    assert set(names) == stubbed
    assert set(names) <= set(dir(SyncWATSClient))
    methods = {
        (service, name)
        for service, kind in SERVICES.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert set(names.values()) == methods


class Left:
    def shared(self) -> None: ...
    def left(self) -> None: ...


class Right:
    def shared(self) -> None: ...
    def _hidden(self) -> None: ...


def test_a_name_that_two_services_share_is_refused_until_it_is_prefixed() -> None:
    services = {"a": Left, "b": Right}
    with pytest.raises(NameClashError) as caught:
        flat_names(services, frozenset())
    assert str(caught.value) == (
        "shared is a method of a and b: add it to PREFIXED, and the flat client has a_shared and "
        "b_shared"
    )
    assert flat_names(services, frozenset({"shared"})) == {
        "a_shared": ("a", "shared"),
        "b_shared": ("b", "shared"),
        "left": ("a", "left"),
    }


def test_a_prefix_that_is_not_needed_or_makes_a_clash_is_refused() -> None:
    with pytest.raises(NameClashError, match=r"no two services share \['left'\]: take it off"):
        flat_names({"a": Left}, frozenset({"left"}))

    class Third:
        def a_shared(self) -> None: ...

    services = {"a": Left, "b": Right, "c": Third}
    with pytest.raises(NameClashError, match="a_shared is a name for two methods: rename one"):
        flat_names(services, frozenset({"shared"}))
