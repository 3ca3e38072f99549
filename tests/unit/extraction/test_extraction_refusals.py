"""Each reason why something is no task: two passages where it is given, one that only sounds so."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import roster
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.reading import Reading
from transcription.extraction.refusals.reasons import REASONS

HELD_ON = date(2025, 9, 24)

# reason: two that are refused for it, and one that is a task
EXAMPLES: dict[str, tuple[str, str, str]] = {
    "empty": (
        "Giao Sở Y tế.",
        "thì giao cho sở nội vụ",
        "Giao Sở Y tế rà soát.",
    ),
    "question": (
        "sở tài chính tính chừng nào mới phân bổ nguồn này",
        "xã năm căn phải làm xong trước ngày hai mươi được không",
        "Công an tỉnh phải làm rõ vì sao để xảy ra cháy, báo cáo trước ngày 25/10.",
    ),
    "hedge": (
        "Có thể tính đến việc giao Sở Xây dựng quản lý bến phà.",
        "hay là giao xã năm căn làm luôn cái bờ kè này",
        "Giao Sở Tài chính cân nhắc mức hỗ trợ, trình UBND tỉnh trước ngày 05/11.",
    ),
    "condition": (
        "Nếu xã Phú Tân phải di dời dân thì tỉnh hỗ trợ.",
        "nếu sở y tế phải bổ sung thuốc thì làm văn bản",
        "Xã Phú Tân phải di dời dân nếu nước dâng trong tuần này.",
    ),
    "warning": (
        "Giám đốc Sở Y tế chịu trách nhiệm trước Chủ tịch UBND tỉnh nếu để dịch lan rộng.",
        "xã sông đốc chịu trách nhiệm nếu để tàu cá vi phạm",
        "Sở Y tế chịu trách nhiệm phun thuốc diệt muỗi trước ngày 10/10.",
    ),
    "rule": (
        "Khoản 3 Điều 10 quy định: các chủ rừng phải lập phương án phòng cháy.",
        "theo nghị định mới thì ủy ban nhân dân cấp xã phải công khai trong mười lăm ngày",
        "Căn cứ Luật Đất đai, giao UBND xã Tân Thuận lập hồ sơ thu hồi đất trước ngày 20/11.",
    ),
    "plan": (
        "Theo kế hoạch, Sở Nội vụ tổ chức thi tuyển vào tháng 12.",
        "theo lịch, sở y tế tổ chức tiêm chủng trong tháng mười một",
        "Sở Nội vụ tổ chức thi tuyển trước ngày 01/12.",
    ),
    "promise": (
        "xã đầm dơi phải làm xong đường trong tháng này",
        "Xã Đầm Dơi khẩn trương rà soát lại trước ngày 20/10.",
        "Yêu cầu xã Đầm Dơi rà soát lại số này.",
    ),
    "withdrawn": (
        "giao xã phú tân tổ chức lễ hội rồi thôi cái đó khỏi đi",
        "Giao Sở Công Thương mở hội chợ trong tháng 10. Nội dung này tạm gác lại.",
        "yêu cầu xã phú tân dừng ngay việc san lấp không để tái diễn nữa",
    ),
    "fulfilled": (
        "Nhiệm vụ giao Sở Tài chính trình phương án đã được hoàn thành ngày 12/3.",
        "giao xã phú tân sửa cầu làm xong rồi",
        "Đã giao Sở Y tế rà soát các cơ sở đã được cấp phép, báo cáo trước ngày 20/10.",
    ),
    "missed": (
        "yêu cầu sở tài chính báo cáo mà tới giờ vẫn không thấy",
        "Giao Sở Xây dựng trình quy hoạch nhưng đến nay vẫn chưa trình.",
        "Giao Sở Xây dựng trình quy hoạch trước ngày 30/10.",
    ),
    "not_entitled": (
        "Người dân yêu cầu UBND xã Năm Căn sửa đường.",
        "bà con đề nghị xã năm căn nạo vét kênh",
        "Yêu cầu UBND xã Năm Căn sửa đường cho người dân.",
    ),
    "praise": (
        "Biểu dương sự cố gắng, Sở Y tế phải làm nhiều việc.",
        "ghi nhận là sở y tế phải trực đêm",
        "Sở Y tế phải trực đêm trong tuần này.",
    ),
    "conduct": (
        "đề nghị xã năm căn báo cáo ngắn gọn",
        "yêu cầu sở xây dựng trả lời luôn cái này cho bà con nghe",
        "Giao Sở Xây dựng trả lời kiến nghị của xã Năm Căn trước ngày 15/10.",
    ),
    "exhortation": (
        "Các địa phương phải quyết tâm hơn nữa.",
        "các sở ngành phải coi đây là việc của mình",
        "Các địa phương phải quyết tâm giải ngân xong trước ngày 31/12.",
    ),
    "assessment": (
        "Sở Tài chính thực hiện rất tốt công tác quyết toán.",
        "xã năm căn giải ngân còn chậm",
        "Sở Tài chính thực hiện công tác quyết toán trước ngày 20/10.",
    ),
    "of_the_province": (
        "UBND tỉnh nghiêm túc rút kinh nghiệm về việc chậm ban hành văn bản.",
        "Ủy ban nhân dân tỉnh tiếp tục rà soát các dự án chậm tiến độ.",
        "Văn phòng UBND tỉnh tiếp tục rà soát các dự án chậm tiến độ.",
    ),
    "report": (
        "Công an tỉnh xử lý 35 vụ vi phạm.",
        "xã năm căn thu được bốn tỷ hai",
        "Công an tỉnh xử lý các vụ vi phạm trước ngày 20/10.",
    ),
    "notice": (
        "Văn phòng UBND tỉnh thông báo đến các đơn vị biết, thực hiện.",
        "Văn phòng UBND tỉnh thông báo các sở, ngành được biết.",
        "Giao Văn phòng UBND tỉnh thông báo lịch họp đến các sở trước ngày 5/10.",
    ),
}  # fmt: skip


# Who speaks, where it matters: floor and role.
SPEAKERS = {"promise": ("32152", "unit")}


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def read(text: str, reason: str = "") -> Reading:
    floor, role = SPEAKERS.get(reason, (None, None))
    return extractor().read(text_passage(text, floor, role))


def test_every_reason_has_its_examples() -> None:
    assert [name for name, _ in REASONS] == list(EXAMPLES)


@pytest.mark.parametrize("reason", EXAMPLES)
def test_a_reason_is_given_where_it_holds(reason: str) -> None:
    for text in EXAMPLES[reason][:2]:
        reading = read(text, reason)
        assert reading.tasks == [], text
        assert reason in [left.reason for left in reading.not_taken], (text, reading.not_taken)


@pytest.mark.parametrize("reason", EXAMPLES)
def test_a_task_that_sounds_like_it_is_taken(reason: str) -> None:
    text = EXAMPLES[reason][2]
    assert read(text).tasks, (text, read(text).not_taken)


@pytest.mark.parametrize(
    "text",
    [
        "Tháng trước đã giao Sở Y tế mua vắc xin, đến nay đã mua đủ.",
        "Việc giao Sở Nội vụ rà soát biên chế hoàn thành từ tuần trước.",
        "hôm bữa tôi giao sở tài chính cấp tiền cho xã thì sở cấp rồi",
        "xã đất mũi được giao cắm mốc và đã cắm xong từ hôm kia",
        "Đã giao Công an tỉnh xác minh vụ việc. Đến nay Công an tỉnh đã hoàn thành việc xác minh.",
        "tuần trước tôi giao xã sông đốc kiểm tra tàu cá. việc này xã làm xong rồi.",
        "Đã yêu cầu Sở Xây dựng thẩm định; Sở đã thẩm định và trả kết quả ngày 02/9.",
        "UBND tỉnh đã giao Sở Công Thương lập đề án và đề án đã được thông qua.",
        "Việc rà soát do Sở Nội vụ chủ trì đã hoàn tất trong tháng 8.",
        "công an tỉnh được giao truy quét cát lậu đã truy quét xong đợt một",
        "nhiệm vụ này tỉnh giao sở y tế từ năm ngoái và sở đã làm xong",
    ],
)
def test_what_was_met_is_no_task_however_it_is_told(text: str) -> None:
    reading = read(text)
    assert reading.tasks == []
    assert [left.reason for left in reading.not_taken] == ["fulfilled"]


@pytest.mark.parametrize(
    "text",
    [
        "giao xã năm căn làm xong rồi báo cáo tôi trước ngày hai mươi",
        "nhiệm vụ giao xã sông đốc nạo vét luồng phải xong trước ngày mười lăm tháng mười một",
        "Đã giao Sở Xây dựng thẩm định các công trình đã hoàn thành trước ngày 15/10.",
        "Giao Sở Tài chính cấp đủ kinh phí cho các xã đã hoàn thành đại hội.",
        "Giao Sở Tài chính cấp vốn. Các xã chưa làm xong thì báo cáo.",
        "tuần rồi đã giao sở y tế mua thuốc thì phải mua xong trước ngày ba mươi",
        "yêu cầu sở y tế nộp hồ sơ mà tới giờ vẫn chưa có, lần này phải nộp trước ngày mười",
    ],
)
def test_a_completion_that_only_describes_something_fulfils_nothing(text: str) -> None:
    assert read(text).tasks


@pytest.mark.parametrize(
    "text",
    [
        "Giao Sở Nội vụ lập đề án. Thôi bỏ nội dung này.",
        "giao xã năm căn mở lớp tập huấn. coi như tôi chưa nói chuyện đó.",
        "Giao Sở Xây dựng khảo sát tuyến đường; nội dung này hủy, không đưa vào kết luận.",
        "Giao Sở Y tế tổ chức hội thảo. Nội dung này chưa cần thiết, đề nghị bỏ khỏi kết luận.",
        "giao sở giáo dục cho học sinh nghỉ à không không nghỉ nữa",
        "lúc nãy tôi có nói giao sở du lịch làm cái phim đó bỏ nghe",
    ],
)
def test_what_is_taken_back_is_no_task(text: str) -> None:
    reading = read(text)
    assert reading.tasks == []
    assert "withdrawn" in [left.reason for left in reading.not_taken]


def test_only_the_named_body_is_let_off() -> None:
    text = (
        "giao xã năm căn và sở y tế phun thuốc, giao xã phú tân đắp đập. thôi xã phú tân khỏi làm."
    )
    (task,) = read(text).tasks
    assert "phun thuốc" in task.task


@pytest.mark.parametrize(
    "text",
    [
        "Giao Sở Tài chính hủy các dự toán không sử dụng hết.",
        "yêu cầu sở xây dựng tạm dừng việc này để rà soát lại",
        "Giao Sở Nội vụ rà soát, bỏ các thủ tục không cần thiết trước ngày 20/11.",
        "giao xã đầm dơi làm dứt điểm trong tuần này không chờ nữa",
        "giao xã phú tân báo cáo trước ngày mười à thôi để ngày hai mươi",
    ],
)
def test_to_cancel_or_stop_something_is_a_task_of_its_own(text: str) -> None:
    assert read(text).tasks


@pytest.mark.parametrize(
    "text",
    [
        "phường bạc liêu thu ngân sách vượt hai mươi phần trăm",
        "sở xây dựng trình lên trình xuống mấy lần không xong",
        "số vốn giao xã đầm dơi mới giải ngân ba mươi phần trăm",
        "năm rồi giao xã tam giang hai mươi tỷ mà giải ngân không nổi",
        "Nhờ Sở Y tế hướng dẫn kỹ nên dịch được khống chế.",
        "Các địa phương chủ động ứng phó nên thiệt hại không lớn.",
    ],
)
def test_results_and_complaints_told_in_passing_are_no_tasks(text: str) -> None:
    assert read(text).tasks == []


@pytest.mark.parametrize(
    "text",
    [
        "phường bạc liêu thu đủ ngân sách trước ngày ba mươi tháng mười hai",
        "giao xã tam giang giải ngân hai mươi tỷ trước ngày ba mươi tháng mười hai",
        "Các địa phương chủ động ứng phó bão.",
        "Nhờ Sở Y tế hướng dẫn các xã phun thuốc.",
    ],
)
def test_a_result_that_is_demanded_is_a_task(text: str) -> None:
    assert read(text).tasks


def test_a_unit_assigns_nothing_to_those_above_or_beside_it() -> None:
    from_commune = [
        "yêu cầu sở y tế cấp thuốc cho xã trước ngày hai mươi",
        "các sở phải xuống xã kiểm tra trước ngày hai mươi",
    ]
    for text in from_commune:
        assert extractor().read(text_passage(text, "32152", "unit")).tasks == [], text
    down = "yêu cầu các xã, phường báo cáo sở trước ngày 20/10"
    assert extractor().read(text_passage(down, "SYT", "unit")).tasks


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ngày 15/9, Sở Công Thương tổ chức đoàn kiểm tra tại xã Sông Đốc.", "plan"),
        ("Sáng nay, Sở Nội vụ công bố quyết định bổ nhiệm tại xã Tân Thuận.", "plan"),
        ("liệu xã năm căn phải nộp trước ngày mười lăm", "question"),
        ("đến ngày nào thì xã đầm dơi phải nộp báo cáo", "question"),
        ("giao sở nội vụ mở lớp mà thôi kinh phí hết rồi khỏi mở", "withdrawn"),
        ("Hủy bỏ việc giao UBND xã Đất Mũi quản lý bến tàu.", "withdrawn"),
        ("Việc có giao Sở Y tế làm chủ đầu tư hay không sẽ được xem xét sau.", "question"),
        ("Sở Nội vụ chủ động, trách nhiệm trong tham mưu sắp xếp bộ máy.", "assessment"),
        ("Yêu cầu các sở, ngành phát huy kết quả, khắc phục hạn chế.", "exhortation"),
        ("đơn vị nào chậm thì giám đốc đơn vị đó phải kiểm điểm", "condition"),
    ],
)
def test_a_date_or_a_modal_alone_makes_no_task(text: str, reason: str) -> None:
    reading = read(text)
    assert reading.tasks == []
    assert reason in [left.reason for left in reading.not_taken]


@pytest.mark.parametrize(
    "text",
    [
        "Trước ngày 15/10, Sở Công Thương tổ chức đoàn kiểm tra tại xã Sông Đốc.",
        "khi nào có kết quả thì xã năm căn phải gửi hồ sơ cho sở xây dựng",
        "Sở Nông nghiệp và Môi trường xử lý nghiêm các tàu vi phạm.",
        "giao xã năm căn đưa xe ra khỏi bến trước ngày mười lăm",
    ],
)
def test_a_due_day_or_a_case_is_part_of_a_task(text: str) -> None:
    assert read(text).tasks
