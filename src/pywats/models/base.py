"""Base classes of the models: received fields are sent back unchanged.

A WATS server may know more fields than this package. A model keeps them, and
`WATSModel.to_wire_json` sends the fields that the server sent (including unknown fields and
explicit nulls) and the fields that were set since, but no others. A field that the program sets
must be known: a misspelt field would be lost.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
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
from pydantic_core import PydanticSerializationError

from pywats.models.encodable import refuse_too_deep, refuse_unencodable
from pywats.models.unknown_fields import python_names, received_fields, unknown_fields

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
        # UUID is immutable: it blocks ordinary assignment.
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


def _is_field(model: type[BaseModel], name: str) -> bool:
    return name in model.model_fields or name in python_names(model)


def _refuse(model: type[BaseModel], names: list[str]) -> None:
    if names:
        raise unknown_fields(model, names)


class WATSModel(BaseModel):
    """Base of the models of the public API, whose wire names are camelCase.

    Fields can be given and assigned by their Python names or their wire names, and are read by
    their Python names. Unknown fields are kept and sent back if they came in JSON or through
    ``model_validate``; as a keyword argument or an attribute they are refused.

    Raises:
        UnknownFieldError: A keyword argument or an assigned attribute is not a field.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        validate_assignment=True,
        # JSON cannot express NaN and the infinities. As null they would be lost, or would erase the
        # value on the server.
        ser_json_inf_nan="strings",
    )

    if not TYPE_CHECKING:
        # Hidden from type checkers, which use pydantic's own signature: this one accepts any name.

        def __init__(self, /, **data: object) -> None:
            _refuse(type(self), [name for name in data if not _is_field(type(self), name)])
            super().__init__(**data)
            found = [each for name in data for each in self._unknown_in(name, data[name])]
            for model, name in found:
                _refuse(type(model), [name])

        # Without this mark pydantic calls __init__ for models inside JSON too, where unknown
        # fields are kept. tests/models/test_unknown_fields.py guards it.
        __init__.__pydantic_base_init__ = True

        def __setattr__(self, name: str, value: object) -> None:
            kind = type(self)
            known = name in kind.model_fields or name.startswith("_")
            # Without this, a wire name would be kept as an unknown field and be sent in addition to
            # the known field.
            field = name if known else python_names(kind).get(name, name)
            if not known and field == name and name not in (self.model_extra or {}):
                _refuse(kind, [name])
            if not isinstance(value, Mapping | list | tuple):
                super().__setattr__(field, value)
                return
            before, were_set = self.__dict__.copy(), self.model_fields_set.copy()
            super().__setattr__(field, value)
            for model, unknown in self._unknown_in(field, value):
                self.__dict__.clear()
                self.__dict__.update(before)
                self.model_fields_set.intersection_update(were_set)
                _refuse(type(model), [unknown])

    def _unknown_in(self, name: str, value: object) -> list[tuple[BaseModel, str]]:
        made = getattr(self, python_names(type(self)).get(name, name))
        return list(received_fields(value, made))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, as pydantic does.

        Args:
            update: New values by the Python or wire names of their fields. Pydantic does not check
                these values; to have them checked, assign them to the copy instead.
            deep: Whether to copy the values too.

        Raises:
            UnknownFieldError: A name is not a field.
        """
        kind = type(self)
        extra = self.model_extra or {}
        _refuse(
            kind, [name for name in update or {} if not (_is_field(kind, name) or name in extra)]
        )
        renamed = {python_names(kind).get(name, name): new for name, new in (update or {}).items()}
        return super().model_copy(update=renamed, deep=deep)

    def __repr_args__(self) -> "Iterable[tuple[str | None, Any]]":
        # Fields that are None are not shown: a report header has fifty fields, most of them None.
        return ((name, value) for name, value in super().__repr_args__() if value is not None)

    def to_wire_json(self) -> bytes:
        """Encode the fields that were received or set, by their wire names.

        Returns:
            A JSON object in UTF-8. Fields that were neither received nor set are absent; fields
            that were received or set as None are null. A number that JSON cannot express is a text:
            ``NaN``, ``Infinity``, ``-Infinity``.

        Raises:
            ValueError: UTF-8 cannot encode a text, because it holds a surrogate; or the values are
                nested more than 255 levels deep, such as 127 sequences in each other.
        """
        try:
            return self.model_dump_json(by_alias=True, exclude_unset=True).encode()
        except PydanticSerializationError as error:
            # Its message does not say which field it is.
            refuse_too_deep(self, error)
            refuse_unencodable("", self.model_dump(exclude_unset=True, warnings=False))
            raise


class RenamedModel(WATSModel):
    """Base of the models that read a field under more than one wire name.

    A received field is sent back under the name under which it was received.
    """

    _received: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _note_names(
        cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        model = handler(data)
        if isinstance(data, dict):
            # Outside JSON, a key that is a Python name is a keyword argument, not a received name.
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
    def _use_received_names(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Typed as object, not JsonValue: model_dump keeps times and ids, and pydantic would warn.
        dumped: dict[str, object] = handler(self)
        if not self._received:
            return dumped
        return {self._received.get(name, name): value for name, value in dumped.items()}


class InternalModel(WATSModel):
    """Base of the models of the internal API, whose wire names are PascalCase."""

    model_config = ConfigDict(alias_generator=to_pascal)
