"""Deadlines that are no date: recurring, bound to an event, standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transcription.text import vi_time_words as tw
from transcription.text.vi_counted import read_within
from transcription.text.vi_dates import read_date
from transcription.text.vi_holidays import read_holiday
from transcription.text.vi_numbers import read_small
from transcription.text.vi_phrases import Phrases, text_phrases
from transcription.text.vi_time_words import Reference, at, starts
from transcription.text.vi_weeks import read_weekday

Words = Sequence[str]

_COUNT_WORDS = 12  # "trong thời hạn hai mươi lăm ngày làm việc kể từ": the longest count
_EACH = ("hằng", "hàng", "mỗi", "từng")
_REPORTED_EACH = ("cáo", "kỳ", "gửi", "nộp", "họp", ",", "", "và", "trình", "theo")
_TIMES = ("lần", "buổi", "kỳ", "phiên", "cuộc")
_ACTS = Phrases(
    ("báo cáo", "họp", "kiểm tra", "gửi báo cáo", "tổng hợp", "giao ban", "đi", "rà soát")
)
RECURRING_WORDS = frozenset((*_EACH, *_TIMES, "cứ"))
_PERIODS = {"ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year"}
# "kế hoạch hằng năm", "mỗi ngày thu được": parts of a name or a figure, not a demand's period.
_NAMED_YEARLY = ("hoạch", "toán", "vốn", "tiêu", "phí", "niên")
_BEFORE_DAY = ("trước", "vào", "đến", "chậm", "nhất", "muộn", "là", "ngày", "trong", ",", "lúc")


@dataclass(frozen=True, slots=True)
class UndatedRead:
    end: int
    kind: str
    rule: str
    recurrence: Mapping[str, Any] | None = None


def _each(words: Words, i: int) -> tuple[str, int] | None:
    """hằng tháng, mỗi tuần, hàng quý → (period, end)."""
    if at(words, i) in _EACH and at(words, i + 1) in tw.PARTS_OF_DAY:
        named = at(words, i + 2) in ("thứ", "chủ")
        return ("week", i + 4) if named else ("day", i + 2)  # "mỗi sáng thứ hai", "mỗi chiều"
    if at(words, i) in _EACH and at(words, i + 1) in ("cuối", "đầu", "giữa"):
        period = _PERIODS.get(at(words, i + 2))
        return None if period is None else (period, i + 3)
    if at(words, i) in ("mỗi", "cứ") and (counted := _every_n_counted(words, i + 1)) is not None:
        return counted
    if at(words, i) in _EACH and at(words, i + 1) in _PERIODS:
        if at(words, i) == "từng" and at(words, i - 1) not in _REPORTED_EACH:
            return None  # "tiến độ chi tiết từng tuần" tells how fine, not when
        once = _once(words, i + 2)
        return _PERIODS[at(words, i + 1)], once if once and words[once - 1] == "lần" else i + 2
    return None


def _every_n_counted(words: Words, i: int) -> tuple[str, int] | None:
    """ "(mỗi) 3 giờ một lần", "(cứ) hai ngày": the shorter ones are told as daily."""
    n = read_small(words, i, 100)
    if n is None or at(words, n[1]) not in ("giờ", "tiếng", *_PERIODS):
        return None
    once = _once(words, n[1] + 1)
    if once is None and at(words, i - 1) == "cứ":
        return None
    return _PERIODS.get(at(words, n[1]), "day"), once or n[1] + 1


def _every_n(words: Words, i: int) -> tuple[str, int] | None:
    """6 tháng (một lần), tuần một lần, 2 tuần 1 lần; only in words that say "again"."""
    read = read_small(words, i, 100)
    n, place = read if read is not None else (1, i)
    period = _PERIODS.get(at(words, place))
    if period is None:
        return None
    if period == "month" and n in (3, 6):
        period = "quarter" if n == 3 else "half"
    once = _once(words, place + 1)
    if once is not None:
        return period, once
    return (period, place + 1) if at(words, i - 1) == "kỳ" else None


def _once(words: Words, i: int) -> int | None:
    """Index after "một lần" (with an act before it: "hai ngày báo cáo một lần") at `i`."""
    act = 0 if at(words, i) in ("một", "1", "/", "hai", "2") else _ACTS.at(words, i)
    number = read_small(words, i + act, 100) if at(words, i + act) != "/" else (1, i + act + 1)
    if number is None or (act and number[0] != 1):
        return None
    end = number[1]
    return end + 1 if at(words, end) in _TIMES else None


def _times_per(words: Words, i: int) -> tuple[str, int] | None:
    """hai buổi một tuần, ba lần mỗi tháng, 2 lần/tuần."""
    number = read_small(words, i, 100)
    if number is None or at(words, number[1]) not in _TIMES:
        return None
    place = number[1] + 1
    place += at(words, place) == "trong"
    if at(words, place) not in ("một", "1", "mỗi", "/"):
        return None
    period = _PERIODS.get(at(words, place + 1))
    return None if period is None else (period, place + 2)


def _due_before(words: Words, i: int, ref: Reference) -> tuple[int | str, int] | None:
    """A day before its period: "(trước) ngày 25 hằng tháng" → (25, index of "hằng")."""
    place = i
    while at(words, place) in _BEFORE_DAY and at(words, place) != "ngày" and place < i + 4:
        place += 1
    place += at(words, place) in tw.PARTS_OF_DAY and at(words, place + 1) in ("thứ", "chủ")
    headed = at(words, place) in ("ngày", "mùng", "mồng")
    day = read_small(words, place + headed, 32) if headed else None
    if day is not None and day[0] > 0:
        end = day[1] + (at(words, day[1]) == "của")
        return (day[0], end) if _each(words, end) is not None else None
    weekday = read_weekday(words, place, ref)
    if weekday is not None and weekday.due is not None:
        if _each(words, weekday.end) is not None:
            return weekday.due.isoweekday(), weekday.end
    if starts(words, place, ("cuối", "mỗi")) or starts(words, place, ("cuối", "hằng")):
        return -1, place + 1
    return None


def _due_after(words: Words, i: int, ref: Reference) -> tuple[int, int] | None:
    """A day behind its period: "hằng tháng, (báo cáo) trước ngày 25" → (25, end)."""
    place = i
    while at(words, place) in _BEFORE_DAY and at(words, place) != "ngày" and place < i + 4:
        place += 1
    day = read_date(words, place, ref)
    if day is not None and day.rule == "date.day_only" and day.due is not None:
        return day.due.day, day.end
    weekday = read_weekday(words, place, ref) if place > i else None
    if weekday is not None and weekday.rule == "weekday.next" and weekday.due is not None:
        return weekday.due.isoweekday(), weekday.end
    return None


def read_recurrence(words: Words, i: int, ref: Reference) -> UndatedRead | None:
    """định kỳ (hằng tháng), hằng tuần, mỗi quý, 6 tháng một lần, ngày 25 hằng tháng."""
    if RECURRING_WORDS.isdisjoint(words[i : i + _COUNT_WORDS]):
        return None
    due: tuple[int | str, int] | None = _due_before(words, i, ref)
    place = due[1] if due is not None else i
    regular = starts(words, place, ("định", "kỳ"))
    place += 2 if regular else 0
    if regular and due is None:
        due = _due_before(words, place, ref)
        place = due[1] if due is not None else place
    found = _each(words, place) or _every_n(words, place) or _times_per(words, place)
    if found is None:
        return UndatedRead(place, "recurring", "recurring.regular", {}) if regular else None
    if at(words, i - 1) in _NAMED_YEARLY:
        return None
    period, end = found
    if due is None:
        due = _due_after(words, end, ref)
        end = due[1] if due is not None else end
    recurrence: dict[str, Any] = {"every": period}
    if due is not None:
        recurrence["due"] = due[0]
    return UndatedRead(end, "recurring", f"recurring.{period}", recurrence)


# --- events --------------------------------------------------------------------------------------

_EVENTS = text_phrases("events")
_COUNTED_FROM = frozenset(("từ", "khi"))
EVENT_FIRST_WORDS = _EVENTS.first_words | {"từ"}
_EVENT_STOPS = frozenset(
    ", . ; : ? ! \n \n\n giao yêu đề phải thì phân chỉ cần và khẩn trình gửi nộp".split(" ")
)
_EVENT_WORDS = 14


def _event_end(words: Words, i: int) -> int:
    place = i
    while place < len(words) and place < i + _EVENT_WORDS:
        acts = words[place : place + 2] in (["báo", "cáo"], ["hoàn", "thành"])
        if words[place] in _EVENT_STOPS or acts:
            break
        ended = words[place] == "năm" and words[place - 1] in ("cuối", "giữa", "đầu")
        if ended and at(words, place + 1) != "của":
            return place + 1
        if words[place] in ("này", "đó"):  # "ngay sau cuộc họp này": what follows is the act
            return place + 1
        place += 1
    return place


def read_event(words: Words, i: int, ref: Reference) -> UndatedRead | None:
    """ngay sau hội nghị, khi có văn bản, 5 ngày kể từ ngày nhận được, trước kỳ họp."""
    near = words[i : i + _COUNT_WORDS]
    counted = None if _COUNTED_FROM.isdisjoint(near) else read_within(words, i, ref)
    if counted is not None and counted.event:
        return UndatedRead(_event_end(words, counted.end), "event", "event.days_from")
    size = _EVENTS.at(words, i) if words[i] in _EVENTS.first_words else 0
    if not size and words[i] == "khi":
        return _somebody_has(words, i)
    if not size or words[i] == "trước" and read_holiday(words, i + 1, ref) is not None:
        return None
    noun = words[i + size - 1] == "có" and at(words, i + size) in ("đề", "yêu")
    whole = words[i + size - 1] in ("này", "đó")
    end = i + size if whole else _event_end(words, i + size + 2 * noun)  # "khi có đề nghị …"
    needs_more = words[i + size - 1] in ("khi", "sau", "có", "được", "nhận")
    if needs_more and end == i + size or at(words, i - 1) in ("trước", "từ", "trong"):
        return None
    return UndatedRead(end, "event", "event." + words[i])


_ISSUED = frozenset(
    "văn lệnh đề yêu hướng quyết kết ý chỉ công thông phản báo".split()
)  # … bản, nghị, cầu, dẫn, định, luận, kiến, đạo, điện, báo, ánh, cáo
_HOLDER_WORDS = 6


def _somebody_has(words: Words, i: int) -> UndatedRead | None:
    """ "khi cơ quan thuế có văn bản": "khi có văn bản" with the one who issues it."""
    for k in range(i + 2, min(i + _HOLDER_WORDS, len(words) - 1)):
        if words[k] in (",", "thì", ".", ";"):
            return None
        if words[k] == "có":
            if words[k + 1] not in _ISSUED:
                return None
            asks = tuple(words[k + 3 : k + 5]) in (("đề", "nghị"), ("yêu", "cầu"), ("chỉ", "đạo"))
            return UndatedRead(_event_end(words, k + 3 + 2 * asks), "event", "event.khi")
    return None


# --- standing ------------------------------------------------------------------------------------

_BUDGET = ("chi", "vốn", "phí", "nguồn", "sách", "không", "họp", "kỳ", "trực")


def read_standing(words: Words, i: int, ref: Reference) -> UndatedRead | None:
    """thường xuyên; not "chi thường xuyên" (a budget term)."""
    if not starts(words, i, ("thường", "xuyên")) or at(words, i - 1) in _BUDGET:
        return None
    return UndatedRead(i + 2, "standing", "standing")
