"""What views, copies and pickles have of a client: its settings, not what it made of them.

A client keeps its settings in plain attributes, and in cached properties whatever it
makes of them: endpoint, connections, engine, services. A client that was read back
from a pickle makes them when it is first used. So it can pass through a broker or a
scheduler whose environment names no server, and where that of a worker does not, the
error is raised in the task and not while the task is being unpacked, which
`multiprocessing.Pool` would answer with silence.
"""

from __future__ import annotations

import pickle
import ssl
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["address_of", "copy_of", "refuse_unpicklable", "settings_of"]

C = TypeVar("C")


def settings_of(client: object) -> dict[str, object]:
    """Return the attributes of a client that are settings."""
    kind = type(client)
    # Copied first: another thread may be looking up a service, which adds to it.
    return {
        name: value
        for name, value in vars(client).copy().items()
        if not isinstance(getattr(kind, name, None), cached_property)
    }


def copy_of(client: C) -> C:
    """Return a client of its own with the same settings, for the same server and user."""
    other = object.__new__(type(client))
    vars(other).update(settings_of(client))
    if "_endpoint" in vars(client):
        # The environment may have changed since.
        vars(other)["_endpoint"] = vars(client)["_endpoint"]
    return other


def address_of(client: object) -> str:
    """Return the address of the server, or the variable that it will be read from."""
    state = vars(client)
    if "_endpoint" in state:
        return str(state["_endpoint"].base_url)
    return state["_account"].base_url or "$PYWATS_BASE_URL"


def refuse_unpicklable(*parts: DataclassInstance | None) -> None:
    """Refuse to pickle a client if another process could not find what a setting names.

    The rule is that of `pickle`, also where cloudpickle could take a function along: what works
    with one way to start workers works with all.

    Args:
        parts: Values whose fields are settings; those that are None are left out.

    Raises:
        TypeError: A setting cannot be pickled; the message names it.
    """
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
