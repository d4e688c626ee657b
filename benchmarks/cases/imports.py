"""Time to import pywats, each time in a new process."""

from __future__ import annotations

from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.interpreter import timed
from benchmarks.results import Bar, CaseResult
from benchmarks.turns import race

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_LIMIT = 1.15
_REFERENCE = "import httpx, pydantic, opentelemetry.trace"
_OURS = "import pywats"
_CLIENT = 'pywats.pyWATS("http://127.0.0.1:1", "dGVzdDp0ZXN0")'
_WRAPPER = "from pywats import SyncServiceWrapper"
_STATEMENTS = {
    _REFERENCE: _REFERENCE,
    _OURS: _OURS,
    _WRAPPER: _WRAPPER,
    "from pywats import pyWATS": "from pywats import pyWATS",
    "import pywats, and use one service": f"import pywats; {_CLIENT}.product",
    "from pywats import SyncWATSClient (all services)": "from pywats import SyncWATSClient",
}


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race the import against the import of the three packages pywats is built on."""
    del base_url
    result = CaseResult(
        "Import",
        "The statement alone, in a new interpreter each time, bytecode cached. `import pywats` "
        "loads a name when it is first used; the rows below it are what the names cost that most "
        "programs use. `tests/test_imports.py` shows what is loaded by none of them: anyio's "
        "portal, the SDK, rich, the sandbox, and models and services that are not used.",
        unit="ms",
    )
    with TemporaryDirectory() as cache:
        rows = race(
            {name: partial(timed, statement, cache) for name, statement in _STATEMENTS.items()},
            reference=_REFERENCE,
            rounds=scale.rounds,
        )
    result.tables["new interpreter"] = rows
    ratio = result.row("new interpreter", _OURS).ratio or float("inf")
    result.bars.append(Bar("import", f"at most {_LIMIT:.2f} × the three together", _LIMIT, ratio))
    return result
