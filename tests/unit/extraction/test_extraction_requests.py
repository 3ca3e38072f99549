"""Requests of the units: their wordings, who asks whom, and what sounds like one and is none."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tests.bench.extraction_scorer import bodies, roster
from transcription.contract.candidates import FROM, TO
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.reading import Reading

HELD_ON = date(2025, 9, 24)
DAM_DOI = "32152"


@cache
def extractor() -> Extractor:
    return Extractor(HELD_ON, roster())


def by_unit(text: str) -> Reading:
    return extractor().read(text_passage(text, DAM_DOI, "unit"))


def by_chair(text: str) -> Reading:
    return extractor().read(text_passage(text, None, "chair"))


def written(text: str) -> Reading:
    return extractor().read(text_passage(text, None, None))


@pytest.mark.parametrize(
    ("text", "to", "request_words"),
    [
        ("xã xin tỉnh hai tỷ làm lộ ấp tân điền", ["UBT"], "hai tỷ làm lộ ấp tân điền"),
        ("xã nhờ sở y tế cử bác sĩ xuống khám", ["SYT"], "cử bác sĩ xuống khám"),
        ("kiến nghị cuối cùng là nhờ ngành điện kéo ba pha", ["ngành điện"], "kéo ba pha"),
        ("xã xin sở xây dựng cho ý kiến về cầu này", ["SXD"], "cho ý kiến về cầu này"),
        ("xã rất cần sở công thương hỗ trợ mở chợ", ["SCT"], "hỗ trợ mở chợ"),
        ("xã trông chờ tỉnh sớm phân bổ vốn", ["UBT"], "sớm phân bổ vốn"),
        ("kiến nghị hai nội dung một là tỉnh cấp máy bơm", ["UBT"], "cấp máy bơm"),
        ("xin phép được đề nghị sở y tế cấp thuốc", ["SYT"], "cấp thuốc"),
        ("xin hỏi và đề nghị sở tài chính hướng dẫn quyết toán", ["STC"], "hướng dẫn quyết toán"),
        ("tụi em xin các anh cho lùi thời hạn quyết toán", [], "cho lùi thời hạn quyết toán"),
        ("xã xin thêm hai biên chế y tế", [], "thêm hai biên chế y tế"),
    ],
)
def test_a_unit_asks_in_many_words(text: str, to: list[str], request_words: str) -> None:
    reading = by_unit(text)
    assert reading.tasks == []
    (asked,) = reading.requests
    assert (bodies(asked, FROM), bodies(asked, TO)) == ([DAM_DOI], to)
    assert asked.task == request_words


@pytest.mark.parametrize(
    ("text", "asker", "to"),
    [
        ("UBND xã Tân Thuận trình xin UBND tỉnh cho phép bán cây.", "32167", ["UBT"]),
        ("UBND xã Tân Thuận trình UBND tỉnh xin chủ trương xây chợ.", "32167", ["UBT"]),
        ("UBND xã Tân Thuận có văn bản đề nghị Sở Y tế cấp thuốc.", "32167", ["SYT"]),
        ("Sở Y tế đề nghị Sở Nội vụ bổ sung biên chế bác sĩ.", "SYT", ["SNV"]),
        ("Sở Y tế kính trình UBND tỉnh xem xét, phê duyệt đề án.", "SYT", ["UBT"]),
        ("xã tân thuận báo cáo và xin ý kiến chỉ đạo của ubnd tỉnh về chợ", "32167", ["UBT"]),
        ("xã tân thuận xin mượn máy bơm của chi cục thủy lợi", "32167", ["chi cục thủy lợi"]),
        ("Xã Tân Thuận mong muốn được Sở Y tế hỗ trợ tập huấn.", "32167", ["SYT"]),
    ],
)
def test_who_asks_whom_is_told_in_the_words(text: str, asker: str, to: list[str]) -> None:
    reading = written(text)
    assert reading.tasks == []
    (asked,) = reading.requests
    assert (bodies(asked, FROM), bodies(asked, TO)) == ([asker], to)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ đề nghị UBND các xã, phường gửi báo cáo trước ngày 20/10.",
        "UBND tỉnh đề nghị Sở Y tế rà soát thuốc trước ngày 20/10.",
        "Giao Sở Y tế kiến nghị Bộ Y tế cấp vắc xin trước ngày 20/10.",
        "Giao Văn phòng UBND tỉnh xin ý kiến Thường trực Tỉnh ủy trước ngày 15/10.",
        "Giao Sở Tài chính giải quyết kiến nghị của xã Năm Căn trước ngày 20/10.",
        "Sở Xây dựng trình UBND tỉnh phê duyệt quy hoạch trước ngày 30/10.",
    ],
)
def test_words_of_asking_from_above_or_within_a_task_are_no_request(text: str) -> None:
    reading = written(text)
    assert reading.requests == []
    assert len(reading.tasks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "đề nghị sở tài chính bố trí kinh phí cho xã trước ngày hai mươi",
        "đề nghị tỉnh đoàn ra quân trồng cây trước ngày hai mươi",
    ],
)
def test_what_the_chair_asks_is_a_task(text: str) -> None:
    reading = by_chair(text)
    assert reading.requests == []
    assert len(reading.tasks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "xin cảm ơn các đồng chí đã lắng nghe",
        "xin báo cáo với hội nghị xã giải ngân được bốn mươi phần trăm",
        "xã xin hứa sẽ hoàn thành",
        "xã xin tiếp thu ý kiến chỉ đạo của đồng chí chủ tịch",
        "xã xin nhận khuyết điểm trước hội nghị",
        "kiến nghị của xã lần trước sở đã giải quyết xong",
        "xin chúc các đồng chí sức khỏe",
    ],
)
def test_politeness_promises_and_answers_are_no_requests(text: str) -> None:
    reading = by_unit(text)
    assert reading.requests == []
    assert reading.tasks == []


def asked(reading: Reading) -> list[tuple[list[str], list[str], str]]:
    """From whom, to whom and what, of each request."""
    return [(bodies(r, FROM), bodies(r, TO), r.task) for r in reading.requests]


TAN_TIEN, KHANH_HUNG, QUACH_PHAM = "32188", "32119", "32182"


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        (  # joined by "đồng thời"
            "UBND xã Tân Tiến đề nghị UBND tỉnh cấp 2 tỷ đồng gia cố đê, đồng thời đề nghị Sở Xây "
            "dựng cử cán bộ khảo sát.",
            [(["UBT"], "cấp 2 tỷ đồng gia cố đê"), (["SXD"], "cử cán bộ khảo sát")],
        ),
        (  # behind a comma, in other words
            "Xã Tân Tiến đề nghị Sở Xây dựng sửa cầu, kính nhờ Sở Công Thương hỗ trợ chợ xã.",
            [(["SXD"], "sửa cầu"), (["SCT"], "hỗ trợ chợ xã")],
        ),
        (  # behind a semicolon
            "Xã Tân Tiến kiến nghị Sở Tư pháp hướng dẫn hồ sơ; mong Công an tỉnh chia sẻ số liệu.",
            [(["STP"], "hướng dẫn hồ sơ"), (["CAT"], "chia sẻ số liệu")],
        ),
        (  # without a sign or a conjunction
            "xã tân tiến đề nghị sở xây dựng sửa cầu đề nghị sở y tế cấp thuốc cho trạm",
            [(["SXD"], "sửa cầu"), (["SYT"], "cấp thuốc cho trạm")],
        ),
        (  # the words of asking once, a body each
            "Xã Tân Tiến đề nghị Sở Xây dựng cắm biển báo, Công an tỉnh tăng cường tuần tra.",
            [(["SXD"], "cắm biển báo"), (["CAT"], "tăng cường tuần tra")],
        ),
        (  # a list behind a colon
            "Xã Tân Tiến kiến nghị: UBND tỉnh bố trí vốn làm kè; Sở Xây dựng cấp phép thi công.",
            [(["UBT"], "bố trí vốn làm kè"), (["SXD"], "cấp phép thi công")],
        ),
        (
            "Xã Tân Tiến kiến nghị UBND tỉnh: (1) bố trí vốn làm kè; (2) cho phép thu phí neo đậu.",
            [(["UBT"], "bố trí vốn làm kè"), (["UBT"], "cho phép thu phí neo đậu")],
        ),
        (  # the words of asking in the item before
            "Xã Tân Tiến đề nghị Sở Xây dựng sửa cầu; Sở Y tế sớm bổ sung bác sĩ cho trạm.",
            [(["SXD"], "sửa cầu"), (["SYT"], "sớm bổ sung bác sĩ cho trạm")],
        ),
        (  # a further one of nobody named
            "Xã Tân Tiến đề xuất UBND tỉnh cho chuyển nguồn, đồng thời xin lùi thời hạn nộp hồ sơ.",
            [(["UBT"], "cho chuyển nguồn"), ([], "lùi thời hạn nộp hồ sơ")],
        ),
    ],
)
def test_each_body_has_its_own_request(text: str, requests: list[tuple[list[str], str]]) -> None:
    reading = written(text)
    assert reading.tasks == []
    assert asked(reading) == [([TAN_TIEN], to, words) for to, words in requests]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        (
            "Chủ tịch UBND xã Khánh Hưng, phát biểu: Toàn xã còn 14 nhà tạm. Xã kiến nghị Sở Xây "
            "dựng hướng dẫn thủ tục. Đề nghị Sở Tài chính cấp kinh phí.",
            [
                ([KHANH_HUNG], ["SXD"], "hướng dẫn thủ tục"),
                ([KHANH_HUNG], ["STC"], "cấp kinh phí"),
            ],
        ),
        (
            "tôi là lê văn út chủ tịch xã quách phẩm thứ nhất là đề nghị sở xây dựng sửa cầu thứ "
            "hai là trường mẫu giáo bị dột thì mong sở giáo dục hỗ trợ kinh phí",
            [
                ([QUACH_PHAM], ["SXD"], "sửa cầu"),
                ([QUACH_PHAM], ["SGDDT"], "hỗ trợ kinh phí"),
            ],
        ),
        (
            "Kính gửi: Sở Giáo dục và Đào tạo. UBND xã Quách Phẩm trân trọng đề nghị quý Sở quan "
            "tâm bố trí thêm giáo viên.",
            [([QUACH_PHAM], ["SGDDT"], "quan tâm bố trí thêm giáo viên")],
        ),
        (
            "Nhờ Sở Xây dựng cung cấp hồ sơ ranh. Xã Quách Phẩm đề nghị Sở Y tế cấp thuốc.",
            [([QUACH_PHAM], ["SYT"], "cấp thuốc")],
        ),
        (
            "xã quách phẩm báo cáo nhanh xã ứng hết sáu trăm triệu nên xin tỉnh hoàn lại cho xã",
            [([QUACH_PHAM], ["UBT"], "hoàn lại cho xã")],
        ),
    ],
)
def test_who_speaks_is_carried_over_sentences(
    text: str, requests: list[tuple[list[str], list[str], str]]
) -> None:
    assert asked(written(text)) == requests


def test_the_body_just_asked_is_never_the_sender() -> None:
    reading = by_unit("Nhờ Sở Xây dựng cung cấp hồ sơ, nhờ Sở Y tế xác định lại chi phí.")
    assert [bodies(r, FROM) for r in reading.requests] == [[DAM_DOI], [DAM_DOI]]


def test_when_the_chair_speaks_the_unit_before_asks_no_more() -> None:
    reading = written(
        "Đại diện xã Quách Phẩm phát biểu: đường hư hết. Kiến nghị Sở Xây dựng sửa đường. "
        "Chủ tọa kết luận: đề nghị Sở Xây dựng khảo sát trước ngày 10/10."
    )
    assert asked(reading) == [([QUACH_PHAM], ["SXD"], "sửa đường")]
    assert [task.task for task in reading.tasks] == ["khảo sát"]


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        ("xã xin điều chuyển ba tỷ sang con lộ ấp bốn", [], "điều chuyển ba tỷ sang con lộ ấp bốn"),
        ("Xã xin tạm dừng dự án chợ ấp 3.", [], "tạm dừng dự án chợ ấp 3"),
        ("còn bên công an tỉnh thì xã xin tăng cường hai đồng chí", ["CAT"], None),
        ("bên điện lực thì xã nhờ kéo giùm đường dây", ["điện lực"], None),
        ("mong tỉnh bố trí vốn số còn lại thì xã tự lo", ["UBT"], "bố trí vốn"),
        ("mong sở y tế cấp thuốc xã thì đã lo xong chỗ khám rồi", ["SYT"], "cấp thuốc"),
        ("kiến nghị tỉnh sớm phê duyệt quy hoạch xã xin hết", ["UBT"], "sớm phê duyệt quy hoạch"),
        ("xã kiếng nghị tĩnh cho thêm vốn", ["UBT"], "cho thêm vốn"),
        ("xã đề suất sở xây dựng nâng cấp lộ", ["SXD"], "nâng cấp lộ"),
        ("xã kiến nghị ờ sở sở nội vụ bổ sung biên chế", ["SNV"], "bổ sung biên chế"),
        ("xã mong mõi nhất là tỉnh làm xong cái đê", ["UBT"], "làm xong cái đê"),
        ("sin ủy ban tỉnh cho chủ trương", ["UBT"], "cho chủ trương"),
        ("Xã đề nghị Sở Y tế cấp thuốc. Việc này xã đã báo cáo nhiều lần.", ["SYT"], "cấp thuốc"),
        ("Xã kiến nghị Sở Y tế cấp thuốc. Đến nay chưa được giải quyết.", ["SYT"], "cấp thuốc"),
    ],
)
def test_what_is_asked_of_whom_in_speech(text: str, to: list[str], words: str | None) -> None:
    reading = by_unit(text)
    assert reading.tasks == []
    (request,) = reading.requests
    assert (bodies(request, FROM), bodies(request, TO)) == ([DAM_DOI], to)
    assert words is None or request.task == words


@pytest.mark.parametrize(
    "text",
    [
        "Xã cảm ơn Sở Y tế đã cấp máy theo đúng mong muốn của địa phương.",
        "Xã không có kiến nghị, đề xuất gì thêm.",
        "Theo quy định, kiến nghị, phản ánh của người dân phải được trả lời trong 20 ngày.",
        "Tại hội nghị tháng 7, xã có kiến nghị Sở Y tế cấp thuốc. Việc này đã được giải quyết.",
        "Tháng trước xã đề nghị Công an tỉnh lập chốt. Công an tỉnh đã lập chốt từ ngày 5/9.",
        "lần trước xã có kiến nghị sở xây dựng sửa cầu nay cầu đã được sửa xong",
        "cái kiến nghị mà xã nêu kỳ trước thì sở y tế đã điều bác sĩ về rồi",
        "lúc nãy xã có xin tỉnh năm tỷ thì giờ xã rút cái kiến nghị đó không xin nữa",
        "Xã kiến nghị tỉnh hỗ trợ 2 tỷ đồng. Sau khi cân đối, xã xin rút lại kiến nghị này.",
        "xã xin phép được trình bày tham luận xin kính chúc các đồng chí sức khỏe",
        "xã sẽ có văn bản đề nghị sở xây dựng sau",
        "khi xã kiến nghị sở y tế cấp thuốc thì sở làm rất nhanh",
        "người dân xin chuyển mục đích sử dụng đất nhiều lắm",
        "nhờ sở y tế hướng dẫn nên xã đã dập được dịch",
        "xã mong được các đồng chí thông cảm",
    ],
)
def test_what_only_speaks_of_a_request_is_none(text: str) -> None:
    reading = by_unit(text)
    assert reading.requests == []
    assert reading.tasks == []


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("Giao Sở Tài chính thẩm định, đề nghị Sở Xây dựng rà soát trước ngày 20/10.", 2),
        ("Xã Đầm Dơi chậm tiến độ. Đề nghị Sở Xây dựng kiểm tra trước ngày 20/10.", 1),
        ("UBND tỉnh yêu cầu: Sở Tài chính cấp bù kinh phí; Sở Xây dựng sửa cầu.", 2),
    ],
)
def test_without_a_unit_that_speaks_words_of_asking_assign(text: str, tasks: int) -> None:
    reading = written(text)
    assert reading.requests == []
    assert len(reading.tasks) == tasks
