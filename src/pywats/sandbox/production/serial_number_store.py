"""Serial number store of the sandbox."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pywats.models import SerialNumberIdentifier
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox.ids import Identity
    from pywats.sandbox.requests import Row

__all__ = ["MAC_ADDRESS", "SERIAL_NUMBER", "Period", "Reference", "SerialNumberStore"]

MAC_ADDRESS, SERIAL_NUMBER = "MACAddress", "SerialNumber"
_POOL = 100
_TYPES: dict[str, Row] = {
    MAC_ADDRESS: {
        "name": MAC_ADDRESS,
        "description": "Addresses of network cards",
        "format": "00-11-22-XX-XX-XX",
        "regEx": "([0-9A-F]{2}-){5}[0-9A-F]{2}",
        "identifier": SerialNumberIdentifier.MAC_ADDRESS.value,
        "identifierName": "MAC address",
    },
    SERIAL_NUMBER: {
        "name": SERIAL_NUMBER,
        "description": "Serial numbers of units",
        "format": "SN-######",
        "regEx": "SN-[0-9]{6}",
        "identifier": SerialNumberIdentifier.SERIAL_NUMBER.value,
        "identifierName": "Serial number",
    },
}

State = Literal["free", "reserved", "taken"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The unit and station for which a serial number is taken.

    Attributes:
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        station: Name of the station.
    """

    serial_number: str | None = None
    part_number: str | None = None
    station: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Period in which numbers were made: two times in ISO 8601; None for no limit."""

    start: str | None = None
    end: str | None = None

    def has(self, time: str) -> bool:
        """Tell whether a time is in the period."""
        made = _time(time)
        return not (
            (self.start is not None and made < _time(self.start))
            or (self.end is not None and made > _time(self.end))
        )


@dataclass(slots=True)
class _Number:
    text: str
    made: str
    state: State = "free"
    taken: str | None = None
    reference: Reference = Reference()

    def row(self) -> Row:
        return {
            "serialNumber": self.text,
            "generated": self.made,
            "state": self.state,
            "taken": self.taken,
            "refSN": self.reference.serial_number,
            "refPN": self.reference.part_number,
            "refStn": self.reference.station,
        }


class SerialNumberStore:
    """Types of serial numbers and their pools; safe to use from any thread.

    Each of the two types has 100 free numbers at first.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._lock = threading.RLock()
        self._pools: dict[str, dict[str, _Number]] = {}

    def types(self) -> list[Row]:
        """Return the types."""
        return list(_TYPES.values())

    def add(self, kind: str, texts: list[str]) -> list[str]:
        """Add free numbers.

        Returns:
            The numbers that existed already.
        """
        with self._lock:
            pool = self._pool(kind)
            pattern = re.compile(str(_TYPES[kind]["regEx"]))
            for text in texts:
                if not pattern.fullmatch(text):
                    raise ApiError(400, f"'{text}' is not in the format of {kind}.")
            known = [text for text in texts if text in pool]
            made = self._identity.timestamp()
            pool.update({text: _Number(text, made) for text in texts if text not in pool})
            return known

    def hand_out(
        self, kind: str, count: int, state: State, reference: Reference, *, in_sequence: bool
    ) -> list[Row]:
        """Take or reserve the lowest free numbers, up to ``count``."""
        if count < 1:
            raise ApiError(400, "The quantity must be 1 or more.")
        with self._lock:
            free = [each for each in self._sorted(kind) if each.state == "free"]
            if in_sequence:
                runs = (run for run in _runs(free) if len(run) >= count)
                chosen = next(runs, None)
                if chosen is None:
                    raise ApiError(400, f"There are no {count} free numbers of {kind} in sequence.")
                free = chosen
            time = self._identity.timestamp()
            for number in free[:count]:
                number.state, number.reference = state, reference
                number.taken = time if state == "taken" else None
            return [number.row() for number in free[:count]]

    def free(self, ranges: list[Row]) -> int:
        """End the reservations in some ranges, and return the number of ended reservations."""
        with self._lock:
            reserved = [
                number
                for each in ranges
                for number in self._between(
                    str(each.get("type")), str(each["startAddress"]), str(each["endAddress"])
                )
                if number.state == "reserved"
            ]
            for number in reserved:
                number.state, number.reference = "free", Reference()
            return len(reserved)

    def between(self, kind: str, first: str | None, last: str | None, period: Period) -> list[Row]:
        """Return the numbers of a range."""
        with self._lock:
            return [n.row() for n in self._between(kind, first, last) if period.has(n.made)]

    def taken_for(
        self, kind: str, serial_number: str | None, part_number: str | None, period: Period
    ) -> list[Row]:
        """Return the numbers that were taken for a unit."""
        if not serial_number and not part_number:
            raise ApiError(400, "Either refSN or refPN is required.")
        with self._lock:
            return [
                number.row()
                for number in self._sorted(kind)
                if number.state == "taken"
                and serial_number in {None, "", number.reference.serial_number}
                and part_number in {None, "", number.reference.part_number}
                and period.has(number.made)
            ]

    def ranges(self, kind: str | None) -> list[Row]:
        """Return the ranges without a gap, of one type or of all types."""
        with self._lock:
            return [
                {
                    "type": name,
                    "identifier": _TYPES[name]["identifier"],
                    "identifierName": _TYPES[name]["identifierName"],
                    "startAddress": run[0].text,
                    "endAddress": run[-1].text,
                    **_counts(run),
                }
                for name in ([kind] if kind else _TYPES)
                for run in _runs(self._sorted(name))
            ]

    def statistics(self, kind: str | None) -> list[Row]:
        """Return the counts of one type or of all types."""
        with self._lock:
            return [
                {"serialNumberType": name, **_counts(self._sorted(name))}
                for name in ([kind] if kind else _TYPES)
            ]

    def _pool(self, kind: str) -> dict[str, _Number]:
        if kind not in _TYPES:
            raise ApiError(404, f"Serial number type '{kind}' does not exist.")
        if kind not in self._pools:
            made = self._identity.timestamp()
            texts = [
                f"00-11-22-00-00-{number:02X}" if kind == MAC_ADDRESS else f"SN-{number:06}"
                for number in range(_POOL)
            ]
            self._pools[kind] = {text: _Number(text, made) for text in texts}
        return self._pools[kind]

    def _sorted(self, kind: str) -> list[_Number]:
        return sorted(self._pool(kind).values(), key=_order)

    def _between(self, kind: str, first: str | None, last: str | None) -> list[_Number]:
        return [
            number
            for number in self._sorted(kind)
            if (not first or _value(first) <= _order(number))
            and (not last or _order(number) <= _value(last))
        ]


def _value(text: str) -> int:
    """Return the numeric value of a serial number, by which a type orders its numbers."""
    digits = text.replace("-", "").replace(":", "").removeprefix("SN")
    try:
        return int(digits, 10 if text.startswith("SN") else 16)
    except ValueError as error:
        raise ApiError(400, f"'{text}' is not a serial number.") from error


def _order(number: _Number) -> int:
    return _value(number.text)


def _runs(numbers: list[_Number]) -> Iterator[list[_Number]]:
    """Yield the numbers, which are sorted, in pieces without a gap."""
    run = numbers[:1]
    for before, after in pairwise(numbers):
        if _order(after) != _order(before) + 1:
            yield run
            run = []
        run.append(after)
    if run:
        yield run


def _counts(numbers: list[_Number]) -> Row:
    states = [number.state for number in numbers]
    return {
        "total": len(states),
        "free": states.count("free"),
        "taken": states.count("taken"),
        "reserved": states.count("reserved"),
    }


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ApiError(400, f"'{text}' is not a time.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
