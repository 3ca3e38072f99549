"""Demands whose words a recogniser misheard: found, with a reason of their own and less sure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from transcription.contract.candidates import COORDINATING, LEAD
from transcription.extraction.extract import extract_text
from transcription.text.vi_units import roster_from_csv

FILES = Path(__file__).resolve().parents[3] / "transcription" / "data"
DAY = date(2025, 9, 24)


@pytest.fixture(scope="module")
def roster():
    names = ("departments.csv", "camau_units.csv")
    return roster_from_csv(*((FILES / name).read_text("utf-8") for name in names))


@pytest.fixture(scope="module")
def read(roster):
    return lambda text: extract_text(text, DAY, roster, speaker_role="chair").tasks


@pytest.mark.parametrize(
    ("text", "lead", "reason"),
    [
        ("dao sở y tế rà soát thuốc còn thiếu", "SYT", "misheard.giao"),
        ("giáo xã đầm dơi rà soát hộ nghèo", "32152", "misheard.giao"),
        ("rao cho đồng chí chủ tịch xã năm căn kiểm tra kênh", "32191", "misheard.giao_cho"),
        ("yêu cậu xã đầm dơi rà soát hộ nghèo", "32152", "misheard.yêu_cầu"),
        ("đề nghĩ sở y tế rà soát thuốc còn thiếu", "SYT", "misheard.đề_nghị"),
        ("xã đầm dơi khẩn chương rà soát hộ nghèo", "32152", "misheard.khẩn_trương"),
        ("xã đầm dơi phãi rà soát hộ nghèo", "32152", "misheard.phải"),
        ("xã đầm dơi có chách nhiệm rà soát hộ nghèo", "32152", "misheard.có_trách_nhiệm"),
        ("phân cong sở y tế kiểm tra trạm y tế", "SYT", "misheard.phân_công"),
    ],
)
def test_a_misheard_trigger_is_known_by_its_sound(read, text, lead, reason):
    (task,) = read(text)
    assert [unit.code for unit in task.of_role(LEAD)] == [lead]
    assert reason in task.reasons
    assert task.quote in text


def test_a_misheard_trigger_makes_a_task_less_sure(read):
    (plain,) = read("yêu cầu xã đầm dơi rà soát hộ nghèo trước ngày 15 tháng 10")
    (misheard,) = read("yêu cậu xã đầm dơi rà soát hộ nghèo trước ngày 15 tháng 10")
    assert misheard.confidence < plain.confidence
    assert misheard.deadline.due_on == plain.deadline.due_on
    assert not [reason for reason in plain.reasons if reason.startswith("misheard")]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("giao sã đầm dơi rà soát hộ nghèo", "32152"),
        ("giao ũy bang nhân dân xã đầm dơi rà soát hộ nghèo", "32152"),
        ("giao phườn láng tròn rà soát hộ nghèo", "31951"),
        ("giao sơ nội vụ rà soát biên chế", "SNV"),
        ("giao ban quẩn lý khu kinh tế rà soát quỹ đất", "BQLKKT"),
    ],
)
def test_a_misheard_head_still_names_the_unit(read, text, lead):
    (task,) = read(text)
    assert [unit.code for unit in task.of_role(LEAD)] == [lead]


def test_misheard_coordination_is_read(read):
    (task,) = read("giao sở y tế chủ chì phồi hợp với sở nội vụ rà soát trạm y tế")
    assert [unit.code for unit in task.of_role(LEAD)] == ["SYT"]
    assert [unit.code for unit in task.of_role(COORDINATING)] == ["SNV"]


@pytest.mark.parametrize(
    "text",
    [
        "nhà giáo xã đầm dơi được khen thưởng",
        "vào xã đầm dơi thấy đường rất xấu",
        "tôn giáo xã đầm dơi hoạt động ổn định",
        "anh em để nghỉ lễ xong rồi bàn",
        "con dao của ông hai bị rơi",
        "yếu cậu ấy nói nhiều lắm",
        "đi xa năm căn mấy chục cây số",
    ],
)
def test_words_that_only_sound_alike_demand_nothing(read, text):
    assert read(text) == ()


def test_a_near_name_is_never_taken_for_sure_behind_misheard_words(read):
    for task in read("yêu cậu sã tân an rà soát hộ nghèo"):
        assert [unit.code for unit in task.of_role(LEAD)] == [None]


def test_the_title_is_set_right_and_the_quote_stays_verbatim(read):
    (task,) = read("giao xã đầm dơi khẩn chương rà soát hộ nghèo")
    assert task.title == "Khẩn trương rà soát hộ nghèo"
    assert task.task == "khẩn chương rà soát hộ nghèo"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("trước này 15 tháng 10", date(2025, 10, 15)),
        ("chậm nhức ngày mười lăm tháng mười", date(2025, 10, 15)),
        ("trước ngày mười lăm thán mười", date(2025, 10, 15)),
        ("trong vòng mười ngay", date(2025, 10, 4)),
    ],
)
def test_a_misheard_deadline_is_read_and_less_sure(read, said, due):
    (task,) = read(f"giao xã đầm dơi rà soát hộ nghèo {said}")
    (plain,) = read("giao xã đầm dơi rà soát hộ nghèo trước ngày 15 tháng 10")
    assert (task.deadline.kind, task.deadline.due_on) == ("dated", due)
    assert task.deadline.phrase == said
    assert task.task == "rà soát hộ nghèo"
    assert task.confidence <= plain.confidence


@pytest.mark.parametrize("text", ["đệ nghì đồng chí chủ tịch xã đầm dơi rà soát hộ nghèo",
                                  "yều cậu xã đầm dơi rà soát hộ nghèo"])  # fmt: skip
def test_a_pair_misheard_in_both_syllables_needs_an_addressee(read, text):
    assert len(read(text)) == 1
    assert read(text.replace("đồng chí chủ tịch ", "").replace("xã đầm dơi", "mình")) == ()


def test_a_longer_name_of_a_body_is_read_though_its_end_is_misheard(read):
    (task,) = read("giao sở văn hóa thể thao và du lích rà soát di tích")
    assert [unit.code for unit in task.of_role(LEAD)] == ["SVHTTDL"]
    assert task.task == "rà soát di tích"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("giao ổy bân nhân dân xã đầm dơi rà soát hộ nghèo", "32152"),
        ("giao ũy bân phường láng tròn rà soát hộ nghèo", "31951"),
        ("yêu sở tài chính rà soát nguồn vốn", "STC"),
    ],
)
def test_a_head_far_off_or_half_a_trigger_is_read_before_a_plain_name(read, text, lead):
    (task,) = read(text)
    assert [unit.code for unit in task.of_role(LEAD)] == [lead]


def test_the_next_speaker_word_is_no_part_of_the_task_before(read):
    first, second = read("giao sở y tế rà soát thuốc tồi giao xã đầm dơi rà soát hộ nghèo")
    assert first.task == "rà soát thuốc"
    assert second.of_role(LEAD)[0].code == "32152"


def test_half_a_trigger_without_a_plain_addressee_demands_nothing(read):
    assert read("bà con rất yêu mến rà soát hộ nghèo") == ()


def test_a_misheard_request_is_a_request_and_less_sure(roster):
    text = "xã đầm dơi {} sở tài chính bố trí kinh phí nạo vét kênh"
    (plain,) = extract_text(text.format("kiến nghị"), DAY, roster).requests
    (heard,) = extract_text(text.format("kiên nghị"), DAY, roster).requests
    assert heard.task == plain.task
    assert heard.confidence < plain.confidence
    assert "misheard.kiến_nghị" in heard.reasons


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("giao biên phọng quản lý chặt tàu cá", "BDBP"),
        ("tồi giào ành chủ tịch xã đầm dơi rà soát hộ nghèo", "32152"),
        ("sở y tế cuối tháng mười phãi có phương án phòng dịch", "SYT"),
    ],
)
def test_short_bodies_posts_and_what_must_be_had_are_heard(read, text, lead):
    (task,) = read(text)
    assert [unit.code for unit in task.of_role(LEAD)] == [lead]


def test_a_misheard_class_is_a_class(read):
    (task,) = read("yêu cầu cạc sở ban ngành gửi báo cáo trước thứ tư tuần sau")
    assert task.of_role(LEAD)[0].group == "departments"


def test_a_misheard_promise_or_closing_is_no_task(read):
    assert read("sỡ chúng tôi sẽ cử tổ công tác xuống xã đầm dơi") == ()
    assert read("cảm ơn cạc đồng chí đã phát biễu") == ()
