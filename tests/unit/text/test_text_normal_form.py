"""Normal form, folding, and numbers in words both ways."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.text import digits_for_words, fold, norm, number_words, read_number
from transcription.text.vi_tokens import tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hoà Bình, Uỷ ban – Thuý!", "hòa bình ủy ban thúy"),
        ("quý khoá hoàn thành", "quý khóa hoàn thành"),
        ("ngày mười lăm tháng mười", "ngày 15 tháng 10"),
        ("năm hai nghìn không trăm hai lăm", "năm 2025"),
        ("Xã Năm Căn", "xã năm căn"),
        ("bốn trăm năm mươi tỷ đồng", "450 tỷ đồng"),
        ("năm hộ", "5 hộ"),
        ("tháng tư", "tháng 4"),
        ("  a\n\tb ", "a b"),
        ("", ""),
    ],
)
def test_norm_is_the_form_of_keys(text, expected):
    assert norm(text) == expected


def test_norm_takes_decomposed_text_for_the_same():
    assert norm("Đầm Dơi") == norm("Đa\u0302\u0300m Dơi")


@given(st.text())
def test_norm_is_idempotent(text):
    assert norm(norm(text)) == norm(text)


def test_fold_drops_diacritics():
    assert fold("Đầm Dơi, Ủy ban") == "dam doi, uy ban"


def test_numbers_are_read_back_from_their_words():
    numbers = [*range(1, 2500), *(random.Random(1).randrange(10**12) for _ in range(500))]
    for number in numbers:
        words = number_words(number).split()
        assert read_number(words, 0) == (number, len(words)), words


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("hai mươi mốt", 21), ("hai mốt", 21), ("ba tư", 34), ("một trăm linh năm", 105),
        ("một trăm lẻ năm", 105), ("một trăm rưỡi", 150), ("hai nghìn rưỡi", 2500),
        ("ba ngàn hai", 3200), ("hai mươi nhăm", 25), ("một triệu rưỡi", 1_500_000),
        ("hai ngàn không trăm hai lăm", 2025), ("15 nghìn", 15_000), ("1.250.000", 1_250_000),
    ],
)  # fmt: skip
def test_spoken_forms_of_numbers(words, value):
    parts = words.split()
    assert read_number(parts, 0) == (value, len(parts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gọi số không chín một ba bốn năm", "gọi số không chín một ba bốn năm"),
        ("một số hộ", "một số hộ"),
        ("một nửa", "một nửa"),
        ("ba phẩy năm phần trăm", "3 phẩy 5 phần trăm"),
        ("mười năm hai tháng", "10 năm 2 tháng"),
        ("một trăm rưởi", "150"),
        ("thập niên chín mươi", "thập niên 90"),
    ],
)
def test_what_is_no_count_is_left_alone(text, expected):
    assert digits_for_words(text) == expected


def test_ten_years_are_not_fifteen():
    assert digits_for_words("mười năm") == "10 năm"
    assert digits_for_words("mười lăm") == "15"


def test_number_words_refuses_what_it_cannot_say():
    with pytest.raises(ValueError):
        number_words(-1)


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text):
    place = 0
    for token in tokenize(text):
        assert place <= token.start < token.end <= len(text)
        place = token.end
