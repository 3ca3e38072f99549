"""Days counted from the meeting: "ngày mai", "trong vòng 10 ngày", "3 ngày làm việc", "48 giờ"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from transcription.text import vi_time_words as tw
from transcription.text.vi_calendar import add_months, add_working_days
from transcription.text.vi_dates import read_date
from transcription.text.vi_numbers import read_small
from transcription.text.vi_phrases import text_phrases
from transcription.text.vi_time_words import Reference, TimeRead, at, starts

Words = Sequence[str]

_RELATIVE_DAYS: dict[tuple[str, ...], int] = {
    ("ngày", "hôm", "nay"): 0,
    ("ngày", "nay"): 0,
    ("hôm", "nay"): 0,
    ("ngày", "hôm", "sau"): 1,
    ("ngày", "mai"): 1,
    ("hôm", "sau"): 1,
    ("ngày", "mốt"): 2,
    ("ngày", "kia"): 2,
    ("ngày", "kìa"): 3,
}
BEHIND_DAY = frozenset(said[1] for said in _RELATIVE_DAYS if said[0] == "ngày")
_RELATIVE_FIRST = frozenset({"ngày", "hôm", "cuối", "đầu", "mai", "mốt", *tw.PARTS_OF_DAY})
_BEFORE_SOON = ("trước", "đến", "tới", "hết", "trong")


def read_relative_day(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """hôm nay, đêm nay, ngày mai, sáng mai, chiều mốt, ngày kia."""
    word = at(words, i)
    if word not in _RELATIVE_FIRST:
        return None
    if word in ("ngày", "hôm"):
        for size in (3, 2):
            said = tuple(words[i : i + size])
            days = _RELATIVE_DAYS.get(said)
            if days is not None:
                return _on(i, i + len(said), ref.held_on + timedelta(days=days), "day.relative")
        return None
    if word in ("cuối", "đầu") and at(words, i + 1) == "giờ":
        return None if at(words, i + 2) in ("cuối", "đầu") else _from_hour(words, i, ref)
    if word in ("mai", "mốt"):  # "trước mốt"; without such a word "mai" is a name
        named = at(words, i - 1) not in _BEFORE_SOON
        days = 1 if word == "mai" else 2
        return None if named else _on(i, i + 1, ref.held_on + timedelta(days=days), "day.relative")
    if word in tw.PARTS_OF_DAY:
        word = at(words, i + 1)
        if word == "nay":
            return _on(i, i + 2, ref.held_on, "day.relative")
        if word in tw.SOON:
            days = 1 if word == "mai" else 2
            return _on(i, i + 2, ref.held_on + timedelta(days=days), "day.relative")
    return None


def _from_hour(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """ "cuối giờ chiều nay": the part of the day gives no hour."""
    inner = read_relative_day(words, i + 2, ref)
    return None if inner is None else inner._replace(start=i)


def _on(start: int, end: int, day: date, rule: str) -> TimeRead:
    return TimeRead(start, end, day, day, tw.DAY, rule, bare=True)


# --- N ngày, N tuần, N tháng, 48 giờ -------------------------------------------------------------

_WITHIN = text_phrases("within")
_UNITS = ("ngày", "tuần", "tháng", "giờ", "tiếng", "năm", "hôm")
_HOURS_AFTER = ("trong", "sau", "nội", "thời", "tối")
_HOURS = ("giờ", "tiếng")
_HOUR_COUNTS = (24, 36, 48, 72, 96)
_LATER = ("nữa", "tới", "sau")
# "trong 10 ngày qua", "6 tháng đầu năm": reports of the past, not deadlines.
_PAST = ("qua", "trước", "rồi", "đầu", "cuối", "liền", "gần", "vừa")
_UNDERTAKEN = ("thực", "triển", "hoạt", "vận", "sắp", "đi")
_FROM_NOW = (
    ("hôm", "nay"), ("ngày", "hôm", "nay"), ("nay",), ("ngày", "họp"), ("bây", "giờ"),
    ("thời", "điểm", "này"),
)  # fmt: skip


def _amount(words: Words, i: int) -> tuple[int, int] | None:
    """N of "N ngày"; half units are read by `_half`. "2-3 ngày", "hai ba ngày" → the greater."""
    if at(words, i) in ("vài", "mấy", "nhiều", "những", "các"):
        return None
    read = read_small(words, i, 1000)
    if read is None:
        return None
    after = read[1]
    if at(words, after) in ("-", "–", "đến", "hoặc", ","):
        after += 1
    second = read_small(words, after, 1000)
    if second is not None and at(words, second[1]) in _UNITS and second[0] == read[0] + 1:
        return second
    if second is not None and second[1] == after + 1 and at(words, second[1]) in _HOURS:
        both = 10 * read[0] + second[0]
        if both in _HOUR_COUNTS:
            return both, second[1]  # "bốn tám giờ": 48, digit by digit
    return read if read[0] > 0 else None


def _counted_days(unit: str, amount: int, working: bool, ref: Reference, base: date) -> date:
    if working:
        return add_working_days(base, amount, ref.calendar)
    match unit:
        case "tuần":
            return base + timedelta(days=7 * amount)
        case "tháng":
            return add_months(base, amount)
        case "năm":
            return add_months(base, 12 * amount)
        case "giờ" | "tiếng":
            return base + timedelta(days=amount // 24)
        case _:
            return base + timedelta(days=amount)


def _half(words: Words, i: int, ref: Reference) -> tuple[date, int] | None:
    """nửa tháng (+15 days), nửa năm (+6 months), nửa tuần is no deadline anyone says."""
    if at(words, i) == "nửa" and at(words, i + 1) == "tháng":
        return ref.held_on + timedelta(days=15), i + 2
    if at(words, i) == "nửa" and at(words, i + 1) == "năm":
        return add_months(ref.held_on, 6), i + 2
    return None


def _half_ahead(words: Words, start: int, i: int, ref: Reference) -> TimeRead | None:
    half = _half(words, i, ref)
    later = half is not None and at(words, half[1]) in _LATER
    if half is None or not (i > start or later):
        return None
    return _counted(start, half[1] + later, half[0], "days")


def _base(words: Words, i: int, ref: Reference) -> tuple[date | None, int]:
    """From when is counted: (day, index after); day None = from an event."""
    place = i
    if at(words, place) in ("kể", "tính") and at(words, place + 1) == "từ":
        place += 2
    elif at(words, place) == "từ":
        place += 1
    else:
        return ref.held_on, i
    for phrase in _FROM_NOW:
        if starts(words, place, phrase) and not (
            phrase == ("nay",) and at(words, place + 1) == "đến"
        ):
            return ref.held_on, place + len(phrase)
    day = read_date(words, place, ref)
    if day is not None and day.due is not None:
        return day.due, day.end
    return None, place


def _amount_and_unit(words: Words, i: int) -> tuple[int, str, bool, int] | None:
    amount = _amount(words, i)
    if amount is None:
        return None
    if at(words, amount[1]) == "h" and amount[0] >= 12 and at(words, i - 1) in ("trong", "vòng"):
        hour_of_day = at(words, amount[1] + 1) in ("ngày", "hôm", *tw.PARTS_OF_DAY)
        return None if hour_of_day else (amount[0], "giờ", False, amount[1] + 1)
    if at(words, amount[1]) not in _UNITS:
        return None
    unit, end = at(words, amount[1]), amount[1] + 1
    if unit in ("ngày", "tháng") and read_small(words, end, 1000) is not None:
        return None  # "3 tháng 10", "ba ngày mười …" belong to a date
    working = starts(words, end, ("làm", "việc"))
    end += 2 if working else 0
    end += unit == "tuần" and at(words, end) == "lễ"
    if unit == "tiếng" and starts(words, end, ("đồng", "hồ")):
        end += 2
    return amount[0], unit, working, end


def read_within(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """trong vòng 10 ngày, sau 2 tuần, 3 ngày làm việc, nửa tháng nữa, trong 48 giờ."""
    start = i
    within = _WITHIN.at(words, i)
    after_that = within == 1 and words[i] == "sau"
    i += within
    if within and words[start] == "cho":
        i += at(words, i) in ("đúng", "thêm")
    if at(words, i) == "nửa":
        return _half_ahead(words, start, i, ref)
    said = _amount_and_unit(words, i)
    if said is None:
        return None
    amount, unit, working, end = said
    if unit == "giờ" and amount < 24 and words[start] not in _HOURS_AFTER:
        return None  # "chậm nhất 11 giờ" is a time of the day
    following = at(words, end)
    if unit == "tháng" and following in _NEXT and _names_a_day(words, start, amount):
        return None  # "trước mười lăm tháng sau": the fifteenth of the next month
    later = following in _LATER and at(words, end + 1) not in ("khi", "đó")
    if _gone(words, end, within > 0) or (after_that and following in _UNDERTAKEN):
        return None
    since = following in ("kể", "tính") and at(words, end + 1) == "từ"
    if within and starts(words, end, ("sau", "khi")):
        return TimeRead(start, end + 2, None, None, tw.DAY, "days.from_event", event=True)
    if not (within or later or working or since) or _tells_how_long(words, start, end):
        return None
    end += later
    base, after = _base(words, end, ref)
    if base is None:
        return TimeRead(start, end, None, None, tw.DAY, "days.from_event", event=True)
    due = _counted_days(unit, amount, working, ref, base)
    return _counted(start, after, due, "working_days" if working else "days")


def _gone(words: Words, end: int, within: bool) -> bool:
    """ "10 ngày qua", "trong năm ngày rồi mà chưa xong"; "trong năm ngày rồi thanh tra vào cuộc"
    goes on."""
    if within and at(words, end) == "rồi":
        return at(words, end + 1) in ("", ",", ".", "mà", "vẫn", "chưa", "không", "nhưng")
    return at(words, end) in _PAST


def _tells_how_long(words: Words, start: int, end: int) -> bool:
    """ "trong 10 ngày còn lại", "mới bốn tháng sau hợp nhất", "cho xã ba tháng lương"."""
    following = at(words, end)
    if following == "sau" and at(words, start - 1) in _ONLY:
        return True
    lent = at(words, start) in ("cho", "thêm") and following not in (*_LATER, "kể", "tính")
    return starts(words, end, ("còn", "lại")) or (lent and not _ends_clause(words, end))


_ONLY = ("mới", "được", "đã", "suốt", "hơn", "gần", "chỉ")


def _ends_clause(words: Words, i: int) -> bool:
    return at(words, i) in ("", ",", ".", ";", "để", "thôi", "phải", "là", "nghe", "nhé", "nha")


_NEXT = ("sau", "tới")
_BY_A_DAY = frozenset(("trước", "đến", "tới", "hạn", "nhất", "là", "ngày"))
_MONTHS_COUNTED = 6


def _names_a_day(words: Words, start: int, amount: float) -> bool:
    """Is "N tháng sau" a day of the next month? After "trong", or without a marker when small, it
    counts months."""
    marked = at(words, start - 1) in _BY_A_DAY or at(words, start + 1) in _BY_A_DAY
    return (
        1 <= amount <= 31
        and marked
        and (amount > _MONTHS_COUNTED or at(words, start - 1) == "trước")
    )


def _counted(start: int, end: int, due: date, counted: str) -> TimeRead:
    rule = f"{counted}.within"
    return TimeRead(start, end, due, due, tw.DAY, rule, counted=counted, bare=True)
