"""Units of the province: what kinds there are, and how a roster file is understood.

Two kinds of file are read: departments (`code,kind,name,short_name,aliases`) and communes
(`code,name,division_type,…`, the state's code list). File order is the official order. Nothing is
half-read: every wrong line is named, with its column.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.domain.errors import UserError


class UnitKind(StrEnum):
    """Kind of a unit (cơ quan, đơn vị)."""

    PROVINCE = "province"
    OFFICE = "office"
    DEPARTMENT = "department"
    AGENCY = "agency"
    FORCE = "force"
    PUBLIC_SERVICE = "public_service"
    VERTICAL = "vertical"
    ASSOCIATION = "association"
    PARTY = "party"
    COMMUNE = "commune"
    WARD = "ward"
    DIVISION = "division"


COMMUNE_KINDS = frozenset({UnitKind.COMMUNE, UnitKind.WARD})

# The day the communes and bodies of today exist from (NQ 1655/NQ-UBTVQH15).
IN_FORCE = date(2025, 7, 1)

# Departments come before communes in every list, whatever the order of importing.
DEPARTMENT_SORT = 0
COMMUNE_SORT = 1000

DIVISION_KINDS = {"xã": UnitKind.COMMUNE, "phường": UnitKind.WARD}


@dataclass(frozen=True)
class UnitEntry:
    """One unit as a file names it."""

    code: str
    kind: UnitKind
    name: str
    short_name: str
    aliases: tuple[str, ...]
    sort: int


@dataclass(frozen=True)
class RowError:
    """What is wrong with one cell of a file; `line` counts from 1, the heading is line 1."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.problem}"


def entries_of_files(files: Iterable[tuple[str, str]]) -> list[UnitEntry]:
    """The units of (name, text) files in their order.

    Raises UserError `import_rows` with `n` and `rows` (RowErrors); then nothing may be imported.
    """
    entries: list[UnitEntry] = []
    errors: list[RowError] = []
    codes: dict[str, str] = {}
    for file, text in files:
        for line, found in _lines(file, text):
            if isinstance(found, RowError):
                errors.append(found)
            elif found.code in codes:
                errors.append(
                    RowError(file, line, "code", f"{found.code} stands in {codes[found.code]}, too")
                )
            else:
                codes[found.code] = f"{file}, line {line}"
                entries.append(found)
    if errors:
        raise UserError("import_rows", n=len(errors), rows=tuple(errors))
    return entries


def _lines(file: str, text: str) -> Iterator[tuple[int, UnitEntry | RowError]]:
    reader = csv.DictReader(unicodedata.normalize("NFC", text).lstrip("\ufeff").splitlines())
    columns = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    if {"code", "name", "division_type"} <= set(columns):
        parse = _commune
    elif {"code", "kind", "name", "short_name"} <= set(columns):
        parse = _department
    else:
        problem = "needs code,kind,name,short_name,aliases or code,name,division_type"
        yield 1, RowError(file, 1, ",".join(columns) or "heading", problem)
        return
    for number, row in enumerate(reader):
        cells = {name: (value or "").strip() for name, value in row.items() if name in columns}
        yield reader.line_num, parse(file, reader.line_num, number, cells)


def _commune(file: str, line: int, number: int, cells: dict[str, str]) -> UnitEntry | RowError:
    if missing := next((name for name in ("code", "name") if not cells[name]), None):
        return RowError(file, line, missing, "is empty")
    kind = DIVISION_KINDS.get(cells["division_type"])
    if kind is None:
        problem = f"{cells['division_type']!r} is neither xã nor phường"
        return RowError(file, line, "division_type", problem)
    short = cells["name"][0].lower() + cells["name"][1:]
    return UnitEntry(
        cells["code"], kind, f"Ủy ban nhân dân {short}", short, (), COMMUNE_SORT + number
    )


def _department(file: str, line: int, number: int, cells: dict[str, str]) -> UnitEntry | RowError:
    for name in ("code", "name", "short_name"):
        if not cells[name]:
            return RowError(file, line, name, "is empty")
    try:
        kind = UnitKind(cells["kind"])
    except ValueError:
        return RowError(file, line, "kind", f"{cells['kind']!r} is no kind of unit")
    aliases = tuple(part.strip() for part in cells.get("aliases", "").split("|") if part.strip())
    return UnitEntry(
        cells["code"], kind, cells["name"], cells["short_name"], aliases, DEPARTMENT_SORT + number
    )
