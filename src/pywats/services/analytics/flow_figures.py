"""Summary and bottlenecks of a unit flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywats.models import UnitFlowNode, UnitFlowResult

__all__ = ["UnitFlowSummary", "bottlenecks_of", "summary_of"]


@dataclass(frozen=True, slots=True)
class UnitFlowSummary:
    """A unit flow in a few numbers.

    Attributes:
        node_count: Number of operations.
        link_count: Number of ways between them.
        unit_count: Number of units; None if the server did not send it.
        average_yield: Mean yield of the nodes in percent; each node has the same weight.
        lowest_yield: Lowest yield of a node in percent.
        highest_yield: Highest yield of a node in percent.
    """

    node_count: int
    link_count: int
    unit_count: int | None
    average_yield: float | None
    lowest_yield: float | None
    highest_yield: float | None


def summary_of(flow: UnitFlowResult) -> UnitFlowSummary:
    """Return the numbers of a flow; yields are None if no node has one."""
    yields = [share for node in flow.nodes or [] if (share := _yield_of(node)) is not None]
    units = len(flow.units) if flow.total_units is None and flow.units is not None else None
    return UnitFlowSummary(
        node_count=len(flow.nodes or []),
        link_count=len(flow.links or []),
        unit_count=units if flow.total_units is None else flow.total_units,
        average_yield=sum(yields) / len(yields) if yields else None,
        lowest_yield=min(yields, default=None),
        highest_yield=max(yields, default=None),
    )


def bottlenecks_of(flow: UnitFlowResult, threshold: float) -> list[UnitFlowNode]:
    """Return the nodes whose yield is known and below the threshold, the lowest first."""
    known = [(share, node) for node in flow.nodes or [] if (share := _yield_of(node)) is not None]
    low = [(share, node) for share, node in known if share < threshold]
    return [node for _, node in sorted(low, key=lambda each: each[0])]


def _yield_of(node: UnitFlowNode) -> float | None:
    if node.yield_percent is not None:
        return node.yield_percent
    if node.unit_count and node.pass_count is not None:
        return 100 * node.pass_count / node.unit_count
    return None
