"""State of a client that views, copies and pickles take over: only its settings.

A client keeps its settings in plain attributes. The objects that it makes from them (endpoint,
connections, engine, services) are in cached properties. An unpickled client makes these objects
when it is first used, so it can pass through a broker or a scheduler whose environment does not
name a server. If the environment of a worker does not name a server either, the error is raised in
the task, not while the task is unpickled: `multiprocessing.Pool` hangs without a message if
unpickling fails.
"""

from __future__ import annotations

import ssl
from dataclasses import fields
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "INSTRUMENTATION",
    "address_of",
    "check_assignment",
    "copy_of",
    "portable_settings_of",
    "refuse_unpicklable",
    "settings_of",
]

C = TypeVar("C")

INSTRUMENTATION: Final = "_instrumentation"
"""Name of the attribute with a client's providers; the class attribute has the global ones."""

_ACCOUNT = frozenset({"base_url", "token", "username", "password"})


def settings_of(client: object) -> dict[str, object]:
    """Return the attributes of a client that are settings."""
    kind = type(client)
    # Copied before the loop: another thread may use a service for the first time, which adds an
    # attribute.
    return {
        name: value
        for name, value in vars(client).copy().items()
        if not isinstance(getattr(kind, name, None), cached_property)
    }


def portable_settings_of(client: object) -> dict[str, object]:
    """Return the settings that a pickle contains: all except the providers.

    A provider has threads and connections, which belong to this process.
    """
    settings = settings_of(client)
    settings.pop(INSTRUMENTATION, None)
    return settings


def copy_of(client: C) -> C:
    """Return an independent client with the same settings, for the same server and user."""
    other = object.__new__(type(client))
    vars(other).update(settings_of(client))
    if "_endpoint" in vars(client):
        # The endpoint is copied: the environment may have changed since it was made.
        vars(other)["_endpoint"] = vars(client)["_endpoint"]
    return other


def address_of(client: object) -> str:
    """Return the address of the server, or the variable that it will be read from."""
    state = vars(client)
    if "_endpoint" in state:
        return str(state["_endpoint"].base_url)
    return state["_account"].base_url or "$PYWATS_BASE_URL"


def check_assignment(client: object, kind: type, name: str) -> None:
    """Raise if setting an attribute of a client would have no effect.

    Private attributes can be set, and services too, for tests. A subclass may have attributes of
    its own, but not with the name of a setting.

    Args:
        client: The client.
        kind: The class of this package that it is an instance of.
        name: Name of the attribute.

    Raises:
        AttributeError: The attribute is a setting, or neither the class nor a subclass has it.
    """
    if name.startswith("_"):
        return
    options = getattr(kind, "with_options", None)
    if options is not None and name in signature(options).parameters:
        advice = f"with_options({name}=…) returns a client with another {name}"
    elif name in signature(kind).parameters or name in _ACCOUNT:
        advice = f"make a client with another {name}"
    elif hasattr(type(client), name) or type(client) is not kind:
        return
    else:
        raise AttributeError(
            f"{kind.__name__!r} object has no attribute {name!r}", name=name, obj=client
        )
    raise AttributeError(
        f"{name!r} of a {kind.__name__} cannot be changed: {advice}", name=name, obj=client
    )


def refuse_unpicklable(*parts: DataclassInstance | None) -> None:
    """Raise if a setting cannot be pickled, such as a function defined in another function.

    The check uses `pickle` even if the caller is cloudpickle, which can include such functions: a
    client that can be pickled then works with every way to start workers.

    Args:
        parts: Objects whose fields are settings; None is skipped.

    Raises:
        TypeError: A setting cannot be pickled; the message names it.
    """
    # Imported here: few programs pickle a client.
    import pickle  # noqa: PLC0415

    for part in parts:
        for field in () if part is None else fields(part):
            value = getattr(part, field.name)
            try:
                pickle.dumps(value)
            except Exception as error:
                raise TypeError(
                    f"cannot pickle the client with {field.name}={value!r} ({error}): "
                    f"{_advice(value)}, or make a client in each process"
                ) from error


def _advice(value: object) -> str:
    if isinstance(value, ssl.SSLContext):
        return "leave verify_ssl=True and name the certificates to trust in SSL_CERT_FILE"
    return "use what is defined at the top of a module"
