"""Any text gives a result: spans lie in it, no date and no unit is made up, no blow-up."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.extraction import extract_text
from transcription.extraction.extract import Extractor, text_passage
from transcription.text import number_words, read_deadline
from transcription.text.vi_units import roster_from_csv

FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"
HELD_ON = date(2025, 9, 24)

WORDS = (
    "giao yêu cầu đề nghị xã đầm dơi sở y tế tài chính rà soát báo trước ngày mười lăm tháng , . ; "
    "phối hợp với chủ trì phải đã sẽ và các phường 64 đồng chí thứ hai tuần sau chậm nhất 15/10 "
    "không à kiến tỉnh xin năm căn hằng khi có 31/2 17h00 😀 từ đến giờ kể nhận được : ( ) \n ?"
).split(" ")


@cache
def roster():
    names = ("departments.csv", "camau_units.csv")
    return roster_from_csv(*((FILES / name).read_text("utf-8") for name in names))


def check_spans(text):
    result = extract_text(text, HELD_ON, roster())
    for item in (*result.tasks, *result.requests):
        assert text[item.quote_start : item.quote_end] == item.quote
        assert item.task in text
        assert 0 < item.confidence < 1
        assert (item.deadline.kind == "dated") == (item.deadline.due_on is not None)
        for unit in item.units:
            assert unit.code is None or roster().unit(unit.code) is not None
            assert len(unit.choices) <= 3
    return result


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_words_of_the_trade_give_spans_of_the_text(words):
    check_spans(" ".join(words))


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_result(text):
    check_spans(text)


EXTRACTOR = Extractor(HELD_ON, roster())

HOSTILE = (
    "giao xã đầm dơi rà soát trước ngày mười ", " xã", "ngày mười ", "trước ", "đồng chí ",
    ", xã đầm dơi và", ",", "1", "1.", "1 ", "15/10 ", "😀", "kiến nghị tỉnh ", "phối hợp với ",
    "64 xã ", "các xã ven biển ", "năm ", "cuối giờ ", "đề nghị ", "từ ngày 1/10 đến ", "xã tân ",
    "sở ", "à không ngày ", "hai ba ", "giao ", "mỗi ", "\n", "(", "thôi không cần nữa ", "nếu ",
)  # fmt: skip


def seconds_for(text):
    """Processor time of the quicker of two readings."""
    took = []
    for _ in range(2):
        started = process_time()
        EXTRACTOR.read(text_passage(text, None, None))
        took.append(process_time() - started)
    return min(took)


@pytest.mark.parametrize("unit", HOSTILE)
def test_twenty_thousand_characters_are_read_without_a_blow_up(unit):
    text = (unit * (20_000 // len(unit) + 1))[:20_000]
    whole = seconds_for(text)
    assert whole < 0.4  # the figure is 50 ms on a quiet machine (tests/bench); shared ones vary
    assert whole < 3 * seconds_for(text[:10_000]) + 0.02  # twice the text, twice the time


def test_a_sentence_of_a_hundred_thousand_characters_is_read():
    text = "giao xã đầm dơi rà soát " + "hộ nghèo " * 11_000 + "trước ngày mười tháng mười"
    reading = EXTRACTOR.read(text_passage(text, None, None))
    assert len(reading.tasks) == 1


def test_a_date_that_does_not_exist_is_not_invented():
    text = "Giao xã Đầm Dơi rà soát hộ nghèo trước ngày 31/2."
    (task,) = extract_text(text, HELD_ON, roster()).tasks
    assert task.deadline.due_on is None


def said(day, form):
    d, m, y = day.day, day.month, day.year
    digits = f"{d}/{m}/{y}"
    words = f"{number_words(d)} tháng {number_words(m)} năm {number_words(y)}"
    return {
        "slashes": f"trước ngày {digits}",
        "padded": f"chậm nhất ngày {d:02d}/{m:02d}/{y}",
        "months": f"đến ngày {d} tháng {m} năm {y}",
        "words": f"trước ngày {words}",
        "no year": f"trong ngày {number_words(d)} tháng {number_words(m)}",
        "first days": f"hạn chót là {'mùng' if d <= 10 else 'ngày'} {number_words(d)} "
        f"tháng {number_words(m)}",
        "hour": f"trước 17 giờ ngày {digits}",
    }[form]


@pytest.mark.parametrize(
    "form", ["slashes", "padded", "months", "words", "no year", "first days", "hour"]
)
def test_every_day_of_two_years_is_read_back(form):
    for ahead in range(730 if "year" not in form and "first" not in form else 365):
        day = HELD_ON + timedelta(days=ahead)
        deadline = read_deadline(said(day, form), HELD_ON)
        assert deadline is not None, said(day, form)
        assert deadline.due_on == day, said(day, form)
