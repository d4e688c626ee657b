"""Find texts that cannot be sent, because UTF-8 cannot encode them."""

from collections.abc import Mapping

from pywats import validation

__all__ = ["refuse_unencodable"]


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
