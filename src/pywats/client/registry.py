"""Registry of the services, and the names of their methods on `SyncWATSClient`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from pywats.services import (
    AnalyticsService,
    AssetService,
    ProcessService,
    ProductionService,
    ProductService,
    ReportService,
    RootCauseService,
    ScimService,
    SoftwareService,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PREFIXED", "SERVICES", "NameClashError", "flat_names"]

SERVICES: Final[Mapping[str, type]] = {
    "product": ProductService,
    "asset": AssetService,
    "production": ProductionService,
    "report": ReportService,
    "software": SoftwareService,
    "analytics": AnalyticsService,
    "rootcause": RootCauseService,
    "scim": ScimService,
    "process": ProcessService,
}

PREFIXED: Final[frozenset[str]] = frozenset(
    {"get_attachment", "get_processes", "get_product_groups", "is_connected"}
)
"""Method names that several services have: the flat client adds the service name as a prefix."""


class NameClashError(ValueError):
    """Two services have a method with the same name, and `PREFIXED` does not tell them apart."""


def flat_names(
    services: Mapping[str, type], prefixed: frozenset[str]
) -> dict[str, tuple[str, str]]:
    """Return the names of all methods on one object.

    Args:
        services: The async classes by the names of the services.
        prefixed: Method names that get the name of their service as a prefix.

    Returns:
        For each name, in alphabetical order, the service and its method.

    Raises:
        NameClashError: Two methods would have the same name, or a prefix is not needed.
    """
    owners: dict[str, list[str]] = {}
    for service, kind in services.items():
        for method, _ in inspect.getmembers(kind, inspect.isfunction):
            if not method.startswith("_"):
                owners.setdefault(method, []).append(service)
    found: dict[str, tuple[str, str]] = {}
    for method, having in owners.items():
        if len(having) > 1 and method not in prefixed:
            names = " and ".join(f"{service}_{method}" for service in having)
            raise NameClashError(
                f"{method} is a method of {' and '.join(having)}: add it to PREFIXED, and the "
                f"flat client has {names}"
            )
        for service in having:
            name = f"{service}_{method}" if method in prefixed else method
            if name in found or (name != method and name in owners):
                raise NameClashError(f"{name} is a name for two methods: rename one of them")
            found[name] = (service, method)
    needless = prefixed - {method for method, having in owners.items() if len(having) > 1}
    if needless:
        raise NameClashError(f"no two services share {sorted(needless)}: take it off PREFIXED")
    return dict(sorted(found.items()))
