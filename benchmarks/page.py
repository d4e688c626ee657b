"""The page ``docs/benchmarks/README.md``, made from the numbers of a run."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.results import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["page", "summary"]

_INTRODUCTION = """\
# Benchmarks

<!-- Made by `make bench` from results.json; do not edit. -->

What pywats costs, beside what one would use in its place. One run measures all competitors:
they take turns, round after round, each round beginning with another one, against one server on
the loopback interface: one thread that sends prebuilt bytes, in a process and on a core of its
own. It costs next to nothing, so that the client is what is measured. A number is the median over
the rounds, with the quartiles in brackets; a ratio is the median of the ratios within the rounds,
so that what disturbs a round disturbs both its terms.

Reproduce it with `make bench` (about 10 minutes); `make bench ARGS="--rounds 5 --growth 100000"`
takes a third of that, and `make bench-smoke` only shows that it works.

![Ratios to the reference of each table](ratios.svg)
"""


def page(found: Mapping[str, Any]) -> str:
    """Return the page in Markdown.

    Args:
        found: Stored results of a run.
    """
    causes = _causes()
    return "\n".join(
        [
            _INTRODUCTION,
            *_machine(found),
            *_bars(found["cases"], causes),
            *(line for case in found["cases"].values() for line in _section(case)),
        ]
    )


def summary(case: Mapping[str, Any]) -> str:
    """Return the outcome of a case for the terminal."""
    if "error" in case:
        return f"crashed: {' '.join(case['error'])}\n"
    lines = []
    for caption, rows in case["tables"].items():
        lines.append(f"{case['title']}: {caption} ({case['unit']})")
        lines += [
            f"  {row['name']:<55} {_number(row['median']):>10}  {_ratio(row)}" for row in rows
        ]
    lines += [f"  {_verdict(bar)}: {bar['text']}: {bar['value']:.3g}" for bar in case["bars"]]
    lines += [f"  {note}" for note in case["notes"]]
    return "\n".join(lines) + "\n"


def _causes() -> dict[str, str]:
    text = Path(__file__).with_name("causes.toml").read_text(encoding="utf-8")
    causes: dict[str, str] = tomllib.loads(text)
    return causes


def _machine(found: Mapping[str, Any]) -> Iterator[str]:
    yield "## The machine\n"
    if found["smoke"]:
        yield "**A shortened run: its numbers mean nothing.**\n"
    yield from (f"- {name}: {value}" for name, value in found["machine"].items())
    yield ""


def _bars(cases: Mapping[str, Any], causes: Mapping[str, str]) -> Iterator[str]:
    yield "## What was demanded, and what was found\n"
    yield "| | demand | limit | found |"
    yield "| --- | --- | ---: | ---: |"
    missed = []
    for case in cases.values():
        for bar in case.get("bars", ()):
            relation = "≥" if bar["at_least"] else "≤"
            yield (
                f"| {_verdict(bar)} | {case['title']}: {bar['text']} "
                f"| {relation} {_significant(bar['limit'])} | {_significant(bar['value'])} |"
            )
            if not Bar(**bar).met:
                missed.append((f"{case['title']}: {bar['text']}", bar["key"]))
    yield ""
    if missed:
        yield "### Why the missed ones are missed\n"
        for text, key in missed:
            yield f"- **{text}.** {causes.get(key, 'The cause is not known yet.')}"
        yield ""


def _section(case: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {case['title']}\n"
    if "error" in case:
        yield f"The case crashed: `{' '.join(case['error'])}`\n"
        return
    yield case["explanation"] + "\n"
    for caption, rows in case["tables"].items():
        yield f"**{caption[:1].upper()}{caption[1:]}**\n"
        yield f"| | {case['unit']} | ratio | failed |"
        yield "| --- | ---: | ---: | ---: |"
        for row in rows:
            spread = f"[{_number(row['low'])} to {_number(row['high'])}]"
            yield (
                f"| {row['name']} | {_number(row['median'])} {spread} "
                f"| {_ratio(row)} | {row['failed']} |"
            )
        yield ""
    if case["notes"]:
        yield from (f"- {note}" for note in case["notes"])
        yield ""


def _verdict(bar: Mapping[str, Any]) -> str:
    return "met" if Bar(**bar).met else "**missed**"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"  # noqa: PLR2004 - three digits


def _significant(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"  # noqa: PLR2004 - four digits


def _ratio(row: Mapping[str, Any]) -> str:
    if row["ratio"] is None:
        return ""
    return f"{row['ratio']:.2f} [{row['ratio_low']:.2f} to {row['ratio_high']:.2f}]"
