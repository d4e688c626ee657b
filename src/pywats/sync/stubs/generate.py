"""Make the stub of a module with the synchronous faces of async classes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pywats.sync.stubs.members import Function, Member, members_of
from pywats.sync.stubs.names import Imports, Origin, source_of
from pywats.sync.stubs.render import StubClass, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["face_name", "flat_stub", "stub"]

_FACE = Origin("pywats.sync.face", "SyncFace")


def face_name(of: type) -> str:
    """Return the name of a face: ``SyncMeter`` for ``AsyncMeter`` and for ``Meter``."""
    return f"Sync{of.__name__.removeprefix('Async')}"


def stub(module: str, classes: Sequence[type]) -> str:
    """Return the stub of a module with the face of each class.

    A method that returns an instance of one of the classes returns its face in the stub.

    Args:
        module: Full name of the module that the stub is for.
        classes: The async classes.

    Raises:
        ValueError: A class has no Python source, or two have the same name.
    """
    imports = Imports(module)
    faces = {each: Origin(module, face_name(each)) for each in classes}
    if len(set(faces.values())) < len(faces):
        raise ValueError(f"two of {[each.__name__ for each in classes]} have the same name")
    for face in faces.values():
        imports.reserve(str(face.attribute))
    bodies: list[StubClass] = []
    for each in classes:
        base = imports.name(_FACE, "SyncFace")
        own = imports.name(Origin(each.__module__, each.__name__), each.__name__)
        parameters = [parameter.__name__ for parameter in getattr(each, "__parameters__", ())]
        bases = [f"{base}[{own}]"]
        name = face_name(each)
        if parameters:
            source = source_of(each.__module__)
            definition = source.class_definition(each.__qualname__)
            listed = ", ".join(parameters)
            bases = [f"{base}[{own}[{listed}]]"]
            declared = getattr(definition, "type_params", None)
            if declared:
                # class Meter[T], since Python 3.12: the parameters belong to the class.
                name += f"[{', '.join(ast.unparse(each) for each in declared)}]"
            else:
                for parameter in parameters:
                    origin = source.origin(parameter) or Origin(each.__module__, parameter)
                    imports.name(origin, parameter)
                generic = imports.name(Origin("typing", "Generic"), "Generic")
                bases.append(f"{generic}[{listed}]")
        members = members_of(each, imports, faces)
        documentation = ast.get_docstring(
            source_of(each.__module__).class_definition(each.__qualname__)
        )
        bodies.append(StubClass(name, bases, documentation, members))
    names = ", ".join(f"{each.__module__}:{each.__qualname__}" for each in classes)
    return render(names, bodies, imports)


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
        methods: For each method its async class and its name there.
        faces: The synchronous face of each class that is wrapped when it is returned.
        keyword: Name and type of a keyword that each method takes besides its own.

    Raises:
        ValueError: A class has no Python source.
    """
    imports = Imports(module)
    imports.reserve(name)
    added, kind = keyword
    annotation = ast.Name(imports.name(kind, str(kind.attribute)))
    classes = list(dict.fromkeys(each for each, _ in methods.values()))
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
    return Function(name, arguments, function.result, function.documentation, function.decorators)
