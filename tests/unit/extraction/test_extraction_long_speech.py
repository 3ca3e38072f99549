"""Long speech and minutes: reproach before a demand, dates that close it, the next in turn, acts
told again to who has the floor, what is handed in, and what was done already."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import roster
from transcription.contract.candidates import COORDINATING, LEAD, Candidate
from transcription.extraction.extract import Extractor, Reading, text_passage

HELD_ON = date(2025, 10, 1)  # a Wednesday
CAI_NUOC, VINH_LOI = "32128", "31900"
Told = list[tuple[list[str], str, str | None]]


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def reading(text: str, floor: str | None = None, role: str | None = None) -> Reading:
    return extractor().read(text_passage(text, floor, role))


def who(candidate: Candidate, role: str = LEAD) -> list[str]:
    return [unit.code or unit.group or unit.phrase for unit in candidate.units if unit.role == role]


def told(text: str, floor: str | None = None, role: str | None = None) -> Told:
    return [
        (who(c), c.task, c.deadline.due_on.isoformat() if c.deadline.due_on else c.deadline.kind)
        for c in reading(text, floor, role).tasks
    ]


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "sở xây dựng kiểm tra lại toàn bộ đèn chiếu sáng trên tuyến quản lộ hai mươi lăm tháng"
            " mười là phải xong nha còn phường an xuyên thu dọn mấy cái bãi tự phát trước ngày ba"
            " mươi tháng mười giùm tôi",
            [
                (["SXD"], "kiểm tra lại toàn bộ đèn chiếu sáng trên tuyến quản lộ", "2025-10-25"),
                (["32002"], "thu dọn mấy cái bãi tự phát", "2025-10-30"),
            ],
        ),
        (
            "vườn quốc gia u minh hạ đắp lại bốn cái đập giữ nước hai mươi tháng mười một là hạn"
            " chót còn xã nguyễn phích lập tổ canh lửa cũng hạn đó luôn",
            [
                (["vườn quốc gia u minh hạ"], "đắp lại bốn cái đập giữ nước", "2025-11-20"),
                (["32044"], "lập tổ canh lửa", "2025-11-20"),
            ],
        ),
        (
            "sở y tế rà soát thuốc trước ngày hai mươi sở nội vụ cân đói biên chế cho các trạm",
            [
                (["SYT"], "rà soát thuốc", "2025-10-20"),
                (["SNV"], "cân đói biên chế cho các trạm", "none"),
            ],
        ),
        (
            "sở tài chính làm xong thủ tục trước ngày mười lăm không có bàn lùi gì nữa hết",
            [(["STC"], "làm xong thủ tục", "2025-10-15")],
        ),
        (
            "khi có hướng dẫn của trung ương sở nội vụ tham mưu kế hoạch của tỉnh",
            [(["SNV"], "tham mưu kế hoạch của tỉnh", "event")],
        ),
        (
            "xã phú tân rồi xã đầm dơi báo cáo số liệu hộ nghèo trước thứ sáu",
            [(["32218", "32152"], "báo cáo số liệu hộ nghèo", "2025-10-03")],
        ),
    ],
)
def test_demands_in_long_speech_are_parted_at_their_dates(text: str, tasks: Told) -> None:
    assert told(text, None, "chair") == tasks


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "anh phải bố trí đủ người trực ở quầy rồi anh báo lại cho văn phòng trước thứ hai",
            [("bố trí đủ người trực ở quầy", "none"), ("báo lại cho văn phòng", "2025-10-06")],
        ),
        (
            "cái bãi rác đó anh kêu người dọn xong trước ngày mười tám tháng mười",
            [("kêu người dọn", "2025-10-18")],
        ),
        (
            "đồng chí phải lập hồ sơ từng chiếc một ai chủ neo ở đâu xong trước hai mươi tháng"
            " mười",
            [("lập hồ sơ từng chiếc một ai chủ neo ở đâu", "2025-10-20")],
        ),
    ],
)
def test_who_has_the_floor_is_told_one_act_after_the_other(
    text: str, tasks: list[tuple[str, str]]
) -> None:
    assert told(text, CAI_NUOC, "chair") == [([CAI_NUOC], task, due) for task, due in tasks]


def test_who_leads_with_whom_is_no_person_s_name() -> None:
    text = "đồng chí chủ trì cùng sở tài chính xây dựng mức hỗ trợ trước ngày mười"
    (task,) = reading(text, "SGDDT", "chair").tasks
    assert (who(task), who(task, COORDINATING)) == (["SGDDT"], ["STC"])
    assert task.task == "xây dựng mức hỗ trợ"


def test_a_body_may_be_called_by_where_it_is() -> None:
    assert told(
        "đồng chí ở cái nước mỗi sáng đo mặn rồi nhắn vô nhóm chung", VINH_LOI, "chair"
    ) == [([CAI_NUOC], "đo mặn rồi nhắn vô nhóm chung", "recurring")]


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (
            "Các việc sau hoàn thành trước ngày 20/10: Sở Y tế rà soát thuốc; Sở Nội vụ tổng hợp"
            " danh sách. Sở Tài chính cân đối vốn.",
            [
                (["SYT"], "rà soát thuốc", "2025-10-20"),
                (["SNV"], "tổng hợp danh sách", "2025-10-20"),
                (["STC"], "cân đối vốn", "none"),
            ],
        ),
        (
            "Chậm nhất ngày 31/10/2025, các cơ quan sau có trách nhiệm:\n- Sở Y tế: công bố kế"
            " hoạch;\n- UBND phường Hiệp Thành: giải phóng phần đất.",
            [
                (["SYT"], "công bố kế hoạch", "2025-10-31"),
                (["31840"], "giải phóng phần đất", "2025-10-31"),
            ],
        ),
        (
            "Sở Xây dựng xử lý bến không phép; kết quả báo cáo Chủ tịch UBND tỉnh trước 15/10.",
            [
                (
                    ["SXD"],
                    "xử lý bến không phép; kết quả báo cáo Chủ tịch UBND tỉnh",
                    "2025-10-15",
                )
            ],
        ),
        (
            "Giao UBND xã Sông Đốc và UBND xã Cái Đôi Vàm lập danh sách tàu cá. Hai đơn vị này gửi"
            " danh sách về Sở Y tế chậm nhất ngày 30/10/2025.",
            [
                (["32098", "32212"], "lập danh sách tàu cá", "none"),
                (["32098", "32212"], "gửi danh sách về Sở Y tế", "2025-10-30"),
            ],
        ),
        (
            "Văn phòng thông báo: UBND các phường cử cán bộ kiểm tra đường truyền.",
            [(["wards"], "cử cán bộ kiểm tra đường truyền", "none")],
        ),
        (
            "Giao Sở Nội vụ trình Đề án. Thời hạn ngày 15/12/2025 ghi trong dự thảo được sửa thành"
            " ngày 31/12/2025.",
            [(["SNV"], "trình Đề án", "2025-12-31")],
        ),
        (
            "Xã Biển Bạch còn 54 hộ khó khăn. UBND xã khẩn trương lập danh sách hộ đủ điều kiện.",
            [(["32069"], "khẩn trương lập danh sách hộ đủ điều kiện", "none")],
        ),
    ],
)
def test_minutes_tell_dates_and_bodies_once_for_several(text: str, tasks: Told) -> None:
    assert told(text) == tasks


@pytest.mark.parametrize(
    "text",
    [
        "UBND tỉnh đã yêu cầu UBND xã Lương Thế Trân tháo dỡ 06 hàng đáy; đến ngày 20/9/2025, xã"
        " đã tháo dỡ xong toàn bộ và gửi biên bản nghiệm thu, nhiệm vụ được kết thúc theo dõi.",
        "Yêu cầu UBND phường Vĩnh Trạch tháo dỡ 14 căn nhà lấn chiếm, nêu trong cuộc họp ngày 20/4,"
        " đã được thực hiện xong ngày 18/5.",
        "Nhiệm vụ rà soát hộ nghèo mà Chủ tịch UBND tỉnh giao UBND xã Châu Thới tại Thông báo số"
        " 88, xã đã hoàn thành và gửi báo cáo ngày 20/9/2025.",
    ],
)
def test_what_was_met_is_told_as_fulfilled(text: str) -> None:
    result = reading(text)
    assert result.tasks == []
    assert "fulfilled" in {refused.reason for refused in result.not_taken}


def test_a_wish_within_a_demand_is_no_request() -> None:
    result = reading(
        "Giao Sở Nội vụ tổng hợp danh sách người lao động có nguyện vọng nghỉ, trình Chủ tịch UBND"
        " tỉnh chậm nhất ngày 13/10/2025."
    )
    assert result.requests == []
    assert [who(task) for task in result.tasks] == [["SNV"]]


def test_papers_that_people_lack_do_not_hide_a_request() -> None:
    text = "phường vướng thủ tục cho người không có giấy tờ xin sở tư pháp hướng dẫn cụ thể"
    (request,) = reading(text, "31825", "unit").requests
    assert [unit.code for unit in request.units] == ["31825", "STP"]


def test_a_secretary_who_reads_out_what_a_commune_asked_makes_no_task_of_it() -> None:
    text = (
        "Tại hội nghị, Chủ tịch UBND xã Tam Giang kiến nghị Sở Xây dựng sớm sửa chữa phà Kinh 17."
    )
    result = reading(text, None, "secretary")
    (request,) = result.requests
    assert ([unit.code for unit in request.units], result.tasks) == (["32206", "SXD"], [])


def test_today_is_no_deadline_where_it_only_says_when_one_speaks() -> None:
    text = "Hôm nay tôi giao thêm: xã Nguyễn Phích di dời 6 hộ trước ngày 30 tháng 10."
    assert told(text, None, "chair") == [(["32044"], "di dời 6 hộ", "2025-10-30")]


def test_who_attends_is_no_demand() -> None:
    text = "Về dự hội nghị có lãnh đạo Sở Dân tộc và Tôn giáo, đại diện Công an tỉnh."
    assert told(text, None, "chair") == []
