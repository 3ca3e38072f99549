"""How a demand is told: its subject, its lists, its points, its dates; each way read, and what only
looks like it not taken."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import roster
from transcription.contract.candidates import COORDINATING, LEAD, Candidate
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.reading import Reading

HELD_ON = date(2025, 9, 24)


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def read(text: str) -> Reading:
    return extractor().read(text_passage(text, None, None))


def who(candidate: Candidate, role: str = LEAD) -> list[str]:
    return [unit.code or unit.group or unit.phrase for unit in candidate.units if unit.role == role]


def told(text: str) -> list[tuple[list[str], str, str | None]]:
    """Leads, words of the task and date of each task."""
    return [
        (who(c), c.task, c.deadline.due_on.isoformat() if c.deadline.due_on else None)
        for c in read(text).tasks
    ]


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (  # any act that a marked date closes
            "sở y tế khử khuẩn toàn bộ chợ phường vĩnh trạch trước thứ bảy",
            [(["SYT"], "khử khuẩn toàn bộ chợ phường vĩnh trạch", "2025-09-27")],
        ),
        (  # a clause of its own where speech has no signs
            "tiến độ chậm quá rồi sở xây dựng kiểm tra lại trước ngày mười tháng mười",
            [(["SXD"], "kiểm tra lại", "2025-10-10")],
        ),
        (  # the same verb of another unit
            "xã định thành làm hồ sơ quyết toán xã vĩnh thanh làm hồ sơ nghiệm thu",
            [
                (["31993"], "làm hồ sơ quyết toán", None),
                (["31882"], "làm hồ sơ nghiệm thu", None),
            ],
        ),
        (  # a second body behind a sign
            "Giao Sở Tư pháp rà soát văn bản, Sở Tài chính cân đối nguồn vốn trước ngày 10/10.",
            [
                (["STP"], "rà soát văn bản", None),
                (["STC"], "cân đối nguồn vốn", "2025-10-10"),
            ],
        ),
        (  # a slip, put right
            "giao cho xã trần văn thời à không xã khánh bình chuẩn bị mặt bằng",
            [(["32110"], "chuẩn bị mặt bằng", None)],
        ),
        (  # a date for a whole list
            "UBND tỉnh giao: Sở Tài chính hướng dẫn thanh toán; Sở Nội vụ thẩm định danh sách."
            " Cả hai Sở báo cáo trước ngày 27/10.",
            [
                (["STC"], "hướng dẫn thanh toán", "2025-10-27"),
                (["SNV"], "thẩm định danh sách", "2025-10-27"),
            ],
        ),
        (  # a body named again by its head
            "vụ sạt lở ở xã thanh tùng thì xã phải rào chắn lại ngay trong đêm nay",
            [(["32185"], "rào chắn lại", "2025-09-24")],
        ),
        (  # grounds before what it must
            "riêng xã vĩnh mỹ vì còn nợ chỉ tiêu nên trong quý bốn phải hoàn thành hai tiêu chí",
            [(["31918"], "hoàn thành hai tiêu chí", "2025-12-31")],
        ),
        (  # a name that sounds like an act
            "giao công ty khai thác thủy lợi bơm tiếp nước trong năm ngày tới",
            [(["công ty khai thác thủy lợi"], "bơm tiếp nước", "2025-09-29")],
        ),
        (  # heads of all departments and of all communes
            "Yêu cầu các đồng chí giám đốc sở, chủ tịch xã, phường ký cam kết trước ngày 17/10.",
            [(["departments", "communes_wards"], "ký cam kết", "2025-10-17")],
        ),
        (  # the paragraph's head
            "Đối với Sở Tư pháp: rà soát các nghị quyết, báo cáo trước ngày 10/10.",
            [(["STP"], "rà soát các nghị quyết, báo cáo", "2025-10-10")],
        ),
        (  # items of a list over semicolons, the date behind them
            "Sở Nội vụ tham mưu UBND tỉnh: (1) Đề án vị trí việc làm; (2) Kế hoạch biên chế;"
            " hoàn thành trước ngày 25/10.",
            [
                (
                    ["SNV"],
                    "tham mưu UBND tỉnh: (1) Đề án vị trí việc làm; (2) Kế hoạch biên chế",
                    "2025-10-25",
                )
            ],
        ),
        (  # the object behind the date
            "Sở Công Thương hoàn thành trước 31/12/2025 việc quy hoạch cụm công nghiệp.",
            [(["SCT"], "quy hoạch cụm công nghiệp", "2025-12-31")],
        ),
        (  # a body named twice
            "Sở Du lịch, Sở Văn hóa khảo sát tuyến du lịch sinh thái trước ngày 10/10.",
            [(["SVHTTDL"], "khảo sát tuyến du lịch sinh thái", "2025-10-10")],
        ),
        (  # a dated act and a recurring one
            "Công an tỉnh xử lý xong điểm đen trước Tết, hằng tháng báo cáo UBND tỉnh.",
            [
                (["CAT"], "xử lý xong điểm đen", "2026-02-17"),
                (["CAT"], "báo cáo UBND tỉnh", None),
            ],
        ),
        (  # the next month's fifteenth
            "giao phường vĩnh trạch thống kê lại trước mười lăm tháng sau",
            [(["31834"], "thống kê lại", "2025-10-15")],
        ),
        (  # what only presses it
            "phường giá rai dẹp ngay bãi rác trong tuần này nghe các đồng chí",
            [(["31942"], "dẹp ngay bãi rác", "2025-09-26")],
        ),
        (  # a unit by its bare name
            "biên phòng rà lại tàu cá ba không trước ngày mười lăm tháng mười một",
            [(["BDBP"], "rà lại tàu cá ba không", "2025-11-15")],
        ),
        (  # what is done among further acts
            "Giao Sở Xây dựng kiểm tra, đôn đốc nhà thầu thi công cầu trước ngày 10/10.",
            [(["SXD"], "kiểm tra, đôn đốc nhà thầu thi công cầu", "2025-10-10")],
        ),
    ],
)
def test_a_demand_is_read_however_it_is_told(
    text: str, tasks: list[tuple[list[str], str, str | None]]
) -> None:
    assert told(text) == tasks


@pytest.mark.parametrize(
    "text",
    [
        "tính đến hôm qua còn chín xã chưa nộp báo cáo",
        "Trước ngày 15/9, có 50 xã, phường nộp báo cáo.",
        "Thời gian qua, các xã tích cực tuyên truyền, vận động người dân.",
        "sở giáo dục trả lời là chưa có hướng dẫn của bộ",
        "Sở Xây dựng báo cáo: tiến độ chung chậm so với kế hoạch.",
        "Tại phiên họp, Sở Tài chính trình bày dự thảo báo cáo tình hình kinh tế.",
        "đúng ra là sở tài chính phải thẩm định xong từ tuần trước rồi",
        "Chủ tịch UBND tỉnh chủ trì hội nghị trực tuyến với các xã.",
        "Việc UBND phường Láng Tròn phải hoàn trả tạm ứng đã được Kho bạc xác nhận.",
        "Sở Nội vụ tổ chức thành công Hội nghị tổng kết.",
        "dạ phường xin tiếp thu ý kiến chỉ đạo của đồng chí",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "lead", "helpers"),
    [
        (
            "Sở Công Thương làm đầu mối, Công an tỉnh và UBND các xã hỗ trợ kiểm tra kho hàng.",
            ["SCT"],
            ["CAT", "communes"],
        ),
        (
            "Giao Sở Nội vụ (phối hợp với Sở Tư pháp) rà soát các nghị quyết.",
            ["SNV"],
            ["STP"],
        ),
        (
            "Giao xã Khánh Bình chủ trì, phối hợp thường xuyên với Chi cục Thủy lợi kiểm tra cống.",
            ["32110"],
            ["Chi cục Thủy lợi"],
        ),
        ("Giao Sở Xây dựng chủ trì thẩm định dự án.", ["SXD"], []),
    ],
)
def test_helpers_are_told_from_the_lead(text: str, lead: list[str], helpers: list[str]) -> None:
    (task,) = read(text).tasks
    assert (who(task), who(task, COORDINATING)) == (lead, helpers)


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        (
            "một là giao sở tư pháp thẩm định nghị quyết hai là giao sở nội vụ phát giấy mời",
            [["STP"], ["SNV"]],
        ),
        (
            "thứ nhất sở xây dựng hoàn thiện hồ sơ trước ngày mười thứ hai về nhà ở xã hội"
            " sở tài chính bố trí vốn trước ngày hai mươi",
            [["SXD"], ["STC"]],
        ),
        ("sở xây dựng hoàn thiện hồ sơ trước thứ hai", [["SXD"]]),
    ],
)
def test_speech_is_parted_at_its_points_and_not_at_weekdays(
    text: str, leads: list[list[str]]
) -> None:
    assert [who(task) for task in read(text).tasks] == leads
