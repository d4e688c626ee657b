"""The command ``pywats trace``."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from pywats import validation
from pywats.cli.exits import fail
from pywats.cli.picture import PictureFile
from pywats.cli.screen import console, print_json, print_text
from pywats.cli.trace.ask import StoreError
from pywats.cli.trace.found import ATTRIBUTE
from pywats.cli.trace.listing import print_found
from pywats.cli.trace.loki import ALL_SERVICES, log_lines
from pywats.cli.trace.own_id import OwnIdSearch, Sightings
from pywats.cli.trace.query import JAEGER, TEMPO, Store
from pywats.cli.trace.search import Search, Sighting
from pywats.waterfall import LogRecord, draw_svg, waterfall

__all__ = ["trace"]

_WHERE = "Where is the store? Name it with --jaeger URL or --tempo URL."
_HERE = ((JAEGER, "http://localhost:16686"), (TEMPO, "http://localhost:3200"))


def trace(
    trace_id: Annotated[
        str, typer.Argument(metavar="ID", help="Trace id, or an id that the program has set.")
    ],
    *,
    jaeger: Annotated[str | None, typer.Option(metavar="URL", help="Jaeger's query API.")] = None,
    tempo: Annotated[str | None, typer.Option(metavar="URL", help="Tempo's query API.")] = None,
    loki: Annotated[str | None, typer.Option(metavar="URL", help="Loki, for log lines.")] = None,
    loki_selector: Annotated[
        str | None, typer.Option(metavar="LOGQL", help="Streams of Loki to look in, else all.")
    ] = None,
    hours: Annotated[
        float, typer.Option(min=0.1, max=168, help="How far back to look for an id of your own.")
    ] = 24.0,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Limit of each request in seconds.")
    ] = 5.0,
    wait: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Look until the trace is complete.")
    ] = 0.0,
    svg: PictureFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the spans as JSON.")] = False,
) -> None:
    """Print a trace as a waterfall: calls, attempts, retries, timeouts.

    ID is what log lines, errors and the X-Correlation-ID header carry. The trace is searched in
    the stores that are named, else in Jaeger at http://localhost:16686 and then in Tempo at
    http://localhost:3200. In the JSON, times are nanoseconds and ids 16 hex digits.

        pywats trace d5951251bdb572d1b554301cca3ffa8b --tempo http://tempo:3200

    Spans reach a store seconds after the call. With `--wait` the stores are asked until they have
    the trace with the parent of every span. When the time is over, what there is of it is printed,
    and the exit code is 1:

        pywats trace d5951251bdb572d1b554301cca3ffa8b --wait 30

    An id that the program has set itself (`with correlation_id("job-42"):`) is looked up in the
    stores. If it has one trace, that is printed, else a list, the newest first. With `--loki` the
    log lines of the trace stand between the bars, by their time:

        pywats trace job-42 --tempo http://tempo:3200 --loki http://loki:3100
    """
    try:
        validation.correlation_id_text("ID", trace_id)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="ID") from error
    named = ((JAEGER, jaeger), (TEMPO, tempo))
    stores = [(store, url) for store, url in named if url is not None] or list(_HERE)
    search, seen = _found(trace_id, stores, hours, timeout, wait, as_json=as_json)
    logs, problem = _logs(loki, loki_selector or ALL_SERVICES, search, seen)
    if svg is not None:
        picture = draw_svg(seen.spans, trace_id=search.trace_id, logs=logs)
        svg.write_text(picture, encoding="utf-8")
    if as_json:
        _print_json(search, seen, logs if loki is not None else None)
    else:
        if search.trace_id != trace_id.lower():
            print_text(f"{trace_id}: trace {search.trace_id}")
        console().print(waterfall(seen.spans, logs))
    if problem:
        fail(problem)
    if wait and not seen.complete:
        names = ", ".join(sorted({span.name for span in seen.orphans}))
        fail(
            f"After {wait:g} s the trace is not complete in {seen.store}: the parent of {names} "
            "is missing. Either it has not ended, or its process exports to another store."
        )


def _found(
    given: str,
    stores: Sequence[tuple[Store, str]],
    hours: float,
    timeout: float,
    wait: float,
    *,
    as_json: bool,
) -> tuple[Search, Sighting]:
    """Return the trace of an id, or end the command: with a list, or with the reason."""
    own = OwnIdSearch(given, stores, hours, timeout)
    with console(stderr=True).status(f"Looking for {given} …"):
        if re.fullmatch(r"[0-9a-fA-F]{32}", given):
            search = Search(given.lower(), stores, timeout)
            seen = search.wait(wait)
            # A program may set 32 hex digits itself: a UUID.
            if seen.spans or not seen.responded or not (owned := own.look()).found:
                return _checked(search, seen, wait)
        else:
            owned = own.wait(wait)
    if owned.store is None:
        _fail_without_own(given, owned, wait, hours)
    newest, *others = owned.found
    if others:
        print_found(given, owned.store[0].name, owned.found, as_json=as_json)
        raise typer.Exit
    search = Search(newest.trace_id, [owned.store], timeout)
    with console(stderr=True).status(f"Looking for {search.trace_id} …"):
        return _checked(search, search.wait(wait), wait)


def _checked(search: Search, seen: Sighting, wait: float) -> tuple[Search, Sighting]:
    if not seen.spans:
        _fail_without_a_trace(search, seen, wait)
    return search, seen


def _logs(
    loki: str | None, selector: str, search: Search, seen: Sighting
) -> tuple[list[LogRecord], str]:
    """Return the log lines of a trace, and the problem if there are no lines."""
    if loki is None:
        return [], ""
    try:
        lines = log_lines(loki, search.trace_id, seen.spans, selector, search.timeout)
    except StoreError as error:
        return [], f"No log lines: {error}"
    if lines:
        return lines, ""
    return [], f"No log lines: Loki has none with {search.trace_id} in the streams {selector}"


def _print_json(search: Search, seen: Sighting, logs: Sequence[LogRecord] | None) -> None:
    rows = [
        asdict(span)
        | {
            "span_id": f"{span.span_id:016x}",
            "parent_id": None if span.parent_id is None else f"{span.parent_id:016x}",
        }
        for span in seen.spans
    ]
    found: dict[str, object] = {
        "trace_id": search.trace_id,
        "store": seen.store,
        "complete": seen.complete,
        "spans": rows,
    }
    if logs is not None:
        found["logs"] = [
            asdict(line) | {"span_id": None if line.span_id is None else f"{line.span_id:016x}"}
            for line in logs
        ]
    print_json(found)


def _fail_without_own(own_id: str, seen: Sightings, wait: float, hours: float) -> NoReturn:
    waited = f" after {wait:g} s" if wait else ""
    if not seen.responded:
        advice = _WHERE
    else:
        advice = (
            f"An id that is not a trace id (32 hex digits) is looked for in the attribute "
            f"{ATTRIBUTE} of the last {hours:g} hours (--hours), and only sampled traces have it."
        )
    problems = (f"- {each}" for each in seen.problems)
    fail("\n".join([f"No trace of {own_id}{waited}:", *problems, advice]))


def _fail_without_a_trace(search: Search, seen: Sighting, wait: float) -> None:
    waited = f" after {wait:g} s" if wait else ""
    if not seen.responded:
        advice = _WHERE
    else:
        later = "" if wait else " (--wait 30 looks until they are there)"
        advice = (
            f"Spans are exported some seconds after they end{later}, and only spans of sampled "
            "traces; pywats doctor checks the way to the collector."
        )
    problems = (f"- {each}" for each in seen.problems)
    fail("\n".join([f"No trace {search.trace_id}{waited}:", *problems, advice]))
