"""Make the stub of a module with the synchronous faces of async classes."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pywats.sync.stubs.imports import Imports
from pywats.sync.stubs.members import members_of, reserve_members, type_parameters_of
from pywats.sync.stubs.render import StubClass, render
from pywats.sync.stubs.signatures import Function, Member
from pywats.sync.stubs.source.definitions import definition_of, listed_parameters, parameters_of
from pywats.sync.stubs.source.names import Origin
from pywats.sync.stubs.wrapping import wrap_functions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["face_name", "flat_stub", "followed", "left_async", "stub"]

_FACE = Origin("pywats.sync.faces.face", "SyncFace")


def face_name(of: type) -> str:
    """Return the name of a face: ``SyncMeter`` for ``AsyncMeter`` and for ``Meter``."""
    return f"Sync{of.__name__.removeprefix('Async')}"


def followed(module: str, classes: Sequence[type]) -> list[type]:
    """Return the classes and all async classes that are reachable through their results.

    Classes of the standard library are left out, and also classes whose face would have the name
    of another face; see `left_async`.

    Args:
        module: Full name of the module that the stub is for.
        classes: The async classes to start with.

    Raises:
        ValueError: A class has no Python source, or two have the same name.
    """
    found = list(classes)
    while True:
        names = {face_name(each) for each in found}
        further = {
            face_name(each): each
            for each in left_async(module, found)
            if each.__module__.partition(".")[0] not in sys.stdlib_module_names
            and face_name(each) not in names
        }
        if not further:
            return found
        # Classes of results come first, so that a module can declare their faces before use.
        found = [*further.values(), *found]


def left_async(module: str, classes: Sequence[type]) -> list[type]:
    """Return the async classes in the results of the given classes that would not have a face.

    Args:
        module: Full name of the module that the stub is for.
        classes: The async classes that have faces.

    Raises:
        ValueError: A class has no Python source, or two have the same name.
    """
    imports, _ = _bodies(module, classes)
    return sorted(imports.left_async, key=lambda each: (each.__module__, each.__qualname__))


def stub(module: str, classes: Sequence[type], *, wrap: bool = False) -> str:
    """Return the stub of a module with the face of each class.

    A method that returns an instance of one of the classes returns its face in the stub.

    Args:
        module: Full name of the module that the stub is for.
        classes: The async classes.
        wrap: True adds types for the function `pywats.sync.wrap`, which the module imports.

    Raises:
        ValueError: A class has no Python source, or two have the same name.
    """
    imports, bodies = _bodies(module, classes)
    faces = {each: Origin(module, face_name(each)) for each in classes}
    names = ", ".join(f"{each.__module__}:{each.__qualname__}" for each in classes)
    functions = wrap_functions(classes, imports, faces) if wrap else []
    return render(names, bodies, imports, functions)


def _bodies(module: str, classes: Sequence[type]) -> tuple[Imports, list[StubClass]]:
    imports = Imports(module)
    faces = {each: Origin(module, face_name(each)) for each in classes}
    if len(set(faces.values())) < len(faces):
        raise ValueError(f"two of {[each.__name__ for each in classes]} have the same name")
    for face in faces.values():
        imports.reserve(str(face.attribute))
    reserve_members(classes, imports)
    return imports, [_face(each, imports, faces) for each in classes]


def _face(of: type, imports: Imports, faces: Mapping[type, Origin]) -> StubClass:
    definition = definition_of(of)
    base = imports.name(_FACE, "SyncFace")
    own = imports.class_name(of)
    parameters = parameters_of(of)
    declared = type_parameters_of(definition.node)
    listed = listed_parameters(of)
    bases = [f"{base}[{own}{listed}]"]
    if listed and not declared:
        for each in parameters:
            imports.name(definition.source.origin(each) or Origin(of.__module__, each), each)
        bases.append(f"{imports.name(Origin('typing', 'Generic'), 'Generic')}{listed}")
    members = members_of(of, imports, faces)
    name = f"{face_name(of)}{declared}"
    return StubClass(name, bases, ast.get_docstring(definition.node), members)


def flat_stub(
    module: str,
    name: str,
    methods: Mapping[str, tuple[type, str]],
    *,
    faces: Mapping[type, Origin],
    keyword: tuple[str, Origin],
) -> str:
    """Return the stub of a class that has the methods of several classes.

    Args:
        module: Full name of the module that the stub is for.
        name: Name of the class.
        methods: For each method its async class and its name in that class.
        faces: The synchronous face of each class that is wrapped when it is returned.
        keyword: Name and type of a keyword parameter that is added to each method.

    Raises:
        ValueError: A class has no Python source.
    """
    imports = Imports(module)
    imports.reserve(name)
    added, kind = keyword
    annotation = ast.Name(imports.name(kind, str(kind.attribute)))
    classes = list(dict.fromkeys(each for each, _ in methods.values()))
    reserve_members(classes, imports)
    known = {
        (each, member.name): member
        for each in classes
        for member in members_of(each, imports, faces)
    }
    body = StubClass(name, [], None)
    for flat, (each, method) in methods.items():
        functions = tuple(
            _with_keyword(flat, function, added, annotation)
            for function in known[each, method].functions
        )
        body.members.append(Member(flat, functions, is_method=True))
    origin = ", ".join(f"{each.__module__}:{each.__qualname__}" for each in classes)
    return render(origin, [body], imports)


def _with_keyword(name: str, function: Function, keyword: str, kind: ast.expr) -> Function:
    old = function.arguments
    arguments = ast.arguments(
        posonlyargs=old.posonlyargs,
        args=old.args,
        vararg=old.vararg,
        kwonlyargs=[*old.kwonlyargs, ast.arg(keyword, kind)],
        kw_defaults=[*old.kw_defaults, ast.Constant(...)],
        kwarg=old.kwarg,
        defaults=old.defaults,
    )
    return replace(function, name=name, arguments=arguments)
