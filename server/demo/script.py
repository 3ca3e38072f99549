"""What is said in the demo conference, and what must come of it.

The expectations are written by hand, apart from the extractor's rules: unit, day and month as the
sentence says them. Every sentence is one that the demo speech model knows in all three accents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server.demo.voices import Voice

CHAIR = "centre"


@dataclass(frozen=True)
class Task:
    """What a sentence assigns: the lead's full name, and its deadline as a day and month, or in
    days.
    """

    lead: str
    day: int = 0
    month: int = 0
    in_days: int = 0

    def due_on(self, held_on: date) -> date:
        """The day meant by somebody who speaks on `held_on`: the first such date from then on."""
        if self.in_days:
            return held_on + timedelta(days=self.in_days)
        this_year = date(held_on.year, self.month, self.day)
        return this_year if this_year >= held_on else this_year.replace(year=held_on.year + 1)


@dataclass(frozen=True)
class Turn:
    """One sentence of one seat: `seat` is a unit's code, or CHAIR."""

    seat: str
    text: str
    task: Task | None = None


NAM_CAN, DAM_DOI, AN_XUYEN, FINANCE = "32191", "32152", "32002", "STC"

VOICES = {
    CHAIR: Voice("vi", speed=165, pitch=45),
    NAM_CAN: Voice("vi-vn-x-south", speed=165, pitch=50),
    DAM_DOI: Voice("vi-vn-x-south+f2", speed=160, pitch=55),
    AN_XUYEN: Voice("vi-vn-x-central", speed=165, pitch=50),
    FINANCE: Voice("vi+m3", speed=165, pitch=50),
}

TURNS = (
    Turn(CHAIR, "Kính thưa các đồng chí, cuộc họp hôm nay bàn về tiến độ đường cao tốc."),
    Turn(CHAIR, "Bây giờ mời đồng chí chủ tịch xã Năm Căn phát biểu."),
    Turn(NAM_CAN, "Xã chúng tôi đã hoàn thành kế hoạch, không có vướng mắc gì."),
    Turn(NAM_CAN, "Tuần trước, toàn xã đã tiếp nhận chín mươi ba đơn thư."),
    Turn(
        CHAIR,
        "Giao Sở Nông nghiệp và Môi trường chủ trì, phối hợp với xã Năm Căn hoàn thiện"
        " phương án phòng chống sạt lở bờ biển, trước ngày ba mươi tháng mười một.",
        Task("Sở Nông nghiệp và Môi trường", day=30, month=11),
    ),
    Turn(DAM_DOI, "Hiện nay giao thông nông thôn tại xã Đầm Dơi còn chậm."),
    Turn(
        CHAIR,
        "Yêu cầu xã Đầm Dơi giải quyết hồ sơ đất đai tồn đọng,"
        " chậm nhất ngày mười bốn tháng mười một.",
        Task("Ủy ban nhân dân xã Đầm Dơi", day=14, month=11),
    ),
    Turn(DAM_DOI, "Đơn vị chúng tôi xin hứa sẽ báo cáo đúng hạn."),
    Turn(
        AN_XUYEN,
        "Báo cáo chủ tịch, phường An Xuyên đang giải quyết đơn thư khiếu nại tố cáo.",
    ),
    Turn(
        CHAIR,
        "Giao cho phường Bạc Liêu xử lý đơn thư khiếu nại tố cáo, trong vòng mười ngày.",
        Task("Ủy ban nhân dân phường Bạc Liêu", in_days=10),
    ),
    Turn(FINANCE, "Kính thưa hội nghị, Sở Tài chính đang tổng hợp nhu cầu vốn."),
    Turn(
        CHAIR,
        "Đề nghị Sở Tài chính tổng hợp nhu cầu vốn, trình ủy ban nhân dân tỉnh xem xét"
        " trước ngày hai mươi lăm tháng mười.",
        Task("Sở Tài chính", day=25, month=10),
    ),
    Turn(CHAIR, "Nếu không còn ý kiến gì thì chúng ta chuyển sang nội dung tiếp theo."),
    Turn(
        CHAIR,
        "Giao xã U Minh chủ trì, phối hợp với Chi cục Kiểm lâm triển khai kế hoạch"
        " phòng cháy chữa cháy rừng, trước ngày mười lăm tháng mười hai.",
        Task("Ủy ban nhân dân xã U Minh", day=15, month=12),
    ),
    Turn(
        CHAIR,
        "Trước ngày hai mươi tháng mười, Sở Nội vụ phải trình phương án sắp xếp bộ máy.",
        Task("Sở Nội vụ", day=20, month=10),
    ),
    Turn(
        CHAIR,
        "Hoan nghênh Ủy ban nhân dân xã Khánh Lâm đã chủ động xử lý hồ sơ đất đai tồn đọng.",
    ),
    Turn(CHAIR, "Cuộc họp đến đây kết thúc, xin cảm ơn các đồng chí."),
)


def expected(held_on: date) -> list[tuple[str, date]]:
    """Lead and due date of every task of the script."""
    return [(turn.task.lead, turn.task.due_on(held_on)) for turn in TURNS if turn.task is not None]
