"""Names of Python in the documentation: where each leads, and that no public one is missing.

Docstrings write names as one reads them, `SyncConfig` or
`pywats.sync.runners.direct.OneTask`, wherever the page is that shows the object. So a
reference is resolved by importing what it names.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import pkgutil
import re
import types
import typing
from typing import TYPE_CHECKING

from public_names import PublicName, public_modules, public_names
from sphinx.addnodes import pending_xref
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from pywats.client.registry import PREFIXED, SERVICES, flat_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.domains.python import PythonDomain
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

_FLAT_CLIENT = "pywats.SyncWATSClient."

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Resolve names, and look for those that are missing."""
    app.connect("doctree-read", leave_foreign_names_alone)
    app.connect("missing-reference", resolve)
    app.connect("env-check-consistency", complain_of_missing_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def leave_foreign_names_alone(app: Sphinx, doctree: nodes.document) -> None:
    """Make plain text of the names in signatures that other projects document.

    Sphinx would look for an attribute of that name, such as ``type``, and so it is faster too.
    """
    del app
    for node in list(doctree.findall(pending_xref)):
        if _in_signature(node) and _is_foreign(node["reftarget"]):
            node.replace_self(node.children)


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.Element | None:
    """Return what stands in place of a reference that Sphinx does not know.

    It is a link if the object is documented under another name. It is the text alone if the object
    is another project's, or a class in a signature that is not public. None lets Sphinx complain.
    """
    if node.get("refdomain") != "py":
        return None
    domain = env.domains.python_domain
    target: str = node["reftarget"]
    for prefix in ("", *(f"{module}." for module in public_modules())):
        name = _documented_as(domain, prefix + target)
        if name is not None:
            entry = domain.objects[name]
            return make_refnode(
                app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, name
            )
    private = _in_signature(node) and _find(target) is not None
    return contnode if private or _is_foreign(target) else None


def complain_of_missing_names(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of each public name that no page shows."""
    del app
    domain = env.domains.python_domain
    for name in public_names():
        if _documented_as(domain, str(name)) is None and not _speaks_for_itself(name):
            logger.warning("%s is public (tests/public_api.txt), but on no page", name)


def _in_signature(node: pending_xref) -> bool:
    # Roles have it only where it is true.
    return bool(node.hasattr("refspecific"))


def _is_foreign(name: str) -> bool:
    """Return whether the name belongs to something that exists and is not ours to document."""
    if any(hasattr(module, name) for module in (builtins, types, typing)):
        return True
    if re.fullmatch(r"(pywats\.[\w.]+\.)?[A-Z]", name):  # a type variable
        return True
    return not name.startswith("pywats") and _find(name) is not None


def _speaks_for_itself(name: PublicName) -> bool:
    """Return whether a member needs no entry of its own.

    It is an argument of its class, which the class describes, or what another project documents.
    """
    owner = name.find()
    if not name.member or not inspect.isclass(owner):
        return False
    foreign = [base for base in owner.__mro__ if not base.__module__.startswith("pywats")]
    return name.member in inspect.signature(owner).parameters or any(
        name.member in vars(base) for base in foreign
    )


def _documented_as(domain: PythonDomain, name: str) -> str | None:
    """Return under which name the object is documented; None if it is not."""
    if name in domain.objects:
        return name
    if name.startswith(_FLAT_CLIENT):
        service, method = _flat_methods().get(name.removeprefix(_FLAT_CLIENT), (object, ""))
        return _documented_as(domain, f"pywats.services.{service.__name__}.{method}")
    head, member = name, ""
    while head:
        owner = _find(head)
        for each in _bearers(owner, member):
            home = _homes(domain).get(id(each))
            if home is not None and (found := f"{home}{member}") in domain.objects:
                return found
        head, _, last = head.rpartition(".")
        member = f".{last}{member}"
    return None


def _bearers(owner: object, member: str) -> tuple[object, ...]:
    """Return what may be described in place of an object, or of a member of it."""
    if not inspect.isclass(owner):
        return (owner,)
    if member:
        return inspect.getmro(owner)
    # What the face of a service can do is described once, with the service.
    service = getattr(owner, "_async_class", object)
    return (owner,) if service is object else (owner, service)


@functools.cache
def _flat_methods() -> Mapping[str, tuple[type, str]]:
    """Return service and method for each method of `SyncWATSClient` that stands for one."""
    flat = flat_names(SERVICES, PREFIXED)
    return {name: (SERVICES[service], method) for name, (service, method) in flat.items()}


@functools.cache
def _homes(domain: PythonDomain) -> Mapping[int, str]:
    """Return the names of the documented classes and functions by their identities."""
    kinds = {"class", "exception", "function"}
    names = [name for name, entry in domain.objects.items() if entry.objtype in kinds]
    return {id(_find(name)): name for name in sorted(names, key=len, reverse=True)}


@functools.cache
def _find(name: str) -> object:
    """Return what can be imported by the name; None if nothing can."""
    try:
        found: object = pkgutil.resolve_name(name)
    except (AttributeError, ImportError, ValueError):
        return None
    return found
