r"""Extract the parts of the vendor's OpenAPI files that tests and the coverage page need.

The files have 1.4 MB, most of it prose. The extract in `tests/openapi/` keeps verbs, paths,
parameters, body schemas and the definitions that they name, to validate requests against.

    python scripts/extract_openapi.py ../shared/wats/openapi_public.json \
        ../shared/wats/openapi_internal.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pywats.sync.stubs import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).parent.parent / "tests" / "openapi"
# The controllers of the internal API that the nine services use.
INTERNAL = (
    "App/MeasurementList",
    "App/StepStatusList",
    "App/TopFailed",
    "Blob/Asset",
    "Distribution/Multi/VirtualFolders",
    "Distribution/VirtualFolder",
    "Mes/GetUnitPhases",
    "Mes/PostVirtualFolder",
    "Process/Get",
    "Product/",
    "ProductSelection/",
    "Production/",
    "Software/",
    "Trigger/GetAlarmAndNotificationLogs",
    "UnitFlow",
)
PROSE = {"description", "summary", "example", "x-nullable", "title"}


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Extract what tests need from the API files.")
    parser.add_argument("public", type=Path)
    parser.add_argument("internal", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    arguments = parser.parse_args()
    prefixes = tuple(f"/api/internal/{name}" for name in INTERNAL)
    files = {
        TARGET / "public.json": text(extract(arguments.public, ("/api/",))),
        TARGET / "internal.json": text(extract(arguments.internal, prefixes)),
    }
    return bring_up_to_date(files, check=arguments.check)


def extract(source: Path, prefixes: tuple[str, ...]) -> dict[str, Any]:
    """Return the operations whose path starts with one of the prefixes, and their definitions."""
    document = json.loads(source.read_text(encoding="utf-8"))
    paths = {
        path: {verb: operation(details) for verb, details in sorted(operations.items())}
        for path, operations in sorted(document["paths"].items())
        if path.startswith(prefixes)
    }
    definitions: dict[str, Any] = {}
    wanted = set(references(paths))
    while wanted:
        name = wanted.pop()
        definitions[name] = without_prose(document["definitions"][name])
        wanted |= set(references(definitions[name])) - definitions.keys()
    return {"paths": paths, "definitions": dict(sorted(definitions.items()))}


def operation(details: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters and the body of a request, and the declared response."""
    kept: dict[str, Any] = {
        "parameters": [parameter(each) for each in details.get("parameters", [])]
    }
    if "OData" in details.get("description", ""):
        # The files describe the options ($filter, $top, ...) in prose, but do not declare them.
        kept["odata"] = True
    response = details["responses"].get("200", {}).get("schema")
    return kept | ({"answer": without_prose(response)} if response else {})


def parameter(details: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter."""
    kept: dict[str, Any] = without_prose(details)
    # The files list only single flags; the description says that flags can be combined.
    return kept | ({"flags": True} if "(Flags)" in details.get("description", "") else {})


def without_prose(node: Any) -> Any:
    """Return the node without descriptions and examples, unless a property has such a name."""
    if isinstance(node, list):
        return [without_prose(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: without_prose(value) for name, value in each.items()}
        if key == "properties"
        else without_prose(each)
        for key, each in node.items()
        if key not in PROSE
    }


def references(node: Any) -> Iterator[str]:
    """Yield the names of all definitions that the node refers to."""
    if isinstance(node, list):
        for each in node:
            yield from references(each)
    elif isinstance(node, dict):
        for key, each in node.items():
            if key == "$ref":
                yield each.removeprefix("#/definitions/")
            else:
                yield from references(each)


def text(document: dict[str, Any]) -> str:
    """Return the text of an extract, one operation and one definition a line."""
    lines = ["{"]
    for section, members in document.items():
        rows = [
            f"  {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}"
            for key, value in members.items()
        ]
        lines += [f'"{section}": {{', ",\n".join(rows), "}," if section == "paths" else "}"]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    sys.exit(main())
