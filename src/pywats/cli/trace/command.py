"""The command."""

import re
from dataclasses import asdict
from typing import Annotated

import typer

from pywats.cli.exits import fail
from pywats.cli.picture import PictureFile
from pywats.cli.screen import console, print_json
from pywats.cli.trace.query import JAEGER, TEMPO
from pywats.cli.trace.search import Search, Sighting
from pywats.waterfall import draw_svg, waterfall

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
    wait: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Look until all of it is there.")
    ] = 0.0,
    svg: PictureFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the spans as JSON.")] = False,
) -> None:
    """Print a trace as a waterfall: calls, attempts, retries, timeouts.

    ID is what log lines, errors and the X-Correlation-ID header carry. The trace is looked for in
    the stores that are named, else in Jaeger at http://localhost:16686 and then in Tempo at
    http://localhost:3200. In the JSON, times are nanoseconds and ids 16 hex digits.

        pywats trace d5951251bdb572d1b554301cca3ffa8b --tempo http://tempo:3200

    Spans reach a store seconds after the call. With `--wait` the stores are asked until they have
    the trace with the parent of every span. When the time is over, what there is of it is printed,
    and the exit code is 1:

        pywats trace d5951251bdb572d1b554301cca3ffa8b --wait 30
    """
    if not re.fullmatch(r"[0-9a-fA-F]{32}", trace_id):
        raise typer.BadParameter(
            f"{trace_id!r} is no trace id, which has 32 hex digits; an id that the program set "
            "itself is the attribute pywats.correlation_id of its span",
            param_hint="ID",
        )
    named = ((JAEGER, jaeger), (TEMPO, tempo))
    stores = [(store, url) for store, url in named if url is not None] or list(_HERE)
    search = Search(trace_id.lower(), stores, timeout)
    with console(stderr=True).status(f"Looking for {search.trace_id} …"):
        seen = search.wait(wait)
    if not seen.spans:
        _fail_without_a_trace(search, seen, wait)
    if svg is not None:
        svg.write_text(draw_svg(seen.spans, trace_id=search.trace_id), encoding="utf-8")
    if as_json:
        _print_json(search, seen)
    else:
        console().print(waterfall(seen.spans))
    if wait and not seen.complete:
        names = ", ".join(sorted({span.name for span in seen.orphans}))
        fail(
            f"After {wait:g} s the trace is not complete in {seen.store}: the parent of {names} "
            "is missing. Either it has not ended, or its process exports to another store."
        )


def _print_json(search: Search, seen: Sighting) -> None:
    rows = [
        asdict(span)
        | {
            "span_id": f"{span.span_id:016x}",
            "parent_id": None if span.parent_id is None else f"{span.parent_id:016x}",
        }
        for span in seen.spans
    ]
    found = {"trace_id": search.trace_id, "store": seen.store, "complete": seen.complete}
    print_json({**found, "spans": rows})


def _fail_without_a_trace(search: Search, seen: Sighting, wait: float) -> None:
    waited = f" after {wait:g} s" if wait else ""
    if not seen.answered:
        advice = "Where is the store? Name it with --jaeger URL or --tempo URL."
    else:
        later = "" if wait else " (--wait 30 looks until they are there)"
        advice = (
            f"Spans are exported some seconds after they end{later}, and only those of sampled "
            "traces; pywats doctor checks the way to the collector."
        )
    problems = (f"- {each}" for each in seen.problems)
    fail("\n".join([f"No trace {search.trace_id}{waited}:", *problems, advice]))
