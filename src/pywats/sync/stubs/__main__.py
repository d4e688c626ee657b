"""The command ``python -m pywats.sync.stubs``."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from pywats.sync.stubs.files import bring_up_to_date
from pywats.sync.stubs.generate import followed, left_async, stub

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments; the arguments of the process if None.

    Returns:
        The exit status: 0 if the file is up to date or was written, 1 if it is stale, 2 if a
        class cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m pywats.sync.stubs",
        description="Generate the type stub of the synchronous faces of async classes.",
    )
    parser.add_argument(
        "classes", nargs="+", metavar="package.module:AsyncClass", help="an async class"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the .pyi file")
    parser.add_argument(
        "--module", help="name of the module that the stub is for; by default the name of the file"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if the file is stale"
    )
    parser.add_argument(
        "--wrap", action="store_true", help="type the function pywats.sync.wrap for the classes"
    )
    parser.add_argument(
        "--follow",
        action="store_true",
        help="make faces for the classes that results name, too; list them on stderr",
    )
    arguments = parser.parse_args(argv)
    # As with python -m, modules in the current directory can be imported.
    sys.path.insert(0, str(Path.cwd()))
    try:
        classes = [_class(each) for each in arguments.classes]
        module = arguments.module or arguments.output.stem
        named = set(classes)
        if arguments.follow:
            classes = followed(module, classes)
        text = stub(module, classes, wrap=arguments.wrap)
        stay = left_async(module, classes)
    except ValueError as error:
        parser.exit(2, f"{parser.prog}: error: {error}\n")
    _tell("followed, declare their faces too", [each for each in classes if each not in named])
    hint = "" if arguments.follow else " (name them too, or use --follow)"
    _tell(f"without a face, their instances stay async{hint}", stay)
    return bring_up_to_date({arguments.output: text}, check=arguments.check)


def _tell(what: str, classes: list[type]) -> None:
    if classes:
        names = ", ".join(f"{each.__module__}:{each.__qualname__}" for each in classes)
        print(f"{what}: {names}", file=sys.stderr)  # noqa: T201 - the output of a command


def _class(name: str) -> type:
    module_name, _, class_name = name.partition(":")
    if not class_name:
        raise ValueError(f"{name!r}: write it as package.module:AsyncClass")
    try:
        found: object = importlib.import_module(module_name)
    except ImportError as error:
        raise ValueError(f"{name!r}: cannot import {module_name}: {error}") from error
    for part in class_name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise ValueError(  # noqa: TRY004 - a wrong argument of a command
            f"{name!r}: {module_name} has no class {class_name}"
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
