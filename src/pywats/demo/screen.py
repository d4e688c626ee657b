"""Print the scenes of the demo on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console, Group
from rich.highlighter import RegexHighlighter
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from pywats.demo.story import SCENES
from pywats.terminal import width_of_a_file
from pywats.waterfall import waterfall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import ConsoleOptions, RenderableType, RenderResult

    from pywats.demo.stage import Performance
    from pywats.demo.story import Scene
    from pywats.demo.tracing import Tracing

__all__ = ["make_console", "show_end", "show_scene", "show_start"]

_WIDE = 64  # an id and its brackets fit to the right of time and level, and some words
_LEVELS = {"INFO": "green", "WARNING": "yellow", "ERROR": "red"}


class _Ids(RegexHighlighter):
    """Highlight every 32-digit id in the same style, wherever it appears."""

    base_style = "bold "
    highlights = [r"(?P<cyan>[0-9a-f]{32})"]  # noqa: RUF012 - rich's own form


_ids = _Ids()


def make_console() -> Console:
    """Return the console: as wide as the terminal, or wide enough for a log file."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=width_of_a_file())


def show_start(console: Console, *, traced: bool) -> None:
    """Print what the demo will show."""
    source = (
        "the ids below are OpenTelemetry trace ids"
        if traced
        else "no OpenTelemetry SDK is installed here: the ids below are made by pywats"
    )
    console.print(
        Panel(
            f"[bold]pywats[/] — one id from the log line to the trace; {source}.",
            style="blue",
            expand=False,
        )
    )


def show_scene(console: Console, number: int, scene: Scene, seen: Performance) -> None:
    """Print a scene: the call, its log lines, what the server saw, its trace."""
    parts: list[RenderableType] = [
        Syntax(scene.code, "python", background_color="default", word_wrap=True)
    ]
    if seen.log_lines:
        parts += [_heading("log lines"), *map(_LogLine, seen.log_lines)]
    parts.append(_heading("what the server saw"))
    for position, request in enumerate(seen.requests, start=1):
        status = "no response" if request.status is None else str(request.status)
        parts.append(Text(f"{position}  {request.method} {request.target} → {status}"))
        for name in ("X-Correlation-ID", "traceparent"):
            value = request.header(name)
            if value is not None:
                parts.append(_ids(f"     {name + ':':<18}{value}"))
    if seen.spans:
        parts += [_heading("the trace"), waterfall(seen.spans)]
    if seen.error is not None:
        parts += [_heading("what the caller gets"), _error(seen)]
    console.print(Panel(Group(*parts), title=f"[bold]{number} · {scene.title}", title_align="left"))


class _LogLine:
    """A log line with time and level in columns on its left, or above it on a narrow screen.

    Args:
        line: The line.
    """

    def __init__(self, line: str) -> None:
        time, level, self._rest = line.split(maxsplit=2)
        self._head = (time, Text(level, style=_LEVELS.get(level, "")))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        del console
        table = Table.grid(padding=(0, 1))
        for width in (12, 7, None):
            table.add_column(min_width=width, overflow="fold")
        if options.max_width >= _WIDE:
            table.add_row(*self._head, _ids(self._rest))
            yield table
            return
        table.add_row(*self._head, "")
        yield table
        yield _ids(self._rest)


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="dim italic")


def _error(seen: Performance) -> Text:
    error = seen.error
    return _ids(Text(f"{type(error).__name__}: {error}", style="red"))


def show_end(console: Console, seen: Sequence[Performance], tracing: Tracing | None) -> None:
    """Print how to see the same in Jaeger, and which signals the endpoint accepts."""
    console.print()
    if tracing is None:
        console.print(
            "To see the same calls as traces, run [bold]make demo[/], which adds the "
            "OpenTelemetry SDK."
        )
        return
    console.print("[bold]The same in Jaeger[/]")
    endpoint = tracing.endpoint
    if endpoint is None:
        lines = [
            "docker run --rm -d -p 16686:16686 -p 4318:4318 jaegertracing/jaeger:2.11.0",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 make demo    # prints the links",
        ]
    else:
        lines = [f"{endpoint.host} {tracing.taken.summary or 'was not asked'}"]
        if "TRACES" in tracing.taken.taken:
            host = urlsplit(endpoint.url).hostname
            lines += [
                f"http://{host}:16686/trace/{each.correlation_id}    # {scene.title}"
                for scene, each in zip(SCENES, seen, strict=True)
            ]
    for line in lines:
        console.print(_ids(f"  {line}"), soft_wrap=True)
