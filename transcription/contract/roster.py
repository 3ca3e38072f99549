"""Units and groups as the caller names them: what an extraction job carries under `roster`.

The roster is data of the caller (the server's active units, or the shipped CSV files), never a
constant of the rules. This module holds the shapes and their JSON pairs only; reading CSV text is
in `transcription.text.vi_units`, matching of spoken names in `transcription.text.unit_matcher`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """One unit. `kind` is a value of the model's unit kinds (commune, ward, department, …)."""

    code: str
    kind: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RosterUnit:
        return cls(
            code=str(data["code"]),
            kind=str(data.get("kind") or ""),
            name=str(data["name"]),
            short_name=str(data.get("short_name") or ""),
            aliases=tuple(str(alias) for alias in data.get("aliases") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            "short_name": self.short_name,
            "aliases": list(self.aliases),
        }


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A class of units said in one phrase ("64 xã, phường"): all units of `kinds`, or `members`."""

    code: str
    name: str
    phrases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RosterGroup:
        return cls(
            code=str(data["code"]),
            name=str(data.get("name") or data["code"]),
            phrases=tuple(str(phrase) for phrase in data.get("phrases") or ()),
            kinds=tuple(str(kind) for kind in data.get("kinds") or ()),
            members=tuple(str(code) for code in data.get("members") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "phrases": list(self.phrases),
            "kinds": list(self.kinds),
            "members": list(self.members),
        }


@dataclass(frozen=True, slots=True)
class Roster:
    """Units in the official order, and the groups that can be addressed."""

    units: tuple[RosterUnit, ...] = ()
    groups: tuple[RosterGroup, ...] = ()
    _by_code: dict[str, RosterUnit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code = {unit.code: unit for unit in reversed(self.units)}
        object.__setattr__(self, "_by_code", by_code)

    @classmethod
    def of(cls, units: Iterable[RosterUnit], groups: Iterable[RosterGroup] = ()) -> Roster:
        return cls(tuple(units), tuple(groups))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Roster:
        return cls(
            tuple(RosterUnit.from_json(unit) for unit in data.get("units") or ()),
            tuple(RosterGroup.from_json(group) for group in data.get("groups") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "units": [unit.to_json() for unit in self.units],
            "groups": [group.to_json() for group in self.groups],
        }

    def unit(self, code: str) -> RosterUnit | None:
        return self._by_code.get(code)

    def group(self, code: str) -> RosterGroup | None:
        return next((group for group in self.groups if group.code == code), None)
