"""Bring the type stubs of the synchronous faces up to date.

python scripts/generate_type_stubs.py           # write what has changed
python scripts/generate_type_stubs.py --check   # write nothing; exit with 1 if a stub is stale
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pywats.client
from pywats.client.registry import PREFIXED, SERVICES, NameClashError, flat_names
from pywats.services import BoxBuildTemplate
from pywats.sync.stubs import Origin, bring_up_to_date, face_name, flat_stub, stub

FACES_MODULE = "pywats.client.sync_services"
FLAT_MODULE = "pywats.client.flat_methods"
TIMEOUT = ("timeout", Origin("pywats.validation", "TimeoutOption"))


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Generate the type stubs of the sync faces.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    arguments = parser.parse_args()
    folder = Path(pywats.client.__file__).parent
    classes = [BoxBuildTemplate, *SERVICES.values()]
    try:
        names = flat_names(SERVICES, PREFIXED)
    except NameClashError as error:
        parser.exit(2, f"{parser.prog}: error: {error}\n")
    methods = {name: (SERVICES[service], method) for name, (service, method) in names.items()}
    faces = {each: Origin(FACES_MODULE, face_name(each)) for each in classes}
    files = {
        folder / "sync_services.pyi": stub(FACES_MODULE, classes),
        folder / "flat_methods.pyi": flat_stub(
            FLAT_MODULE, "FlatMethods", methods, faces=faces, keyword=TIMEOUT
        ),
    }
    return bring_up_to_date(files, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
