"""Models of unit flow: the ways of units through the operations of a production."""

from pydantic import AliasChoices, Field

from pywats.models.base import RenamedModel, WATSModel
from pywats.models.wire_time import WireDatetime

__all__ = ["UnitFlowLink", "UnitFlowNode", "UnitFlowResult", "UnitFlowUnit"]


class UnitFlowNode(RenamedModel):
    """An operation that units pass through.

    Attributes:
        id: Id of the node.
        name: Name of the node.
        process_code: Code of the operation.
        process_name: Name of the operation.
        station_name: Name of the station.
        location: Place of the station.
        purpose: What the station is for.
        unit_count: Units.
        pass_count: Units that passed.
        fail_count: Units that did not.
        yield_percent: Share of the units that passed, in percent; ``yield`` is read as well.
        avg_time: Mean time of a unit in it.
        is_expanded: True if its parts are nodes of their own.
        is_visible: True if it is shown.
        level: Depth among the nodes.
        parent_id: Id of the node that it is a part of.
    """

    id: int | str | None = None
    name: str | None = None
    process_code: int | None = None
    process_name: str | None = None
    station_name: str | None = None
    location: str | None = None
    purpose: str | None = None
    unit_count: int | None = None
    pass_count: int | None = None
    fail_count: int | None = None
    yield_percent: float | None = Field(
        default=None,
        validation_alias=AliasChoices("yieldPercent", "yield"),
        serialization_alias="yieldPercent",
    )
    avg_time: float | None = None
    is_expanded: bool | None = None
    is_visible: bool | None = None
    level: int | None = None
    parent_id: int | str | None = None


class UnitFlowLink(RenamedModel):
    """The way from one node to the next.

    Attributes:
        id: Id of the link.
        source_id: Id of the node that units come from; ``source`` is read as well.
        target_id: Id of the node that they go to; ``target`` is read as well.
        source_name: Name of the node that units come from.
        target_name: Name of the node that they go to.
        unit_count: Units.
        pass_count: Units that passed.
        fail_count: Units that did not.
        avg_time: Mean time of a unit on it.
        is_visible: True if it is shown.
    """

    id: int | str | None = None
    source_id: int | str | None = Field(
        default=None,
        validation_alias=AliasChoices("sourceId", "source"),
        serialization_alias="sourceId",
    )
    target_id: int | str | None = Field(
        default=None,
        validation_alias=AliasChoices("targetId", "target"),
        serialization_alias="targetId",
    )
    source_name: str | None = None
    target_name: str | None = None
    unit_count: int | None = None
    pass_count: int | None = None
    fail_count: int | None = None
    avg_time: float | None = None
    is_visible: bool | None = None


class UnitFlowUnit(WATSModel):
    """A unit in a unit flow (``Models.UnitFlow.UnitFlowUnit``, and fields that servers add).

    Attributes:
        unit_id: Number of the unit, as `AnalyticsService.trace_serial_numbers` takes it.
        source: Number of the node that it comes from.
        target: Number of the node that it goes to.
        is_old: Flag of the server; the API file does not explain it.
        is_last: True if it went no further.
        is_last_passed: True if it passed where it went last.
        has_passed: True if it passed.
        has_failed: True if it failed.
        has_retest: True if it was tested again.
        orders: Places in the order of its tests.
        result_histories: Results of its tests.
        serial_number: Serial number.
        part_number: Part number.
        revision: Revision.
        status: Result.
        start_time: When its first test began.
        end_time: When its last test began.
        total_time: Time between the two.
        node_path: Names of the nodes that it passed through.
        current_node: Name of the node where it is.
    """

    unit_id: int | None = None
    source: int | None = None
    target: int | None = None
    is_old: bool | None = None
    is_last: bool | None = None
    is_last_passed: bool | None = None
    has_passed: bool | None = None
    has_failed: bool | None = None
    has_retest: bool | None = None
    orders: list[int] | None = None
    result_histories: list[str] | None = None
    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None
    status: str | None = None
    start_time: WireDatetime | None = None
    end_time: WireDatetime | None = None
    total_time: float | None = None
    node_path: list[str] | None = None
    current_node: str | None = None


class UnitFlowResult(WATSModel):
    """The flow of the units that match the filter.

    Attributes:
        nodes: The operations.
        links: The ways between them.
        units: The units.
        total_units: How many units there are.
    """

    nodes: list[UnitFlowNode] | None = None
    links: list[UnitFlowLink] | None = None
    units: list[UnitFlowUnit] | None = None
    total_units: int | None = None
