"""Unknown field names: find them in the arguments of a caller, and make the error."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pydantic import AliasChoices, BaseModel
from pydantic.alias_generators import to_snake

__all__ = ["UnknownFieldError", "python_names", "received_fields", "unknown_fields"]


@cache
def python_names(model: type[BaseModel]) -> dict[str, str]:
    """Return the Python names of the fields of a model by the wire names that differ."""
    found: dict[str, str] = {}
    for field_name, info in model.model_fields.items():
        read = info.validation_alias
        wire_names = read.choices if isinstance(read, AliasChoices) else [read]
        for wire_name in (*wire_names, info.serialization_alias):
            if isinstance(wire_name, str) and wire_name not in model.model_fields:
                found[wire_name] = field_name
    return found


class UnknownFieldError(AttributeError, ValueError):
    """A program gave a model a field that the model does not have.

    Unknown fields in JSON from the server are kept; a program that gives one has most likely
    misspelt it, and the value would be lost on the server.

    What to do: use the name that the message suggests. A field that this version of the package
    does not know yet can be added to ``model_extra``, under its name on the wire.
    """


def unknown_fields(model: type[BaseModel], names: Iterable[str]) -> UnknownFieldError:
    """Return the error that names unknown fields and the nearest names that the model has."""
    known = list(model.model_fields)
    found = "; ".join(f"{name!r}{_suggestion(name, known)}" for name in names)
    return UnknownFieldError(f"{model.__name__} has no field {found}")


def _suggestion(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - every program would wait for it

    near = get_close_matches(to_snake(name), known, n=1)
    if near:
        return f": did you mean {near[0]!r}?"
    parts = [each for each in known if to_snake(name) in each or each in to_snake(name)]
    if len(parts) == 1:
        return f": did you mean {parts[0]!r}?"
    return f": its fields are {', '.join(known)}"


def received_fields(given: object, made: object) -> Iterator[tuple[BaseModel, str]]:
    """Yield the unknown fields that models got from mappings.

    Args:
        given: A value as the caller gave it. Models in it are skipped: their unknown fields may
            have come from the server.
        made: The validated value.

    Yields:
        The model and the name.
    """
    if isinstance(given, Mapping) and isinstance(made, BaseModel):
        for name in made.model_extra or {}:
            yield made, name
        fields = python_names(type(made))
        for key, value in given.items():
            yield from received_fields(value, getattr(made, fields.get(str(key), str(key)), None))
    elif isinstance(given, list | tuple) and isinstance(made, list):
        for one, other in zip(given, made, strict=False):
            yield from received_fields(one, other)
