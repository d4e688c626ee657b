"""Scenarios of unit flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import UnitFlowUnit, WatsFilter
from pywats.services import UnitFlowSummary
from tests.services.scenarios._analytics_production import produce

if TYPE_CHECKING:
    from tests.services.bench import Bench

FLOW = "/api/internal/UnitFlow"


async def the_flow(bench: Bench) -> None:
    await produce(bench)
    flow = await bench.call("get_unit_flow", WatsFilter(part_number="PN-1"))
    assert bench.sent == [f"POST {FLOW}"]
    assert bench.last == {"partNumber": "PN-1"}
    assert [(node.name, node.unit_count, node.pass_count) for node in flow.nodes] == [
        ("ICT", 3, 2),
        ("Final", 2, 2),
    ]
    (link,) = flow.links
    assert (link.source_name, link.target_name, link.unit_count) == ("ICT", "Final", 2)
    assert (link.source_id, link.target_id) == (flow.nodes[0].id, flow.nodes[1].id)
    first, second, third = flow.units
    assert (first.unit_id, first.serial_number, first.node_path) == (1, "SN-1", ["ICT", "Final"])
    assert first.result_histories == ["Failed", "Passed", "Passed"]
    assert (first.has_failed, first.has_passed, first.has_retest) == (True, True, True)
    assert (second.has_failed, second.has_retest, second.total_time) == (False, False, 1200.0)
    assert (third.current_node, third.is_last_passed, third.source) == ("ICT", False, None)
    assert flow.total_units == 3
    asked = WatsFilter(test_operation="ICT")
    encoded = "%7B%22testOperation%22%3A%22ICT%22%7D"
    assert len(await bench.call("get_flow_nodes", asked)) == 1
    assert bench.sent == [f"GET {FLOW}/Nodes?filter={encoded}"]
    assert await bench.call("get_flow_links", asked) == []
    assert bench.sent == [f"GET {FLOW}/Links?filter={encoded}"]
    assert await bench.call("get_flow_links", "{}") == flow.links
    assert len(await bench.call("get_flow_units", asked)) == 3
    assert bench.sent == [f"GET {FLOW}/Units?filter={encoded}"]


async def figures(bench: Bench) -> None:
    await produce(bench)
    assert await bench.call("get_flow_summary") == UnitFlowSummary(
        node_count=2,
        link_count=1,
        unit_count=3,
        average_yield=(200 / 3 + 100) / 2,
        lowest_yield=200 / 3,
        highest_yield=100.0,
    )
    assert bench.sent == [f"POST {FLOW}"]
    assert bench.last == {}
    (node,) = await bench.call("get_bottlenecks", None, 70)
    assert node.name == "ICT"
    assert await bench.call("get_bottlenecks", WatsFilter(), 60) == []


async def split_and_ordered(bench: Bench) -> None:
    await produce(bench)
    flow = await bench.call("split_flow_by", "stationName", WatsFilter(part_number="PN-1"))
    assert bench.sent == [f"POST {FLOW}/SplitBy"]
    assert bench.last == {"partNumber": "PN-1", "dimensions": "stationName"}
    assert [node.name for node in flow.nodes] == ["ICT / ST-1", "Final / ST-2"]
    traced = await bench.call("trace_serial_numbers", [3, 1])
    assert bench.sent == [f"POST {FLOW}/SN"]
    assert bench.last == [3, 1]
    assert [unit["serialNumber"] for unit in traced["units"]] == ["SN-1", "SN-3"]
    units = [UnitFlowUnit(unit_id=2, orders=[1]), flow.units[0]]
    ordered = await bench.call("set_unit_order", units)
    assert bench.sent == [f"POST {FLOW}/UnitOrder"]
    assert bench.last[0] == {"unitId": 2, "orders": [1]}
    assert [unit["unitId"] for unit in ordered["units"]] == [1, 2]


SCENARIOS = [the_flow, figures, split_and_ordered]
