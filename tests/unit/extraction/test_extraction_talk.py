"""How demands go through a talk: who is spoken to, what is told again, where the speaker talks on,
lists under headings, rows of tables, tasks announced by number, dates told later."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import roster
from transcription.contract.candidates import COORDINATING, LEAD, Candidate
from transcription.extraction.extract import Extractor, text_passage

HELD_ON = date(2025, 9, 24)  # a Wednesday
Told = list[tuple[list[str], str, str | None]]


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def read(text: str, floor: str | None = None, role: str | None = None) -> list[Candidate]:
    return extractor().read(text_passage(text, floor, role)).tasks


def who(candidate: Candidate, role: str = LEAD) -> list[str]:
    return [unit.code or unit.group or unit.phrase for unit in candidate.units if unit.role == role]


def told(text: str, floor: str | None = None, role: str | None = None) -> Told:
    """Leads, words of the task and date (or kind of deadline) of each task."""
    return [
        (
            who(c),
            c.task,
            c.deadline.due_on.isoformat() if c.deadline.due_on else c.deadline.kind,
        )
        for c in read(text, floor, role)
    ]


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "Chủ tịch UBND tỉnh yêu cầu: a) Sở Y tế rà soát thuốc trước ngày 05/10; b) Công ty Cấp"
            " nước Cà Mau điều xe bồn đến các ấp khô hạn.",
            [
                (["SYT"], "rà soát thuốc", "2025-10-05"),
                (["Công ty Cấp nước Cà Mau"], "điều xe bồn đến các ấp khô hạn", "none"),
            ],
        ),
        (
            "Giám đốc Sở Tư pháp kết luận: Hội Luật gia tỉnh soạn tờ gấp trước ngày 05/10.",
            [(["Hội Luật gia tỉnh"], "soạn tờ gấp", "2025-10-05")],
        ),
        (
            "1. Chủ tịch UBND các xã, phường:\n- Rà soát bờ bao trước ngày 05/10/2025.\n"
            "- Lập danh sách hộ phải di dời.",
            [
                (["communes_wards"], "Rà soát bờ bao", "2025-10-05"),
                (["communes_wards"], "Lập danh sách hộ phải di dời", "none"),
            ],
        ),
    ],
)
def test_what_a_heading_demands_is_demanded_of_each_body_listed(text: str, tasks: Told) -> None:
    assert told(text) == tasks


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "1. Sửa chữa trạm bơm ấp Bảy. Cơ quan chủ trì: Sở Xây dựng; cơ quan phối hợp: UBND xã"
            " Trí Phải; thời gian hoàn thành: quý IV năm 2025. 2. Cắm mốc hành lang kênh. Cơ quan"
            " chủ trì: UBND các xã, phường.",
            [
                (["SXD"], "Sửa chữa trạm bơm ấp Bảy", "2025-12-31"),
                (["communes_wards"], "Cắm mốc hành lang kênh", "none"),
            ],
        ),
        (
            "Với Sở Tư pháp, tôi giao hai việc. Một là tập huấn công chức hộ tịch trước ngày 10/10."
            " Hai là số hóa sổ hộ tịch trước ngày 20/12.",
            [
                (["STP"], "tập huấn công chức hộ tịch", "2025-10-10"),
                (["STP"], "số hóa sổ hộ tịch", "2025-12-20"),
            ],
        ),
    ],
)
def test_the_parts_of_a_demand_told_apart_are_put_together(text: str, tasks: Told) -> None:
    assert told(text) == tasks


def test_who_helps_may_be_told_in_a_clause_of_its_own() -> None:
    (task,) = read("Giao Sở Y tế phun hóa chất tại chợ; Công an tỉnh, UBND xã Trí Phải phối hợp.")
    assert who(task) == ["SYT"]
    assert who(task, COORDINATING) == ["CAT", "32071"]
    (task,) = read("Phối hợp với Công an tỉnh, Sở Y tế kiểm tra bếp ăn trước ngày 05/10.")
    assert (who(task), who(task, COORDINATING)) == (["SYT"], ["CAT"])


@pytest.mark.parametrize(
    ("text", "floor", "tasks"),
    [
        (  # hailed: "chị" is the department, not who has the floor
            "chị giám đốc sở nội vụ nghe tôi nói đây chị soát lại biên chế trước ngày mười tháng"
            " mười",
            "32071",
            [(["SNV"], "soát lại biên chế", "2025-10-10")],
        ),
        (  # by its sector
            "Giao anh Xây dựng xuống đo lại nền đường trước ngày 05/10.",
            None,
            [(["SXD"], "xuống đo lại nền đường", "2025-10-05")],
        ),
        (  # the head alone: who has the floor
            "Sở Y tế gửi thêm thuốc trước ngày 05/10. Còn xã dọn lại trạm cho sạch.",
            "32071",
            [
                (["SYT"], "gửi thêm thuốc", "2025-10-05"),
                (["32071"], "dọn lại trạm cho sạch", "none"),
            ],
        ),
        (  # the head alone: the body named before
            "Sở Tư pháp soạn tờ gấp. Sở cũng gửi tài liệu cho các xã trước ngày 05/10.",
            None,
            [
                (["STP"], "soạn tờ gấp", "none"),
                (["STP"], "gửi tài liệu cho các xã", "2025-10-05"),
            ],
        ),
        (  # "hai xã này": the two named before
            "Phê bình UBND xã Trí Phải, UBND xã Biển Bạch. Yêu cầu hai xã này nộp báo cáo trước"
            " ngày 05/10.",
            None,
            [(["32071", "32069"], "nộp báo cáo", "2025-10-05")],
        ),
        ("Giao Văn phòng theo dõi các việc trên.", None, [(["VPUB"], "theo dõi các việc trên",
                                                          "none")]),
    ],
)  # fmt: skip
def test_a_body_called_in_short_is_the_one_spoken_of(
    text: str, floor: str | None, tasks: Told
) -> None:
    assert told(text, floor, "chair" if floor else None) == tasks


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "sở tài chính bố trí tiền mua máy sở nội vụ phân lại người hai sở này làm xong trước"
            " ngày mười tháng mười",
            [
                (["STC"], "bố trí tiền mua máy", "2025-10-10"),
                (["SNV"], "phân lại người", "2025-10-10"),
            ],
        ),
        (
            "xã trí phải đắp lại đê trước ngày mười tháng mười quá ngày đó là tôi phê bình",
            [(["32071"], "đắp lại đê", "2025-10-10")],
        ),
        (
            "giao sở y tế phun thuốc trong tuần này còn sở công thương thì kiểm tra mấy kho gạo",
            [(["SYT"], "phun thuốc", "2025-09-26"), (["SCT"], "kiểm tra mấy kho gạo", "none")],
        ),
        (
            "giao xã trí phải à không à nhầm xã biển bạch mới đúng xã biển bạch nạo vét kênh trước"
            " ngày mười tháng mười",
            [(["32069"], "nạo vét kênh", "2025-10-10")],
        ),
    ],
)
def test_speech_without_signs_is_parted_at_its_subjects_and_ends_with_its_dates(
    text: str, tasks: Told
) -> None:
    assert told(text) == tasks


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Sở Nội vụ soạn hướng dẫn. Văn bản đó phải ra trong vòng 3 ngày làm việc.", "2025-09-29"),
        ("Sở Nội vụ soạn hướng dẫn. Cho các đồng chí đúng một tháng.", "2025-10-24"),
        ("Sở Nội vụ nộp hồ sơ trước ngày 05/10. Mà thôi, lấy ngày 08/10 cho chắc.", "2025-10-08"),
        ("Sở Nội vụ nộp hồ sơ. Thời hạn gửi UBND tỉnh: 05/10/2025.", "2025-10-05"),
        ("Để kịp mùa khô tháng 12/2025, giao Sở Nội vụ nộp hồ sơ trước ngày 05/10.", "2025-10-05"),
    ],
)
def test_a_date_told_in_another_sentence_is_the_demands(text: str, due: str) -> None:
    assert [due_on for _, _, due_on in told(text)] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "Đồng chí chủ trì đã nghe ý kiến của xã Trí Phải.",
        "Dân phản ánh xã hỏi thì tôi đã trả lời rồi.",
        "theo nghị định mới thì xã được cấp giấy còn của tổ chức thì sở nông nghiệp cấp",
        "Từ ngày 20/8 đến ngày 03/9/2025, Công an tỉnh tổ chức tuần tra, xử lý 412 trường hợp.",
        "Yêu cầu Sở Y tế ban hành lịch trực: đã thực hiện ngày 20/9.",
        "giao ban trực tuyến tháng chín có sáu mươi bốn điểm cầu dự",
        "tiếp theo xã trí phải chuẩn bị",
    ],
)
def test_what_is_only_told_is_no_demand(text: str) -> None:
    assert told(text) == []
