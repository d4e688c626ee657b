"""The command."""

import re
from dataclasses import asdict
from typing import Annotated

import typer

from pywats.cli.exits import fail
from pywats.cli.screen import console, print_json
from pywats.cli.trace.query import JAEGER, TEMPO, Store, StoreError
from pywats.waterfall import waterfall

__all__ = ["trace"]

_HERE = ((JAEGER, "http://localhost:16686"), (TEMPO, "http://localhost:3200"))


def trace(
    trace_id: Annotated[
        str, typer.Argument(metavar="ID", help="Trace id: the correlation id of a traced call.")
    ],
    *,
    jaeger: Annotated[str | None, typer.Option(metavar="URL", help="Jaeger's query API.")] = None,
    tempo: Annotated[str | None, typer.Option(metavar="URL", help="Tempo's query API.")] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for an answer.")] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the spans as JSON.")] = False,
) -> None:
    """Print a trace as a waterfall: calls, attempts, retries, timeouts.

    ID is what log lines, errors and the X-Correlation-ID header carry. The trace is looked for in
    the stores that are named, else in Jaeger at http://localhost:16686 and then in Tempo at
    http://localhost:3200. In the JSON, times are nanoseconds and ids 16 hex digits.

        pywats trace d5951251bdb572d1b554301cca3ffa8b --tempo http://tempo:3200
    """
    if not re.fullmatch(r"[0-9a-fA-F]{32}", trace_id):
        raise typer.BadParameter(
            f"{trace_id!r} is no trace id, which has 32 hex digits; an id that the program set "
            "itself is the attribute pywats.correlation_id of its span",
            param_hint="ID",
        )
    named = ((JAEGER, jaeger), (TEMPO, tempo))
    stores = [(store, url) for store, url in named if url is not None] or list(_HERE)
    _find(trace_id.lower(), stores, timeout, as_json=as_json)


def _find(trace_id: str, stores: list[tuple[Store, str]], timeout: float, *, as_json: bool) -> None:
    problems = []
    for store, url in stores:
        try:
            spans = store.find(url, trace_id, timeout)
        except StoreError as error:
            problems.append(str(error))
            continue
        if not spans:
            problems.append(f"{store.name} at {url} does not know it")
        elif as_json:
            rows = [
                asdict(span)
                | {
                    "span_id": f"{span.span_id:016x}",
                    "parent_id": None if span.parent_id is None else f"{span.parent_id:016x}",
                }
                for span in spans
            ]
            print_json({"trace_id": trace_id, "store": store.name, "spans": rows})
            return
        else:
            console().print(waterfall(spans))
            return
    advice = (
        "Spans are exported some seconds after they end, and only those of sampled traces; "
        "pywats doctor checks the way to the collector."
    )
    fail("\n".join([f"No trace {trace_id}:", *(f"- {each}" for each in problems), advice]))
