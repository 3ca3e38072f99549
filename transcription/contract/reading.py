"""Reads JSON that came from outside, field by field, with an error that names the field.

It must not guess: a missing or wrongly typed field is a `ContractError`, never a default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

JsonObject = dict[str, object]
Stretch = tuple[int, int]
"""From and to in ms on the meeting clock, half open."""


class ContractError(ValueError):
    """A message does not have the agreed shape. `field` is the path of what is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object being read; `path` says where in the message it stands."""

    data: Mapping[str, object]
    path: str = ""

    def at(self, name: str) -> str:
        """The full path of a field, for errors."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """True when the field is there and not null."""
        return self.data.get(name) is not None

    def text(self, name: str) -> str:
        """A string."""
        value = self._value(name)
        if not isinstance(value, str):
            raise ContractError(self.at(name), "is not text")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string, or None when null or missing."""
        return self.text(name) if self.has(name) else None

    def whole(self, name: str, minimum: int | None = 0) -> int:
        """A whole number of at least `minimum` (None: any)."""
        return whole_number(self._value(name), self.at(name), minimum)

    def whole_or_none(self, name: str, minimum: int | None = 0) -> int | None:
        """A whole number, or None when null or missing."""
        return self.whole(name, minimum) if self.has(name) else None

    def number(self, name: str) -> float:
        """A finite number."""
        return finite_number(self._value(name), self.at(name))

    def truth(self, name: str) -> bool:
        """true or false."""
        value = self._value(name)
        if not isinstance(value, bool):
            raise ContractError(self.at(name), "is not true or false")
        return value

    def instant(self, name: str) -> datetime:
        """An instant as ISO 8601 text, in UTC."""
        return instant_from_text(self.text(name), self.at(name))

    def mapping(self, name: str) -> JsonObject:
        """A JSON object as it stands."""
        value = self._value(name)
        if not isinstance(value, dict):
            raise ContractError(self.at(name), "is not an object")
        return value

    def fields(self, name: str) -> Fields:
        """A JSON object, to be read on."""
        return Fields(self.mapping(name), self.at(name))

    def items(self, name: str) -> list[object]:
        """A JSON list as it stands."""
        value = self._value(name)
        if not isinstance(value, list):
            raise ContractError(self.at(name), "is not a list")
        return value

    def each(self, name: str) -> tuple[Fields, ...]:
        """A list of objects, each to be read on."""
        found = []
        for n, item in enumerate(self.items(name)):
            where = f"{self.at(name)}[{n}]"
            if not isinstance(item, dict):
                raise ContractError(where, "is not an object")
            found.append(Fields(item, where))
        return tuple(found)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        for n, item in enumerate(self.items(name)):
            if not isinstance(item, str):
                raise ContractError(f"{self.at(name)}[{n}]", "is not text")
        return tuple(str(item) for item in self.items(name))

    def stretches(self, name: str) -> tuple[Stretch, ...]:
        """A list of [from_ms, to_ms], each longer than nothing, ascending, without overlap."""
        found: list[Stretch] = []
        for n, item in enumerate(self.items(name)):
            where = f"{self.at(name)}[{n}]"
            if not isinstance(item, list) or len(item) != 2:
                raise ContractError(where, "is not [from_ms, to_ms]")
            start = whole_number(item[0], where, 0)
            end = whole_number(item[1], where, start + 1)
            if found and start < found[-1][1]:
                raise ContractError(where, "overlaps or precedes the one before")
            found.append((start, end))
        return tuple(found)

    def sha256(self, name: str) -> str:
        """A SHA-256 as 64 lower-case hexadecimal digits."""
        value = self.text(name)
        if len(value) != 64 or set(value) - set("0123456789abcdef"):
            raise ContractError(self.at(name), "is not a SHA-256 in lower-case hex")
        return value

    def _value(self, name: str) -> object:
        if name not in self.data:
            raise ContractError(self.at(name), "is missing")
        return self.data[name]


def fields_from_text(text: str | bytes) -> Fields:
    """The JSON object in `text`; ContractError when it is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContractError("", f"is not JSON ({error})") from error
    return fields_from(data)


def fields_from(data: object) -> Fields:
    """`data` as an object to read; ContractError when it is something else."""
    if not isinstance(data, dict):
        raise ContractError("", "is not an object")
    return Fields(data)


def whole_number(value: object, where: str, minimum: int | None) -> int:
    """`value` as a whole number of at least `minimum`, at most 2**63 - 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ContractError(where, "is not a whole number")
    if minimum is not None and value < minimum:
        raise ContractError(where, f"is less than {minimum}")
    if value >= 2**63:
        raise ContractError(where, "is too large")
    return value


def finite_number(value: object, where: str) -> float:
    """`value` as a finite float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContractError(where, "is not a number")
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ContractError(where, "is not a finite number")
    return number


def instant_from_text(text: str, where: str = "instant") -> datetime:
    """An instant with a zone (`2025-09-24T01:12:34.567Z`), turned to UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContractError(where, "is not an ISO 8601 instant") from error
    if instant.tzinfo is None:
        raise ContractError(where, "has no time zone")
    return instant.astimezone(UTC)


def text_from_instant(instant: datetime) -> str:
    """UTC with milliseconds and `Z`: fixed width, so it sorts as text."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def json_from_stretches(stretches: tuple[Stretch, ...]) -> list[list[int]]:
    """The pair of `Fields.stretches`."""
    return [[start, end] for start, end in stretches]
