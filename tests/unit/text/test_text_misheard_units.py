"""Units whose heads were misheard too: found, offered, and never another unit taken for sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcription.text.unit_matcher import UnitMatcher
from transcription.text.vi_heard import HeardPhrases
from transcription.text.vi_likeness import UNLIKE, distance
from transcription.text.vi_units import roster_from_csv

FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"


@pytest.fixture(scope="module")
def matcher():
    names = ("departments.csv", "camau_units.csv")
    return UnitMatcher(roster_from_csv(*((FILES / n).read_text("utf-8") for n in names)))


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("ũy bang nhân dân xã đầm dơi", "32152"), ("sã năm căn", "32191"),
        ("phườn láng tròn", "31951"), ("ũy bàn xã đất mũi", "32248"),
        ("đãng ũy xã đầm giơi", "32152"), ("xả trần văn thới", "32095"),
        ("ủy bang nhân giân phường hòa thành", "32041"),
    ],
)  # fmt: skip
def test_a_misheard_head_still_leads_to_its_unit(matcher, heard, code):
    assert matcher.match(heard).code == code


@pytest.mark.parametrize(
    ("heard", "code"),
    [("sơ nội dụ", "SNV"), ("ban quẩn lý khu kinh tế", "BQLKKT"), ("sỡ tư phát", "STP")],
)
def test_a_misheard_body_is_taken_or_offered(matcher, heard, code):
    match = matcher.match(heard)
    assert code in (match.code, *(offered for offered, _ in match.choices))


@pytest.mark.parametrize(
    "heard", ["sã tân an", "ũy bang nhân dân xã phú tâm", "sa đéc", "phong ba"]
)
def test_a_misheard_head_makes_no_danger_sure(matcher, heard):
    assert matcher.match(heard).code is None


@pytest.mark.parametrize(
    ("heard", "known"),
    [("chách", "trách"), ("xở", "sở"), ("dà", "và"), ("rượng", "vượng"), ("nàm", "làm"),
     ("bang", "ban"), ("các", "cát"), ("hãi", "hải"), ("gà", "rà")],
)  # fmt: skip
def test_what_recognisers_confuse_is_near(heard, known):
    assert 0 < distance(heard, known) < 1
    assert distance(heard, known) == distance(known, heard)


@pytest.mark.parametrize(
    ("heard", "known"), [("ban", "lan"), ("an", "am"), ("gà", "và"), ("mi", "mo"), ("1", "2")]
)
def test_what_nobody_confuses_is_unlike(heard, known):
    assert distance(heard, known) == UNLIKE


def test_phrases_are_heard_by_sound_and_kept_apart_from_others():
    heard = HeardPhrases([("yêu", "cầu"), ("ủy", "ban", "nhân", "dân"), ("ủy", "ban")])
    found = heard.at("ũy bang nhâng dân xã".split(), 0)
    assert (found.phrase, found.end, found.touched) == (("ủy", "ban", "nhân", "dân"), 4, 3)
    assert heard.at("yêu cậu".split(), 0).phrase == ("yêu", "cầu")
    assert heard.at("yếu cậu".split(), 0) is None
    assert heard.at("yếu cậu".split(), 0, expected=True).phrase == ("yêu", "cầu")
    assert heard.at("yêu thương".split(), 0) is None


def test_one_misheard_tone_is_taken_another_vowel_or_division_only_offered(matcher):
    assert matcher.match("phường bạc liệu").code == matcher.match("phường bạc liêu").code
    ward = matcher.match("phường tân thành").code
    assert matcher.match("phường tân thanh").code == ward
    said_a_commune = matcher.match("xã tân thanh")
    assert said_a_commune.code is None
    assert ward in [code for code, _ in said_a_commune.choices]
    assert matcher.match("xã khánh ân").code is None
