"""Any time that may stand at a place: `read_time` tries the readers that can begin with the word
there and joins an hour with its day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transcription.text import vi_time_words as tw
from transcription.text.vi_clock import afternoon, read_clock
from transcription.text.vi_counted import BEHIND_DAY, read_relative_day, read_within
from transcription.text.vi_dates import read_date
from transcription.text.vi_holidays import HOLIDAY_WORDS, read_holiday, read_lunar
from transcription.text.vi_numbers import read_small, starts_number
from transcription.text.vi_periods import read_month, read_quarter, read_year_time
from transcription.text.vi_time_words import Other, Reference, TimeRead, at
from transcription.text.vi_weeks import read_week, read_weekday

Words = Sequence[str]
Reader = Callable[[Words, int, Reference], TimeRead | None]

_PARTS = ("nửa", "đầu", "giữa", "cuối", "hết", "những", "thượng", "trung", "hạ", "sang")
_FIRST_WORDS: tuple[tuple[Reader, str], ...] = (
    (read_relative_day, "ngày hôm cuối đầu sáng trưa chiều tối đêm mai mốt"),
    (read_within, "trong sau nội tối không thời chậm nửa cho tôi gia"),
    (
        read_holiday,
        "dịp lễ ngày kỳ nghỉ đêm tết quốc giải thống năm trung giỗ vu giao ông đưa",
    ),
    (read_lunar, "ngày mùng mồng rằm"),
    (read_weekday, "ngày thứ chủ chúa"),
    (read_date, "ngày mùng mồng hôm"),
    (read_month, "tháng " + " ".join(_PARTS)),
    (read_quarter, "quý " + " ".join(_PARTS)),
    (read_week, "tuần " + " ".join(_PARTS)),
    (read_year_time, "năm " + " ".join(_PARTS)),
)
# Behind "ngày", when that is no number.
_AFTER_DAY: tuple[tuple[Reader, str], ...] = (
    (read_relative_day, " ".join(BEHIND_DAY)),
    (read_holiday, " ".join(HOLIDAY_WORDS)),
    (read_lunar, "ngày mùng mồng rằm"),
    (read_weekday, "thứ chủ chúa"),
    (read_date, "ngày mùng mồng hôm"),
    *((reader, "cuối") for reader in (read_month, read_quarter, read_week, read_year_time)),
)
# Behind a number: what it may count or belong to.
_AFTER_NUMBER: tuple[tuple[Reader, str], ...] = (
    (read_within, "ngày tuần tháng giờ tiếng năm hôm h - – đến hoặc ,"),
    (read_date, "/ - . tháng của"),
    (read_lunar, "tháng tết"),
    (read_year_time, "tháng"),
)
_NUMBER_AFTER_NUMBER: tuple[Reader, ...] = (read_within, read_date)  # "hai ba ngày", "hai ba tháng"
_DAY: tuple[Reader, ...] = (read_date, read_lunar)
_SOLAR_DAY: tuple[Reader, ...] = (read_date,)
_LUNAR_WORDS = frozenset(("tết", "chạp", "âm", "rằm"))


def _table(rows: tuple[tuple[Reader, str], ...]) -> dict[str, tuple[Reader, ...]]:
    table: dict[str, tuple[Reader, ...]] = {}
    for reader, words in rows:
        for word in words.split():
            table[word] = (*table.get(word, ()), reader)
    return table


_BY_FIRST_WORD = _table(_FIRST_WORDS)
_BY_WORD_AFTER_DAY = _table(_AFTER_DAY)
_BY_WORD_AFTER = _table(_AFTER_NUMBER)


def readers_at(words: Words, i: int) -> tuple[Reader, ...]:
    """The readers whose times can begin with word `i`."""
    word, following = at(words, i), at(words, i + 1)
    if word == "ngày":
        if not starts_number(following):
            return _BY_WORD_AFTER_DAY.get(following, ())
        lunar = not _LUNAR_WORDS.isdisjoint(words[i + 2 : i + 7])
        return _DAY if lunar else _SOLAR_DAY
    named = _BY_FIRST_WORD.get(word, ())
    if not starts_number(word):
        return named
    number = read_small(words, i)
    if number is None:
        return named
    after = at(words, number[1])
    if after == "/":
        lunar = not _LUNAR_WORDS.isdisjoint(words[i + 2 : i + 7])
        return (*named, *(_DAY if lunar else _SOLAR_DAY))
    counted = _NUMBER_AFTER_NUMBER if starts_number(after) else _BY_WORD_AFTER.get(after, ())
    return (*named, *counted)


_AFTER_HOUR = frozenset(("giờ", "h", "g", ":", "rưỡi"))
_YEARS = frozenset(("nay", "sau", "tới", "mới", "hai", "một"))


def number_begins_time(words: Words, i: int) -> bool:
    """May the number at `i` be the beginning of a time? Judged by what stands behind it."""
    word = words[i]
    if len(word) == 4 and "0" <= word[0] <= "9":
        return at(words, i + 1) == "-"
    if word == "năm" and (at(words, i + 1) in _YEARS or len(at(words, i + 1)) == 4):
        return True
    number = read_small(words, i)
    if number is None:
        return False
    place = number[1]
    after = at(words, place)
    if after in ("/", ".", "-", "–", ","):
        return _goes_on(words, place, after)
    if starts_number(after):
        second = read_small(words, place)
        return second is not None and at(words, second[1]) in _BY_WORD_AFTER
    return after in _BY_WORD_AFTER or after in _AFTER_HOUR


def _goes_on(words: Words, i: int, sign: str) -> bool:
    """Is the sign at `i`, behind a number, one of a date or of "2-3 ngày"?"""
    if not starts_number(at(words, i + 1)):
        return False
    if sign in ("-", "–", ",") and at(words, i + 2) in _BY_WORD_AFTER:
        return True
    return sign == "/" or (at(words, i + 2) == sign and len(at(words, i + 3)) in (2, 4))


_HOUR_JOINTS = ("lúc", "vào", "hồi", "trước")
_JOINTS = ("ngày", "của", ",", "vào", "trong")


def _read_day(words: Words, i: int, ref: Reference) -> TimeRead | None:
    if len(at(words, i)) == 4 and at(words, i).isdigit():
        return read_date(words, i, ref)  # 2025-10-15
    best: TimeRead | None = None
    for reader in readers_at(words, i):
        found = reader(words, i, ref)
        if found is not None and (best is None or found.end > best.end):
            best = found
    return best


def _with_part_of_day(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """sáng thứ hai, chiều ngày 15/10: the part of the day gives no hour."""
    if at(words, i) in tw.PARTS_OF_DAY:
        found = read_weekday(words, i + 1, ref) or read_date(words, i + 1, ref)
        if found is not None:
            return found._replace(start=i, bare=True)
    return None


def _clocked(words: Words, i: int, ref: Reference) -> TimeRead | None:
    """An hour and the day after it; an hour alone is the meeting's own day."""
    clock = read_clock(words, i)
    if clock is None:
        return None
    time, place = clock
    for joint in (0, 1, 2):
        if joint and at(words, place + joint - 1) not in _JOINTS:
            break
        day = read_plain_time(words, place + joint, ref)
        if day is not None and day.precision == tw.DAY and day.counted is None:
            return _at_hour(words, day._replace(start=i, bare=True), time, day.end)
    held = ref.held_on
    return TimeRead(i, place, held, held, tw.MINUTE, "hour.same_day", time=time)


def read_plain_time(words: Words, i: int, ref: Reference) -> TimeRead | None:
    return _with_part_of_day(words, i, ref) or _read_day(words, i, ref)


def may_tell_hours(vocabulary: frozenset[str]) -> bool:
    """May a text of these words hold a time of the day?"""
    return not _AFTER_HOUR.isdisjoint(vocabulary)


def read_time(words: Words, i: int, ref: Reference, *, hours: bool = True) -> TimeRead | None:
    """The longest time that starts at word `i`, with its hour ("17 giờ ngày 26/9" and
    "ngày 26/9 lúc 17 giờ"), and "thứ sáu tuần sau, ngày 3/10" as one (the date decides)."""
    word = at(words, i)
    if word not in _BY_FIRST_WORD and not starts_number(word):
        return None
    found = _clocked(words, i, ref) if hours else None
    found = found or read_plain_time(words, i, ref)
    if found is None or not found.exists or found.precision != tw.DAY:
        return found
    place = found.end + (at(words, found.end) == ",")
    if found.rule.startswith("weekday"):
        dated = read_date(words, place, ref)
        if dated is not None and dated.exists:
            found = dated._replace(start=i, bare=True)
            place = found.end
    if hours and at(words, place) in _HOUR_JOINTS and found.time is None:
        place += 1 + (at(words, place + 1) == "lúc")
        clock = read_clock(words, place)
        if clock is not None:
            return _at_hour(words, found, clock[0], clock[1])
    return found


def _at_hour(words: Words, day: TimeRead, time: str, end: int) -> TimeRead:
    """The day with its hour; "chiều mai lúc 3 giờ" is 15:00, a bare "3 giờ" may be."""
    said = words[day.start : end]
    late = any(word in tw.AFTERNOON for word in said)
    time = afternoon(time) if late else time
    others = day.others
    if not late and "sáng" not in said and "01" <= time[:2] <= "06":
        others = (*others, Other(day.due, "hour.afternoon", afternoon(time)))
    return day._replace(end=end, time=time, precision=tw.MINUTE, others=others)
