"""Reading roster files."""

from __future__ import annotations

from pathlib import Path

import pytest

import transcription
from server.domain.errors import UserError
from server.domain.org import COMMUNE_KINDS, RowError, UnitKind, entries_of_files

DATA = Path(transcription.__file__).parent / "data"
DEPARTMENTS = "code,kind,name,short_name,aliases\n"
COMMUNES = "code,name,division_type,codename\n"


def read(text: str) -> list[RowError]:
    with pytest.raises(UserError) as refused:
        entries_of_files([("f.csv", text)])
    rows = refused.value.params["rows"]
    assert isinstance(rows, tuple)
    assert refused.value.params["n"] == len(rows)
    return list(rows)


def test_the_shipped_roster_is_the_province() -> None:
    texts = [
        (name, (DATA / name).read_text("utf-8")) for name in ("departments.csv", "camau_units.csv")
    ]
    entries = entries_of_files(texts)
    assert len([entry for entry in entries if entry.kind in COMMUNE_KINDS]) == 64
    assert [entry.sort for entry in entries] == sorted(entry.sort for entry in entries)
    dam_doi = next(entry for entry in entries if entry.code == "32152")
    assert dam_doi.kind is UnitKind.COMMUNE
    assert dam_doi.name == "Ủy ban nhân dân xã Đầm Dơi"
    assert dam_doi.short_name == "xã Đầm Dơi"
    office = next(entry for entry in entries if entry.code == "VPUB")
    assert "Văn phòng Ủy ban" in office.aliases


def test_communes_come_after_departments_whatever_the_order_of_files() -> None:
    texts = [("c.csv", COMMUNES + "1,Xã A,xã,xa_a\n"), ("d.csv", DEPARTMENTS + "P,province,P,P,\n")]
    commune, province = entries_of_files(texts)
    assert province.sort < commune.sort


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        ("1,Xã A,thôn,x", "division_type", "neither xã nor phường"),
        (",Xã A,xã,x", "code", "is empty"),
        ("1,,xã,x", "name", "is empty"),
    ],
)
def test_a_wrong_commune_names_line_and_column(line: str, column: str, problem: str) -> None:
    (error,) = read(COMMUNES + "9,Xã Z,xã,z\n" + line + "\n")
    assert (error.line, error.column) == (3, column)
    assert problem in error.problem


def test_every_wrong_line_is_named_at_once() -> None:
    errors = read(DEPARTMENTS + "A,office,,A,\nB,bank,B,B,\nA,office,A,A,\nA,office,A,A,x|y\n")
    assert [(error.line, error.column) for error in errors] == [
        (2, "name"),
        (3, "kind"),
        (5, "code"),
    ]
    assert str(errors[2]) == "f.csv, line 5, column code: A stands in f.csv, line 4, too"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "code,name\n1,Xã A\n", "\x00"])
def test_another_file_is_told_what_is_wanted(text: str) -> None:
    (error,) = read(text)
    assert error.line == 1
    assert "code,name,division_type" in error.problem


def test_a_file_saved_by_a_spreadsheet_is_read() -> None:
    (entry,) = entries_of_files([("f.csv", "\ufeff" + COMMUNES + "1,Xã Hoà,xã,x\r\n")])
    assert entry.short_name == "xã Hoà"
