"""The base of all models: what came over the wire goes back unchanged.

A WATS server may know more fields than this package. A model keeps them, and
`WATSModel.to_wire_json` sends the fields that the server sent (unknown ones
and explicit nulls included) plus those that were set since, and no other.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    JsonValue,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel, to_pascal

__all__ = ["InternalModel", "ReceivedUUID", "RenamedModel", "WATSModel", "WireUUID"]


class ReceivedUUID(UUID):
    """A UUID that prints as the server wrote it, for example in upper case.

    It is equal to the plain UUID of the same value.

    Args:
        text: The text from the wire.
    """

    __slots__ = ("_text",)

    _text: str

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # UUID blocks ordinary assignment to stay immutable.
        object.__setattr__(self, "_text", text)

    def __str__(self) -> str:
        return self._text

    def __reduce__(self) -> "tuple[type[ReceivedUUID], tuple[str]]":
        return (type(self), (self._text,))


def _keep_text(value: object, handler: Callable[[object], UUID]) -> UUID:
    checked = handler(value)
    if isinstance(value, str) and value != str(checked):
        return ReceivedUUID(value)
    return checked


WireUUID = Annotated[
    UUID,
    WrapValidator(_keep_text),
    PlainSerializer(str, return_type=str, when_used="json"),
]
"""A UUID whose text form survives a read-modify-write."""


@cache
def _python_names(model: type[BaseModel]) -> dict[str, str]:
    """Return the Python names of the fields of a model by the wire names that differ."""
    found: dict[str, str] = {}
    for field_name, info in model.model_fields.items():
        read = info.validation_alias
        wire_names = read.choices if isinstance(read, AliasChoices) else [read]
        for wire_name in (*wire_names, info.serialization_alias):
            if isinstance(wire_name, str) and wire_name not in model.model_fields:
                found[wire_name] = field_name
    return found


class WATSModel(BaseModel):
    """Base of the models of the public API, whose wire names are camelCase.

    Fields can be given and assigned by their Python names or their wire names, and are read by
    their Python names. Fields that this package does not know are kept and sent back.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        validate_assignment=True,
        # JSON has no such numbers. As null they would be lost, or erase what the server has.
        ser_json_inf_nan="strings",
    )

    if not TYPE_CHECKING:
        # To a type checker it would say that there may be any attribute.
        def __setattr__(self, name: str, value: object) -> None:
            # A wire name would be kept as an unknown field, and be sent beside the known one.
            super().__setattr__(_python_names(type(self)).get(name, name), value)

    def to_wire_json(self) -> bytes:
        """Encode the fields that were received or set, by their wire names.

        Returns:
            A JSON object in UTF-8. Fields that were never received nor set are absent; those
            that are None because they were received or set so are null. A number that JSON cannot
            write is a text: ``NaN``, ``Infinity``, ``-Infinity``.
        """
        return self.model_dump_json(by_alias=True, exclude_unset=True).encode()


class RenamedModel(WATSModel):
    """Base of the models that read a field under more than one wire name.

    The name that was received is the name that is sent back.
    """

    _received: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _note_names(
        cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        model = handler(data)
        if isinstance(data, dict):
            # Outside JSON a key that is the Python name is a keyword argument.
            names = set(data) if info.mode == "json" else set(data) - cls.model_fields.keys()
            model._received = cls._names_in(names)  # noqa: SLF001 - its own class
        return model

    @classmethod
    def _names_in(cls, names: set[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for field_name, info in cls.model_fields.items():
            if isinstance(info.validation_alias, AliasChoices):
                for choice in info.validation_alias.choices:
                    if isinstance(choice, str) and choice in names:
                        found[info.serialization_alias or field_name] = choice
                        break
        return found

    @model_serializer(mode="wrap")
    def _use_received_names(self, handler: SerializerFunctionWrapHandler) -> dict[str, JsonValue]:
        dumped: dict[str, JsonValue] = handler(self)
        if not self._received:
            return dumped
        return {self._received.get(name, name): value for name, value in dumped.items()}


class InternalModel(WATSModel):
    """Base of the models of the internal API, whose wire names are PascalCase."""

    model_config = ConfigDict(alias_generator=to_pascal)
