"""No page and no docstring names something of this project that does not exist."""

from __future__ import annotations

import ast
import builtins
import pkgutil
import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pywats
from pywats.client.registry import SERVICES
from tests.docs.fences import fences, inline_code, texts
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = texts()
PACKAGE = Path(pywats.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
DOTTED = re.compile(r"(?<![\w./-])pywats(?:\.\w+)+")
VARIABLE = re.compile(r"\bPYWATS_[A-Z_]*[A-Z]\b")
CAMEL = re.compile(r"(?<![\w./])(?:WATS|UUT|UUR)?(?:[A-Z][a-z0-9]+){2,}\b")
PROOF = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
# Names that look like ours.
ELSEWHERE = {
    "AsyncAnthropic",  # of anthropic
    "AsyncClass",  # stands for a class of the reader's
    "AsyncOpenAI",  # of openai
    "AuthorizationError",  # of pywats-api
    "BlockingPortal",  # of anyio
    "CircuitBreakerOpenError",  # of pywats-api
    "SoftTimeLimitExceeded",  # of Celery
    "SyncInventory",  # a class of the reader's
    "ValidationError",  # of pywats-api
    "cache.get",  # a span of what a page wraps
    "pywats.aiomqtt_client.publish",  # a span of what a page wraps
    "pywats.core.config",  # of pywats-api
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_page_names_what_exists(name: str) -> None:
    page = TEXTS[name]
    code = "\n".join(inline_code(page.path))
    assert [dotted for dotted in DOTTED.findall(code) if not is_something(dotted)] == []
    assert set(VARIABLE.findall(page.text)) <= variables()
    blocks = "\n".join(fence.code for fence in fences() if fence.page == name)
    known = ELSEWHERE | set(CAMEL.findall(blocks + examples()))
    assert {
        name for name in CAMEL.findall(code) if name not in known and not is_class(name)
    } == set()


@pytest.mark.parametrize("name", TEXTS)
def test_the_tests_that_a_page_names_are_there(name: str) -> None:
    for path, function in PROOF.findall(TEXTS[name].text):
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {function}\(|^{function} = ", source, re.MULTILINE)


@pytest.mark.parametrize("name", SOURCES)
def test_a_docstring_names_what_exists(name: str) -> None:
    for text in docstrings(SOURCES[name]):
        assert [dotted for dotted in DOTTED.findall(text) if not is_something(dotted)] == []
        assert set(VARIABLE.findall(text)) <= variables()


def is_something(name: str) -> bool:
    """Return whether the name can be imported, is that of a span, or a text in the source."""
    try:
        pkgutil.resolve_name(name)
    except (AttributeError, ImportError):
        _, service, *method = name.split(".")
        if len(method) == 1 and hasattr(SERVICES.get(service), method[0]):
            return True
        return name in ELSEWHERE or name in strings()
    return True


@cache
def is_class(name: str) -> bool:
    """Return whether it is the name of a class or alias of this package, its tests or Python."""
    # Parsing all sources takes seconds.
    looks_so = re.compile(rf"\bclass {name}\b|\b{name} =")
    return name in vars(builtins) or any(
        name in names(node)
        for path, text in python_sources().items()
        if looks_so.search(text)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.Assign)
    )


@cache
def python_sources() -> dict[Path, str]:
    """Return the texts of all modules of this package and its tests."""
    paths = chain(SOURCES.values(), (ROOT / "tests").rglob("*.py"))
    return {path: path.read_text(encoding="utf-8") for path in paths}


@cache
def examples() -> str:
    folder = ROOT / "examples"
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))


def names(node: ast.ClassDef | ast.Assign) -> list[str]:
    if isinstance(node, ast.ClassDef):
        return [node.name]
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


@cache
def strings() -> frozenset[str]:
    """Return all texts in the source."""
    return frozenset(
        node.value
        for path in SOURCES.values()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def variables() -> frozenset[str]:
    """Return the environment variables that the package and its tests read."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    found = re.findall(r"\"(PYWATS_TEST_[A-Z_]+)\"", tests)
    return frozenset(found) | {text for text in strings() if VARIABLE.fullmatch(text)}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstrings(path: Path) -> Iterator[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree(path)):
        if isinstance(node, kinds) and (text := ast.get_docstring(node)):
            yield text
