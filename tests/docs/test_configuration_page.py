"""The page on configuration knows every setting and variable, with the defaults of the code."""

from __future__ import annotations

import dataclasses
import inspect
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import griffe
import pytest

import pywats
from pywats import (
    AsyncWATS,
    CircuitBreakerConfig,
    RetryConfig,
    SyncClientConfig,
    SyncConfig,
    SyncWATSClient,
    pyWATS,
)
from pywats.http.network.settings import DEFAULT_MAX_CONNECTION_AGE
from pywats.sync.policies import retry_budget as budget
from tests.markdown import code, tables
from tests.public_api import package

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([a-z_]+)`", PAGE))
URL, TOKEN = "https://wats.example.com", "dGVzdDp0ZXN0"
CONFIGS: Final[Mapping[str, type]] = {
    kind.__name__: kind
    for kind in (RetryConfig, CircuitBreakerConfig, SyncConfig, SyncClientConfig)
}
# What each variable may be set to, and would not be by default.
VARIABLES: Final = {
    "PYWATS_BASE_URL": URL,
    "PYWATS_TOKEN": TOKEN,
    "PYWATS_USERNAME": "station",
    "PYWATS_PASSWORD": "sandbox",
    "PYWATS_TIMEOUT": "7",
    "PYWATS_DEADLINE": "70",
    "PYWATS_MAX_RETRIES": "9",
    "PYWATS_RETRY_BACKOFF": "3",
    "PYWATS_SLOW_CALL": "3",
    "PYWATS_CERT": "station.pem",
    "PYWATS_REQUEST_ID_HEADERS": "x-request-id",
    "PYWATS_MAX_CONNECTION_AGE": "300",
    "PYWATS_STATION": "station-7",
    "PYWATS_OUTBOX": "outbox",
    "PYWATS_LOCATION": "Hall 1",
    "PYWATS_PURPOSE": "Production",
}
# They have no default, and are tested below.
OF_A_CLIENT = {"base_url", "token", "username", "password"}


@dataclass(frozen=True)
class Setting:
    """A row of the page.

    Attributes:
        fields: The fields that it is about, each of a config value.
        variables: The variables of the environment that it names.
        default: What it says is the default.
    """

    fields: tuple[tuple[str, str], ...]
    variables: frozenset[str]
    default: str


def settings() -> list[Setting]:
    """Return the rows that say a default of a field of a config value."""
    found: list[Setting] = []
    for head, rows in tables(PAGE):
        if "default" not in head:
            continue
        for row in rows:
            cells = dict(zip(head, row, strict=True))
            fields = tuple(
                (owner, name)
                for column, cell in cells.items()
                for owner in re.findall(r"`(\w+)`", column)
                for name in re.findall(r"`(\w+)`", cell)
                if owner in CONFIGS and name in names_of(owner)
            )
            variables = frozenset(re.findall(r"`(\w+)`", cells.get("environment", "")))
            if fields:
                found.append(Setting(fields, variables, cells["default"]))
    return found


def names_of(config: str) -> set[str]:
    return {field.name for field in dataclasses.fields(CONFIGS[config])}


def value_of(owner: str, name: str) -> object:
    return getattr(CONFIGS[owner](), name)


def shown(owner: str, name: str) -> str:
    """Return the default of a field as the page says it, with the unit that its docstring names."""
    value = value_of(owner, name)
    if isinstance(value, bool) or value is None:
        return f"`{value}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, tuple):
        return code(kind.__name__ for kind in value)
    if isinstance(value, frozenset):
        return ", ".join(map(str, sorted(value)))
    assert isinstance(value, int | float)
    return f"{value:g} s" if "seconds" in documented(owner)[name] else f"{value:g}"


def documented(owner: str) -> dict[str, str]:
    docstring = package()["config"][owner].docstring
    sections = [] if docstring is None else docstring.parse("google")
    return {
        each.name: each.description
        for section in sections
        if section.kind is griffe.DocstringSectionKind.attributes
        for each in section.value
    }


SETTINGS = [each for each in settings() if not {name for _, name in each.fields} & OF_A_CLIENT]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.fields[0][1])
def test_a_default_is_that_of_the_code(setting: Setting) -> None:
    first, *others = [(owner, shown(owner, name)) for owner, name in setting.fields]
    differing = [f"; of `{owner}` {default}" for owner, default in others if default != first[1]]
    assert setting.default == first[1] + "".join(differing)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.fields[0][1])
def test_a_variable_sets_what_it_stands_beside_and_nothing_else(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner, name in setting.fields:
        default = value_of(owner, name)
        for variable, text in VARIABLES.items():
            with monkeypatch.context() as patch:
                patch.setenv(variable, text)
                assert (value_of(owner, name) != default) is (variable in setting.variables)


def test_every_field_of_a_config_has_its_default_on_the_page() -> None:
    told = {field for setting in settings() for field in setting.fields}
    every = {(owner, name) for owner in CONFIGS for name in names_of(owner)}
    in_sections_of_their_own = {
        ("SyncConfig", "retry"),
        ("SyncConfig", "retry_enabled"),
        ("SyncConfig", "circuit_breaker"),
        ("SyncClientConfig", "circuit_breaker"),
    }
    assert every - told == in_sections_of_their_own
    assert "`circuit_breaker=CircuitBreakerConfig()`" in PAGE


def test_retries_are_off_unless_something_switches_them_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enabled = [SyncConfig().retry_enabled]
    for retries in ("0", "1"):
        monkeypatch.setenv("PYWATS_MAX_RETRIES", retries)
        enabled.append(SyncConfig().retry_enabled)
    assert enabled == [False, False, True]


@pytest.mark.parametrize("function", [pyWATS.__init__, pyWATS.with_options, AsyncWATS.__init__])
def test_every_keyword_of_a_client_is_on_the_page(function: object) -> None:
    assert callable(function)
    names = set(inspect.signature(function).parameters)
    assert names - WORDS - {"self", "sync_config", "circuit_breaker"} == set()
    assert "`sync_config=`" in PAGE


@pytest.mark.parametrize("client", [pyWATS, AsyncWATS, SyncWATSClient])
def test_what_clients_alone_are_told_has_the_same_default_in_all(client: type) -> None:
    rows = {row[0]: row[2] for head, rows in tables(PAGE) if len(head) > 3 for row in rows}
    given = inspect.signature(client).parameters
    assert rows["`verify_ssl` (of the clients)"] == f"`{given['verify_ssl'].default}`"
    size = f"{given['max_response_bytes'].default / 2**20:g} MiB"
    assert rows["`max_response_bytes` (of the clients)"] == size
    assert rows["`max_connection_age` (of the clients)"] == f"{DEFAULT_MAX_CONNECTION_AGE:g} s"
    assert rows["`cert` (of the clients)"] == "none"


def test_a_client_has_the_defaults_of_its_config(monkeypatch: pytest.MonkeyPatch) -> None:
    def limits() -> list[object]:
        clients = pyWATS(URL, TOKEN), AsyncWATS(URL, TOKEN)
        return [clients[0].config.timeout, clients[1]._timeout]

    with pyWATS(URL, TOKEN) as api:
        assert api.config == SyncConfig()
    assert limits() == [SyncConfig().timeout] * 2
    monkeypatch.setenv("PYWATS_TIMEOUT", VARIABLES["PYWATS_TIMEOUT"])
    assert limits() == [7.0, 7.0]


@pytest.mark.parametrize("client", [pyWATS, AsyncWATS])
@pytest.mark.parametrize(
    "given",
    [
        {"PYWATS_BASE_URL", "PYWATS_TOKEN"},
        {"PYWATS_BASE_URL", "PYWATS_USERNAME", "PYWATS_PASSWORD"},
    ],
    ids=sorted,
)
def test_address_and_credentials_are_required(
    client: Callable[[], pyWATS | AsyncWATS], given: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for left_out in sorted(given):
        with monkeypatch.context() as patch:
            for variable in given - {left_out}:
                patch.setenv(variable, VARIABLES[variable])
            with pytest.raises(ValueError, match=r"PYWATS_[A-Z_]+"):
                client()
    for variable in given:
        monkeypatch.setenv(variable, VARIABLES[variable])
    assert client().base_url == URL


def test_a_report_names_the_station_of_the_environment_or_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def station(api: pyWATS) -> str:
        return api.report.create_uut_report("op", "A", "1", "SN-1", 100).station_name

    assert "| `station_name` | `PYWATS_STATION` | the host name |" in PAGE
    with pyWATS(URL, TOKEN) as api:
        assert station(api) == socket.gethostname()
        monkeypatch.setenv("PYWATS_STATION", "station-7")
        assert station(api) == "station-7"


@pytest.mark.parametrize("name", ["location", "purpose"])
def test_a_report_has_the_place_of_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"PYWATS_{name.upper()}"
    assert f"| `{name}` | `{variable}` | an empty text |" in PAGE
    with pyWATS(URL, TOKEN) as api:

        def places() -> list[object]:
            test = api.report.create_uut_report("op", "A", "1", "SN-1", 100)
            repair = api.report.create_uur_report("A", "SN-1", "1", "op", test_operation_code=100)
            return [getattr(test, name), getattr(repair, name)]

        assert places() == ["", ""]
        monkeypatch.setenv(variable, VARIABLES[variable])
        assert places() == [VARIABLES[variable]] * 2


def test_the_retry_budget_is_that_of_the_code() -> None:
    told = " ".join(PAGE.split())
    share, a_second = 100 // budget.CALLS_PER_RETRY, budget.RETRIES_PER_SECOND
    assert f"at most {share} % of its calls, plus {a_second} for each second and {a_second}" in told
    assert f"lapses above {budget.MOST_EARNED} retries" in told


def test_the_variables_on_the_page_are_those_that_are_read() -> None:
    read: set[str] = set()
    for path in Path(pywats.__file__).parent.rglob("*.py"):
        if "sandbox" not in path.parts:
            read |= set(re.findall(r'"(PYWATS_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    assert set(re.findall(r"PYWATS_[A-Z_]+", PAGE)) == read == VARIABLES.keys()
