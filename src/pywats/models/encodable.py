"""Find values that cannot be sent: texts that UTF-8 cannot encode, values nested too deeply."""

from collections.abc import Mapping

from pydantic import BaseModel

from pywats import validation

__all__ = ["refuse_too_deep", "refuse_unencodable"]

# pydantic encodes no more levels, to protect the stack of the process.
_DEEPEST = 255


def refuse_too_deep(model: BaseModel, error: Exception) -> None:
    """Refuse a model whose values are nested too deeply for an encoder.

    Args:
        model: The model.
        error: The error of the encoder.

    Raises:
        ValueError: The values are nested too deeply.
    """
    depth = _depth(model)
    if depth > _DEEPEST:
        raise ValueError(
            f"{type(model).__name__}: its values are nested {depth} levels deep, and at most "
            f"{_DEEPEST} can be sent: nest fewer sequences, or other values, in each other"
        ) from error


def _depth(value: object) -> int:
    """Return how many models, mappings and lists are nested in each other, without recursion."""
    deepest = 0
    left = [(value, 1)]
    # A value may contain itself; without this set the loop would not end.
    seen: set[int] = set()
    while left:
        each, depth = left.pop()
        if isinstance(each, BaseModel):
            parts = [*vars(each).values(), *(each.model_extra or {}).values()]
        elif isinstance(each, Mapping):
            parts = list(each.values())
        elif isinstance(each, list | tuple):
            parts = list(each)
        else:
            continue
        if id(each) not in seen:
            seen.add(id(each))
            deepest = max(deepest, depth)
            left += [(part, depth + 1) for part in parts]
    return deepest


def refuse_unencodable(name: str, value: object) -> None:
    """Refuse a value that holds a text with a surrogate, wherever it is.

    Args:
        name: Name of the value, for the error.
        value: A dumped model, or a part of it.

    Raises:
        ValueError: A text cannot be encoded.
    """
    if isinstance(value, str):
        validation.encodable(name, value)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            refuse_unencodable(f"{name}.{key}" if name else str(key), part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            refuse_unencodable(f"{name}[{index}]", part)
