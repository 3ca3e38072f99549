"""The roster from CSV text, and the groups that are made by kind (model, "Settled here").

Takes text, never a path: reading files is the caller's. Two forms are known: `camau_units.csv`
(code, name, division_type, …) and `departments.csv` (code, kind, name, short_name, aliases).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from transcription.contract.roster import Roster, RosterGroup, RosterUnit

COMMUNE, WARD = "commune", "ward"
_DIVISIONS = {"xã": COMMUNE, "phường": WARD, "thị trấn": COMMUNE, "đặc khu": COMMUNE}


class RosterError(ValueError):
    """The CSV text is no roster: says which line and what is missing."""


def units_from_csv(text: str) -> tuple[RosterUnit, ...]:
    """Units in file order. A commune "Xã Đầm Dơi" gets its official name and its short one."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    columns = set(reader.fieldnames or ())
    if not {"code", "name"} <= columns or not columns & {"division_type", "kind"}:
        raise RosterError(
            "line 1: the columns code, name and division_type (or kind) are needed; found: "
            + (", ".join(reader.fieldnames or ()) or "nothing")
        )
    units = []
    for line, row in enumerate(reader, start=2):
        code, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
        if not code or not name:
            raise RosterError(f"line {line}: code or name is empty")
        units.append(_commune(row, code, name) if "division_type" in columns else _body(row, name))
    return tuple(units)


def _commune(row: dict[str, str], code: str, name: str) -> RosterUnit:
    division = (row.get("division_type") or "").strip().casefold()
    bare = name[len(division) :].strip() if name.casefold().startswith(division) else name
    short = f"{division} {bare}".strip()
    return RosterUnit(
        code=code,
        kind=_DIVISIONS.get(division, COMMUNE),
        name=f"Ủy ban nhân dân {short}",
        short_name=short,
    )


def _body(row: dict[str, str], name: str) -> RosterUnit:
    aliases = (row.get("aliases") or "").split("|")
    return RosterUnit(
        code=row["code"].strip(),
        kind=(row.get("kind") or "").strip(),
        name=name,
        short_name=(row.get("short_name") or "").strip(),
        aliases=tuple(alias.strip() for alias in aliases if alias.strip()),
    )


def groups_for(units: Sequence[RosterUnit]) -> tuple[RosterGroup, ...]:
    """The classes said aloud, by kind; the number in "64 xã, phường" is counted."""
    count = Counter(unit.kind for unit in units)
    both = count[COMMUNE] + count[WARD]
    groups = []
    if both:
        phrases: tuple[str, ...] = (
            f"{both} xã, phường",
            "các xã, phường",
            "các địa phương",
            f"{both} địa phương",
            "cấp xã",
        )
        groups.append(RosterGroup("communes_wards", f"{both} xã, phường", phrases, (COMMUNE, WARD)))
    if count[COMMUNE]:
        phrases = ("các xã", f"{count[COMMUNE]} xã")
        groups.append(RosterGroup("communes", f"{count[COMMUNE]} xã", phrases, (COMMUNE,)))
    if count[WARD]:
        phrases = ("các phường", f"{count[WARD]} phường")
        groups.append(RosterGroup("wards", f"{count[WARD]} phường", phrases, (WARD,)))
    if count["department"]:
        phrases = ("các sở, ban, ngành", "các sở, ngành", "các sở", "các sở, ban, ngành tỉnh")
        kinds = ("department", "agency")
        groups.append(RosterGroup("departments", "các sở, ban, ngành", phrases, kinds))
    return tuple(groups)


def roster_from_csv(*texts: str) -> Roster:
    """One roster of several files, with the groups by kind."""
    units = tuple(unit for text in texts for unit in units_from_csv(text))
    return Roster(units, groups_for(units))
