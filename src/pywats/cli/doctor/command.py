"""The command ``pywats doctor``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pywats.cli.doctor.finding import Finding
from pywats.cli.doctor.outbox import check_outbox
from pywats.cli.doctor.server import check_server
from pywats.cli.doctor.settings import check_settings
from pywats.cli.doctor.telemetry import check_telemetry
from pywats.cli.exits import FAILED
from pywats.cli.screen import console, print_json

__all__ = ["doctor"]

_LOOKS = {"ok": "green", "warning": "yellow", "failed": "bold red", "skipped": "dim"}
_WIDE = 70  # columns that the table needs


def doctor(
    *,
    base_url: Annotated[
        str | None, typer.Option(help="Address of the server; else PYWATS_BASE_URL.")
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, help="Seconds for each whole response: server, collector."),
    ] = 5.0,
    outbox: Annotated[
        Path | None,
        typer.Option(
            readable=False, metavar="FOLDER", help="An outbox to look into; else PYWATS_OUTBOX."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check this machine's settings, its server and its collector; say what to do.

    Looked at are the address and credentials in PYWATS_BASE_URL, PYWATS_TOKEN (or
    PYWATS_USERNAME and PYWATS_PASSWORD), limits from the environment, whether the server responds
    and accepts the credentials, TLS, the clock against the server's, the variables of
    OpenTelemetry (OTEL_…), whether the collector takes spans, and how many reports wait in the
    outbox. Nothing is changed anywhere.

    Warnings do not fail the command.
    """
    settings = check_settings(base_url)
    findings = list(settings.findings)
    if settings.endpoint is not None:
        findings += check_server(settings.endpoint, authorized=settings.authorized, timeout=timeout)
    findings += check_telemetry(timeout)
    findings += check_outbox(outbox)
    healthy = not any(finding.level == "failed" for finding in findings)
    if as_json:
        print_json({"ok": healthy, "findings": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    if not healthy:
        raise typer.Exit(FAILED)


def _show(findings: list[Finding]) -> None:
    screen = console()
    if screen.width < _WIDE:
        for each in findings:
            _show_below_each_other(screen, each)
        return
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for width in (8, 18, None):
        table.add_column(min_width=width, overflow="fold")
    for finding in findings:
        look = _LOOKS[finding.level]
        table.add_row(Text(finding.level, style=look), finding.check, Text(finding.found))
        if finding.advice:
            table.add_row("", "", Text(f"→ {finding.advice}", style=look))
    screen.print(table)


def _show_below_each_other(screen: Console, finding: Finding) -> None:
    look = _LOOKS[finding.level]
    screen.print(Text.assemble((finding.level, look), f" {finding.check}"))
    advice = [Text(f"→ {finding.advice}", style=look)] if finding.advice else []
    for text in (Text(finding.found), *advice):
        screen.print(Padding(text, (0, 0, 0, 2)), overflow="fold")
