"""What stands before and after a time: does it make it a deadline, or a day of something else (a
document, a figure, a meeting, a plan's horizon)? Reads no time itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from transcription.text import vi_time_words as tw
from transcription.text.vi_numbers import starts_number
from transcription.text.vi_phrases import text_phrases
from transcription.text.vi_time_words import Reference, TimeRead, at

Words = Sequence[str]
MARKED = 3  # the strength of a deadline that words say to be one

_PRESSING = text_phrases("pressing")


def pressed(words: Words, end: int) -> bool:
    """ "ngày 30/9 là hạn cuối", "tháng 10 phải xong": what is said behind makes it a deadline."""
    if list(words[end : end + 3]) == ["là", "tôi", "phải"]:
        return True
    if list(words[end : end + 2]) in (["là", "phải"], ["phải", "có"], ["phải", "xong"]):
        return True
    size = _PRESSING.at(words, end)
    return size > 0 and at(words, end + size) in ("", ",", ".", ";", "nhé", "nghe", "\n")


_DUE_BEHIND = text_phrases("due_behind")
_PARTICLES = frozenset("nha nghe nhé nghen đó luôn hết rồi nè ha".split())


def due_end(words: Words, end: int) -> int:
    """The index behind "là hạn chót nha" and its like at `end`; `end` when nothing stands there."""
    size = _DUE_BEHIND.at(words, end)
    if not size:
        return end
    place = end + size
    if words[place - 1] == "có" and at(words, place) not in ("", ",", ".", *_PARTICLES):
        return end  # "ngày mai là phải có | danh sách"
    while at(words, place) in _PARTICLES:
        place += 1
    return place


_AT_LATEST = ("chậm", "muộn", "trễ")
_BEFORE_HOI = ("thu", "phục", "phản", "bồi")
_SPEAKS_NOW = ("tôi", "tui", "chúng", "mình")
_NOT_AFTER = ("tính", "kể", "từ")  # "tính đến ngày", "kể từ ngày", "từ ngày": no deadline
_SUCH_DAY_BEFORE = frozenset("họp nghị phiên lễ kỳ đợt số sinh ký giảng mạc luận".split())


def refused(words: Words, i: int, read: TimeRead, strength: int, ref: Reference) -> bool:
    """Times that only look like deadlines from what stands before and after them."""
    before = at(words, i - 1)
    if before == "nhất" and at(words, i) == "là" and at(words, i - 2) not in _AT_LATEST:
        return True  # "nhất là trong dịp Tết": above all then
    if read.rule.startswith("holiday") and "dịp" in words[i : read.end] and strength < 3:
        return True
    late = before == "qua" or at(words, i) == "qua"
    if (
        "để" in words[max(i - 2, 0) : i]
        and late
        and not {"đừng", "không"}.isdisjoint(words[max(i - 4, 0) : i])
    ):
        return True  # "đừng để qua tuần"
    now = read.rule == "day.relative" and strength < MARKED and at(words, read.end) in _SPEAKS_NOW
    if now or _of_the_past(words, i, read) or _round_the_clock(words, i, read):
        return True  # now: "hôm nay tôi giao thêm: …"
    if before in _NOT_AFTER and at(words, i) in ("đến", "tới", "từ", "ngày"):
        return not (before == "từ" and at(words, i) == "nay")
    coming = before == "ký" and read.due is not None and read.due > ref.held_on
    if strength < 3 and before in _SUCH_DAY_BEFORE and not coming:
        return True
    if strength < MARKED and read.rule.startswith("date") and _of_a_document(words, i):
        return True
    if at(words, read.end) == "của" and (strength < MARKED or at(words, i) == "đến"):
        return True
    if at(words, i) == "đến" and _of_a_figure(words, i, read, ref):
        return True
    passed = ref.held_on - timedelta(days=31)
    return bool(read.explicit_year and read.due and read.due < passed)


def _of_the_past(words: Words, i: int, read: TimeRead) -> bool:
    """ "hồi đầu tháng 9", "hôm mùng ba": it is told of what was; not "thu hồi trước ngày …"."""
    told = at(words, i - 1) in ("hồi", "bữa", "hôm") and at(words, i - 2) not in _BEFORE_HOI
    return told or at(words, i) == "hôm" and read.rule.startswith("date")


def _round_the_clock(words: Words, i: int, read: TimeRead) -> bool:
    """ "24/24 giờ", "hai bốn trên hai bốn giờ"."""
    over = next((k for k in (i - 1, i - 2) if at(words, k) in ("trên", "/")), None)
    if over is None or not read.rule.startswith("hour"):
        return False
    return starts_number(at(words, over - 1))


_FIGURES = text_phrases("figures")


def _of_a_figure(words: Words, i: int, read: TimeRead, ref: Reference) -> bool:
    """ "báo cáo số liệu giải ngân đến ngày 30/9": how far the figure goes, not when it is due."""
    if read.due is None or read.due > ref.held_on + timedelta(days=_FIGURE_DAYS):
        return False
    start = max(i - _FIGURE_WORDS, 0)
    stops = [n for n in range(start, i) if words[n] in (",", ".", ";", ":")]
    return _FIGURES.inside(words, stops[-1] if stops else start, i) is not None


_DOCUMENTS = text_phrases("documents")
_DOCUMENT_WORDS = 14
_DOCUMENT_ENDS = frozenset((",", ";", ".", ":"))


def _of_a_document(words: Words, i: int) -> bool:
    """ "Công văn số 88/UBND-KT ngày 03/01/2026": the day a document was signed."""
    start = max(i - _DOCUMENT_WORDS, 0)
    if "số" not in words[start:i]:
        return _DOCUMENT_ENDS.isdisjoint(words[start:i]) and _DOCUMENTS.before(words, i) > 0
    for place in range(i - 1, start - 1, -1):
        if words[place] in _DOCUMENT_ENDS:
            return False
        if words[place] == "số" and place and _DOCUMENTS.before(words, place):
            return True
    return _DOCUMENTS.before(words, i) > 0


_FIGURE_WORDS, _FIGURE_DAYS = 8, 10


def horizon(words: Words, i: int, read: TimeRead, held_on: date) -> bool:
    """ "đến năm 2030", "tầm nhìn 2045": a plan's horizon."""
    if read.precision != tw.YEAR or read.due is None:
        return False
    to_year = "đến" in words[i : read.start + 1] or at(words, i) == "đến"
    return read.rule == "year.whole" and to_year and read.due.year > held_on.year
