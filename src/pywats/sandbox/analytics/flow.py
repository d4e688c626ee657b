"""Unit flow: the ways of units through the operations of the test reports."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pywats.sandbox.analytics.dimensions import combinations
from pywats.sandbox.analytics.store import time_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import JsonValue

    from pywats.models import DateGrouping
    from pywats.sandbox.analytics.store import SeenReport
    from pywats.sandbox.requests import Row

from pywats.sandbox.analytics.yields import readers

__all__ = ["Flow", "unit_numbers"]

_Key = tuple["JsonValue", ...]


def unit_numbers(tests: list[SeenReport]) -> dict[tuple[str, str], int]:
    """Return a number for each unit; it does not change when more tests are submitted."""
    in_order = sorted(tests, key=lambda test: int(str(test.header["timeStamp"])))
    units = dict.fromkeys(test.unit for test in in_order)
    return {unit: number for number, unit in enumerate(units, start=1)}


class Flow:
    """Nodes, links and units of the tests that count.

    A node is an operation, or with ``split`` an operation with one combination of values.

    Args:
        tests: The tests that count, oldest first.
        numbers: Numbers of the units.
        split: Dimensions that operations are split by.
        grouping: Length of a period.
    """

    def __init__(
        self,
        tests: list[SeenReport],
        numbers: Mapping[tuple[str, str], int],
        split: Sequence[str],
        grouping: DateGrouping,
    ) -> None:
        self._numbers = numbers
        self._units: dict[tuple[str, str], list[SeenReport]] = {}
        self._keys: dict[str, _Key] = {}
        self._ids: dict[_Key, int] = {}
        of_report = readers(grouping)
        for test in tests:
            # A test with several values of a dimension belongs to the first value.
            key = (test.operation, *combinations(test, split, of_report)[0])
            self._units.setdefault(test.unit, []).append(test)
            self._keys[str(test.document["id"])] = key
            self._ids.setdefault(key, len(self._ids) + 1)

    def body(self) -> Row:
        """Return nodes, links and units together."""
        nodes: list[JsonValue] = [*self.nodes()]
        links: list[JsonValue] = [*self.links()]
        units: list[JsonValue] = [*self.units()]
        return {"nodes": nodes, "links": links, "units": units, "totalUnits": len(units)}

    def nodes(self) -> list[Row]:
        """Return the nodes in the order in which they were reached."""
        return [self._node(key, number) for key, number in self._ids.items()]

    def links(self) -> list[Row]:
        """Return the ways between nodes; a repeated test does not lead to another node."""
        moved: dict[tuple[_Key, _Key], dict[tuple[str, str], bool]] = {}
        for unit, tests in self._units.items():
            for before, after in pairwise(tests):
                ends = (self._key(before), self._key(after))
                if ends[0] != ends[1]:
                    moved.setdefault(ends, {})[unit] = after.passed
        return [
            {
                "id": number,
                "sourceId": self._ids[source],
                "targetId": self._ids[target],
                "sourceName": _name(source),
                "targetName": _name(target),
                "unitCount": len(units),
                "passCount": sum(units.values()),
                "failCount": len(units) - sum(units.values()),
                "isVisible": True,
            }
            for number, ((source, target), units) in enumerate(moved.items(), start=1)
        ]

    def units(self) -> list[Row]:
        """Return the units in the order of their first tests."""
        return [self._unit(unit, tests) for unit, tests in self._units.items()]

    def _key(self, test: SeenReport) -> _Key:
        return self._keys[str(test.document["id"])]

    def _node(self, key: _Key, number: int) -> Row:
        visits = list(self._visits(key))
        tests = [test for visit in visits for test in visit]
        passed = sum(visit[-1].passed for visit in visits)
        return {
            "id": number,
            "name": _name(key),
            "processCode": tests[0].header["processCode"],
            "processName": tests[0].operation,
            "unitCount": len(visits),
            "passCount": passed,
            "failCount": len(visits) - passed,
            "yieldPercent": 100 * passed / len(visits),
            "avgTime": sum(test.seconds for test in tests) / len(tests),
            "isExpanded": False,
            "isVisible": True,
            "level": 0,
            "parentId": None,
        }

    def _visits(self, key: _Key) -> Iterator[list[SeenReport]]:
        for tests in self._units.values():
            if visit := [test for test in tests if self._key(test) == key]:
                yield visit

    def _unit(self, unit: tuple[str, str], tests: list[SeenReport]) -> Row:
        path = [self._key(tests[0])]
        path += [self._key(b) for a, b in pairwise(tests) if self._key(a) != self._key(b)]
        first, last = tests[0], tests[-1]
        orders: list[JsonValue] = list(range(1, len(tests) + 1))
        names: list[JsonValue] = [_name(key) for key in path]
        return {
            "unitId": self._numbers[unit],
            "source": self._ids[path[-2]] if len(path) > 1 else None,
            "target": self._ids[path[-1]],
            "isOld": False,
            "isLast": True,
            "isLastPassed": last.passed,
            "hasPassed": any(test.passed for test in tests),
            "hasFailed": not all(test.passed for test in tests),
            "hasRetest": any(test.run > 1 for test in tests),
            "orders": orders,
            "resultHistories": [test.header["result"] for test in tests],
            "serialNumber": unit[0],
            "partNumber": unit[1],
            "revision": last.header["revision"],
            "status": last.header["result"],
            "startTime": time_text(first.start),
            "endTime": time_text(last.start),
            "totalTime": (last.start - first.start).total_seconds(),
            "nodePath": names,
            "currentNode": names[-1],
        }


def _name(key: _Key) -> str:
    return " / ".join(str(part) for part in key)
