"""Spoken demands whose right answer is known by construction: templates × roster × deadlines.

Each demand has one lead of the roster, a task, and a deadline worded in one of the ways of
`extraction_stress_dates`; some are joined without a sign between them, some follow a sentence that
demands nothing, some have fillers. `extraction_noise` then mishears a share of the syllables. What
was touched is kept, so that a reader is judged on what could still be read. Seeded: the same seed
gives the same items on every machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.bench.extraction_noise import noisy
from tests.bench.extraction_stress_dates import SaidDeadline, deadline
from transcription.contract.roster import Roster, RosterUnit

FIRST_DAY = date(2025, 9, 24)
SPREAD_DAYS = 600
JOINED, AFTER_A_REPORT, FILLED, UNDATED = 0.3, 0.2, 0.25, 0.1

VERBS = (
    "rà soát", "kiểm tra", "thống kê", "khắc phục", "sửa chữa", "xử lý dứt điểm", "lập phương án",
    "hoàn thiện hồ sơ", "tổ chức tuyên truyền về", "báo cáo bằng văn bản về", "giải quyết",
    "đẩy nhanh tiến độ", "tham mưu kế hoạch", "lập danh sách", "đề xuất giải pháp về",
)  # fmt: skip
OBJECTS = (
    "các hộ nuôi tôm bị thiệt hại", "hệ thống cống ngăn mặn", "tàu cá mất kết nối", "hồ sơ đất đai",
    "bãi rác tự phát", "trường lớp xuống cấp", "trạm y tế thiếu thuốc", "đường nông thôn",
    "nhà tạm nhà dột nát", "việc giải ngân vốn đầu tư", "trụ sở dôi dư", "mạng truyền số liệu",
    "đơn thư khiếu nại", "vùng nuôi ô nhiễm", "cầu yếu trên tuyến kênh", "hộ nghèo và cận nghèo",
    "lưới điện khu dân cư", "chợ tự phát ven lộ", "dịch tả heo", "rừng phòng hộ bị lấn chiếm",
    "thủ tục hành chính quá hạn", "giáo viên còn thiếu", "nước sinh hoạt cho dân", "bờ kè sạt lở",
)  # fmt: skip
REPORTS = (
    "tình hình chung nhìn lại là có chuyển biến", "vừa qua bà con rất phấn khởi",
    "công tác này thời gian qua còn chậm", "tôi nghe báo cáo thấy số liệu chưa khớp",
    "khó khăn thì ai cũng có hết", "cảm ơn các đồng chí đã phát biểu",
)  # fmt: skip
TOPICS = ("chuyện nước sạch", "việc sạt lở", "vấn đề rác thải", "công tác cán bộ", "cái cầu đó")
# unit: the lead; other: a co-ordinator; head: a post; what has no braces is said as it stands.
TEMPLATES = (
    "giao {unit} {task} {due}", "tôi giao {unit} {task} {due}", "yêu cầu {unit} {task} {due}",
    "đề nghị {unit} {task} {due}", "giao cho {unit} {task} {due}", "{unit} phải {task} {due}",
    "{unit} có trách nhiệm {task} {due}", "{unit} khẩn trương {task} {due}",
    "giao {unit} chủ trì phối hợp với {other} {task} {due}", "{due} thì {unit} phải {task}",
    "{unit} cần phải {task} {due}", "về {topic} thì giao {unit} {task} {due}",
    "đề nghị đồng chí {head} {unit} {task} {due}", "phân công {unit} {task} xong {due}",
)  # fmt: skip
COMMUNE_FORMS = ("{name}", "{name}", "{name}", "ủy ban nhân dân {name}", "ủy ban {name}")
COMMUNE_HEADS = ("chủ tịch", "bí thư", "chủ tịch ủy ban nhân dân")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One demand. `lead_said` is the unit's name as misheard; `*_touched`: noise reached it."""

    lead: str
    other: str | None
    lead_said: str
    lead_touched: bool
    task: str
    due: SaidDeadline | None
    due_touched: bool


@dataclass(frozen=True, slots=True)
class StressItem:
    text: str
    held_on: date
    wanted: tuple[Wanted, ...]


class Generator:
    """Items one after another from one seed, at one rate of touched syllables."""

    def __init__(self, roster: Roster, rate: float, seed: int) -> None:
        self._rng = random.Random(f"{seed}/{rate}")
        self._rate = rate
        self._communes = [u for u in roster.units if u.kind in ("commune", "ward")]
        self._bodies = [u for u in roster.units if u.kind in ("department", "force", "vertical")]

    def item(self) -> StressItem:
        rng = self._rng
        held_on = FIRST_DAY + timedelta(days=rng.randrange(SPREAD_DAYS))
        joined = rng.random() < JOINED
        heard: list[str] = []
        if rng.random() < AFTER_A_REPORT:
            heard += [word for word, _ in self._heard(rng.choice(REPORTS))]
        undated = not joined and rng.random() < UNDATED
        first = self._demand(held_on, heard, undated=undated)
        second = (self._demand(held_on, heard, after_another=True),) if joined else ()
        return StressItem(" ".join(heard), held_on, (first, *second))

    def _demand(
        self,
        held_on: date,
        heard: list[str],
        *,
        undated: bool = False,
        after_another: bool = False,
    ) -> Wanted:
        rng = self._rng
        unit, other = self._unit(), self._unit()
        while other.code == unit.code:
            other = self._unit()
        due = None if undated else deadline(held_on, rng)
        template = rng.choice(TEMPLATES)
        while after_another and template.startswith("{due}"):  # whose deadline would it be?
            template = rng.choice(TEMPLATES)
        said = {
            "unit": self._spoken(unit, headed="{head}" in template),
            "other": self._spoken(other, headed=False),
            "task": f"{rng.choice(VERBS)} {rng.choice(OBJECTS)}",
            "due": due.text if due else "",
            "topic": rng.choice(TOPICS),
            "head": rng.choice(COMMUNE_HEADS) if unit in self._communes else "giám đốc",
        }
        parts: dict[str, list[tuple[str, bool]]] = {}
        for piece in template.split():
            name = piece.strip("{}")
            parts[name] = self._heard(said.get(name, name))
            heard += [word for word, _ in parts[name]]
            if name == "unit" and rng.random() < FILLED:
                heard += [word for word, _ in self._heard(rng.choice(("ờ", "thì", "à")))]
        return Wanted(
            unit.code,
            other.code if "other" in parts else None,
            _text(parts["unit"]),
            _touched(parts["unit"]),
            _text(parts["task"]),
            due,
            _touched(parts.get("due", [])),
        )

    def _heard(self, words: str) -> list[tuple[str, bool]]:
        return noisy(words.split(), self._rate, self._rng)

    def _unit(self) -> RosterUnit:
        return self._rng.choice(self._communes if self._rng.random() < 0.6 else self._bodies)

    def _spoken(self, unit: RosterUnit, *, headed: bool) -> str:
        name = unit.name.lower().replace(",", "").removeprefix("ủy ban nhân dân ")
        if unit not in self._communes or headed:
            return name
        return self._rng.choice(COMMUNE_FORMS).format(name=name)


def _text(heard: list[tuple[str, bool]]) -> str:
    return " ".join(word for word, _ in heard)


def _touched(heard: list[tuple[str, bool]]) -> bool:
    return any(touched for _, touched in heard)
