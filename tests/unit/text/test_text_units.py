"""Unit names: the roster's, misheard ones, and the dangers that must never be a confident unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcription.contract.roster import Roster, RosterUnit
from transcription.text.unit_matcher import UnitMatcher
from transcription.text.vi_units import RosterError, groups_for, roster_from_csv, units_from_csv

FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"


@pytest.fixture(scope="module")
def roster():
    names = ("departments.csv", "camau_units.csv")
    return roster_from_csv(*((FILES / name).read_text("utf-8") for name in names))


@pytest.fixture(scope="module")
def matcher(roster):
    return UnitMatcher(roster)


def test_the_shipped_roster_has_64_communes_with_their_official_names(roster):
    communes = [unit for unit in roster.units if unit.kind in ("commune", "ward")]
    assert len(communes) == 64
    dam_doi = roster.unit("32152")
    assert dam_doi.name == "Ủy ban nhân dân xã Đầm Dơi"
    assert (dam_doi.short_name, dam_doi.kind) == ("xã Đầm Dơi", "commune")
    assert roster.unit("31825").kind == "ward"


def test_groups_are_made_by_kind_and_counted(roster):
    assert [group.code for group in roster.groups] == [
        "communes_wards", "communes", "wards", "departments",
    ]  # fmt: skip
    assert "64 xã, phường" in roster.group("communes_wards").phrases
    assert groups_for(()) == ()


def test_every_unit_is_found_by_each_of_its_names(roster, matcher):
    for unit in roster.units:
        for name in (unit.name, unit.short_name, *unit.aliases):
            match = matcher.match(name.lower())
            assert match.code == unit.code, (name, match)


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("xã đất mủi", "32248"), ("xã đầm giơi", "32152"), ("xã trần văn thới", "32095"),
        ("xã quách phẫm", "32182"), ("phường láng chòn", "31951"), ("xã phan ngọc hiễn", "32244"),
        ("sở nông nghiệp và mưu trường", "SNNMT"), ("UBND phường Hoà Thành", "32041"),
        ("Uỷ ban nhân dân xã Năm Căn", "32191"), ("sở văn hóa thể thao và du lịch", "SVHTTDL"),
        ("xã xông đốc", "32098"), ("xã tạ an khươn", "32155"),
    ],
)  # fmt: skip
def test_sound_alikes_are_one_unit_alone(matcher, heard, code):
    match = matcher.match(heard)
    assert (match.code, match.choices) == (code, ())
    assert match.score >= 90
    assert match.margin >= 8


@pytest.mark.parametrize(
    ("heard", "offered"),
    [("xã tân an", "32236"), ("xã phú tâm", "32218"), ("xã đất mới mũi", None), ("an giang", None)],
)
def test_dangers_are_offered_never_taken(matcher, heard, offered):
    match = matcher.match(heard)
    assert match.code is None
    assert len(match.choices) <= 3
    if offered:
        assert offered in [code for code, _ in match.choices]


@pytest.mark.parametrize(
    "text",
    ["mua năm căn nhà", "tỉnh an giang", "hòa bình thế giới", "đầu tư công", "xã hội hóa", ""],
)
def test_what_is_no_unit_is_not_found(matcher, text):
    assert [found.match.code for found in matcher.find(text)] == []


def test_found_units_have_their_place_in_the_text(matcher):
    text = "Giao UBND xã Năm Căn và Sở Y tế"
    found = matcher.find(text)
    assert [text[item.start : item.end] for item in found] == ["UBND xã Năm Căn", "Sở Y tế"]
    assert [item.match.code for item in found] == ["32191", "SYT"]


def test_two_units_of_one_name_are_left_to_a_person():
    twins = Roster((RosterUnit("1", "commune", "UBND xã A Lưới", "xã A Lưới"),
                    RosterUnit("2", "commune", "UBND xã A Lưới", "xã A Lưới")))  # fmt: skip
    match = UnitMatcher(twins).match("xã A Lưới")
    assert match.code is None
    assert [code for code, _ in match.choices] == ["1", "2"]


def test_an_empty_roster_matches_nothing():
    assert UnitMatcher(Roster()).match("xã Đầm Dơi").code is None


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "code,name,kind\n,Sở X,department\n"])
def test_a_text_that_is_no_roster_is_refused(text):
    with pytest.raises(RosterError):
        units_from_csv(text)
