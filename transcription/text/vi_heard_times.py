"""The words of a time where a recogniser misheard them, set right inside their frame.

One syllable alone says little ("này", "thang", "bà"), a frame says what it was: "trước *này* 15
tháng 10", "ngày hai mươi *thán* mười", "mười *rờ* ngày". A number is set right only inside a frame
and only when one number sounds nearest; "sau" and "sáu" are never exchanged after "tháng".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from transcription.text.vi_likeness import distance, rough_key

_NEAR = 0.45
_DIGITS = ("một", "hai", "ba", "bốn", "tư", "năm", "lăm", "nhăm", "sáu", "bảy", "tám", "chín")
_TENS = ("mười", "mươi", "mốt", "linh", "lẻ")
_OF_YEARS = ("không", "trăm", "nghìn", "ngàn")
_NUMBERS = (*_DIGITS, *_TENS)
_NUMBER_SET, _YEAR_SET = frozenset(_NUMBERS), frozenset((*_NUMBERS, *_OF_YEARS))
_MONTHS_LATER = ("này", "sau", "tới")
_LONGEST_DAY, _LONGEST_YEAR = 4, 9
_BEFORE_DAY = frozenset("trước đến tới nhất hơn hạn là vào quá từ giờ xong hết trong chót".split())
_STRONG = frozenset("trước nhất hơn hạn quá chót".split())
_BEFORE_PERIOD = frozenset("trong cuối đầu giữa hết trước đến vào nửa".split())
_NO_MONTH = frozenset(("bà", "nắm", "chính", "tạm", "bón", "sau"))  # "trong tháng bà con"
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_INTO = ("vạo", "vao", "váo")
_EDGES = ("đầu", "cuối", "giữa")
_BEFORE_COUNT = frozenset(("trong", "vòng", "sau", "trước"))
_TIMES = frozenset("ngày tháng thứ tuần tết quý cuối đầu giữa mùng mồng chiều sáng".split())
_COUNTED = frozenset("ngày tuần tháng giờ tiếng".split())


@lru_cache(maxsize=1 << 12)
def _near(word: str, known: str, most: float = _NEAR) -> bool:
    return distance(word, known) <= most


@lru_cache(maxsize=1 << 12)
def _may_mark(word: str) -> bool:
    """May `word` be a marker misheard?"""
    known = ("trước", "trong", "đến", *_EDGES)
    return word in _INTO or any(word != mark and _near(word, mark, 0.4) for mark in known)


@lru_cache(maxsize=1 << 12)
def _number(word: str, years: bool = False) -> str | None:
    """The number word that `word` is or plainly sounds like; None when none or several are."""
    if word in (_YEAR_SET if years else _NUMBER_SET) or word.isdigit():
        return word
    words = (*_NUMBERS, *_OF_YEARS) if years else _NUMBERS
    order = sorted((distance(word, known), known) for known in words)
    (first, known), (second, other) = order[0], order[1]
    if {known, other} == {"mười", "mươi"}:
        second = order[2][0]
    return known if first <= _NEAR and second > first else None


class HeardTimes:
    """Sets right `words` in place; `touched` are the places changed."""

    def __init__(self, words: list[str], keys: Sequence[str] | None = None) -> None:
        """`keys`: the rough keys of the words, when the caller has them."""
        keys = [rough_key(word) for word in words] if keys is None else keys
        self.words = words
        self.touched: list[int] = []
        markers = [i for i, key in enumerate(keys[:-1]) if key in _MARKER_KEYS]
        self._markers(markers)
        for i, key in enumerate(keys):
            if key in _RULES_BY_KEY:
                self._frame(i, _RULES_BY_KEY[key])
        self._markers(markers)  # again: some are known only now

    def _frame(self, i: int, rules: Sequence[Rule]) -> None:
        for rule in rules:
            if rule(self, i):
                return

    def _markers(self, places: Sequence[int]) -> None:
        """What stands before a time, from behind."""
        for i in reversed(places):
            self._marker(i)

    def _at(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def _set(self, i: int, word: str) -> None:
        if self.words[i] != word:
            self.words[i] = word
            self.touched.append(i)

    # --- days, months, years ------------------------------------------------------------------

    def _day(self, i: int) -> bool:
        """ "ngày mười lăm tháng mười": the day's word, its number, the month and the year."""
        word = self.words[i]
        if not (word in ("này", "nầy") or _near(word, "ngày") or _is_first(word)):
            return False
        month = self._month_place(i + 1)
        if month is None:
            bare = word != "ngày" and not _is_first(word) and self._at(i - 1) in _STRONG
            if bare and self._at(i + 1) in _NUMBER_SET | {"mùng", "mồng"}:
                self._set(i, "ngày")
            return bare
        if word != "ngày" and not _is_first(word):
            if self._at(i - 1) not in _BEFORE_DAY and self._at(i + 1).isdigit():
                return False
            self._set(i, "ngày")
        self._numbers(i + 1, month)
        self._set(month, "tháng")
        self._month(month + 1)
        return True

    def _month_place(self, i: int) -> int | None:
        """Index of "tháng" behind the number of a day at `i`."""
        i += _is_first(self._at(i))
        for place in range(i, min(i + _LONGEST_DAY, len(self.words) - 1)):
            word = self.words[place]
            if _near(word, "tháng") and place > i:
                behind = self.words[place + 1]
                return place if _number(behind) or _later(behind) else None
            if _number(word) is None and not (word == "sau" and place == i):
                return None
        return None

    def _numbers(self, start: int, end: int) -> None:
        for place in range(start, end):
            word = self.words[place]
            if _is_first(word):
                continue
            known = "sáu" if word == "sau" else _number(word)
            if known is not None:
                self._set(place, self._joined(place, known, place == start))

    def _joined(self, place: int, number: str, first: bool) -> str:
        """ "mười" begins a number, "mươi" stands behind a digit; "mốt" not behind "mười"."""
        before = "" if first else self.words[place - 1]
        if number in ("mười", "mươi"):
            return "mươi" if before in _DIGITS else "mười"
        return "một" if number == "mốt" and before in ("", "mười") else number

    def _month(self, i: int) -> None:
        """The month's number at `i`, or "này", "sau", "tới"; and the year behind it."""
        later = _later(self._at(i))
        if later:
            self._set(i, later)
            return
        self._numbers(i, i + 1)
        i += 1
        if self.words[i - 1] == "mười" and _number(self._at(i)) in ("một", "hai", "mốt"):
            if not (self._at(i) == "hai" or self._at(i) == "một"):
                self._set(i, "hai" if _number(self.words[i]) == "hai" else "một")
            i += 1
        if _near(self._at(i), "năm") and self._thousand(i + 2):
            self._set(i, "năm")
            self._year(i + 1)

    def _thousand(self, i: int) -> bool:
        return _number(self._at(i), years=True) in ("nghìn", "ngàn")

    def _year(self, i: int) -> None:
        for place in range(i, min(i + _LONGEST_YEAR, len(self.words))):
            known = _number(self.words[place], years=True)
            if known is None:
                return
            self._set(place, self._joined(place, known, place == i))

    # --- periods, hours, counts ----------------------------------------------------------------

    def _period(self, i: int) -> bool:
        """ "trong *tuầng* sau", "cuối *thán* mười", "trong *quỹ* ba", "mười *rờ* ngày"."""
        word, before, behind = self.words[i], self._at(i - 1), self._at(i + 1)
        placed = before in _BEFORE_PERIOD or before in _NUMBER_SET
        if _near(word, "tháng") and before in _BEFORE_PERIOD and behind not in _NO_MONTH:
            if _number(behind) or _later(behind):
                self._set(i, "tháng")
                self._month(i + 1)
                return True
        later = "sau" if behind == "sáu" and placed else _later(behind)
        if _near(word, "tuần") and later and (placed or word == "tuần"):
            self._set(i, "tuần")
            self._set(i + 1, later)
            return True
        if _near(word, "quý") and before in _BEFORE_PERIOD:
            if _number(behind) in ("một", "hai", "ba", "bốn", "tư"):
                self._set(i, "quý")
                self._numbers(i + 1, i + 2)
                return True
        return self._count(i)

    def _count(self, i: int) -> bool:
        """ "trong mười *ngay*", "mười *rờ* ngày": the unit behind a number."""
        word, behind = self.words[i], self._at(i + 1)
        if _number(self._at(i - 1)) is None:
            return False
        if _near(word, "giờ") and (_near(behind, "ngày") or behind in _TIMES):
            self._set(i, "giờ")
            self._number_before(i)
            return True
        if _near(word, "ngày") and _near(behind, "làm") and _near(self._at(i + 2), "việc"):
            self._set(i + 1, "làm")
            self._set(i + 2, "việc")
            behind = "làm"
        this_year = self._at(i - 1) == "năm" and self._at(i - 2) not in _NUMBER_SET
        ahead = behind in ("làm", "nữa", "nửa", "tới") or (self._counts(i) and not this_year)
        unit = next((known for known in ("ngày", "tuần") if _near(word, known)), None)
        if unit is None or not ahead:
            return False
        self._set(i, unit)
        if behind in ("làm", "nữa", "nửa"):
            self._number_before(i)
        return True

    def _number_before(self, end: int) -> None:
        start = end
        while start > end - _LONGEST_DAY and _number(self._at(start - 1)) is not None:
            start -= 1
        self._numbers(start, end)

    def _weekday(self, i: int) -> bool:
        """ "*thư* ba tuần sau"."""
        day = _number(self._at(i + 1))
        dated = _near(self._at(i + 2), "tuần") or _later(self._at(i + 2)) != ""
        if day not in _WEEKDAYS or not dated or not _near(self.words[i], "thứ"):
            return False
        self._set(i, "thứ")
        self._set(i + 1, day)
        return True

    def _counts(self, i: int) -> bool:
        """Does "trong (vòng)" stand before the number before `i`?"""
        place = i - 1
        while place > i - 4 and self._at(place) in _NUMBER_SET:
            place -= 1
        return _near(self._at(place), "trong", 0.4) or self._at(place) == "vòng"

    def _counted_number(self, i: int) -> None:
        """ "trong *hài* tuần", "sau *bà* mươi ngày": the number between its marker and unit."""
        place = i + 1
        while place < i + 4 and _number(self._at(place)) is not None:
            place += 1
        if place > i + 1 and self._at(place) in _COUNTED:
            self._numbers(i + 1, place)

    def _marker(self, i: int) -> None:
        """ "*trược* ngày", "*tron* tháng", "*đên* ngày", "*vạo* thứ hai"."""
        self._mark(i)
        if self.words[i] in _BEFORE_COUNT:
            self._counted_number(i)

    def _mark(self, i: int) -> None:
        word, behind = self.words[i], self._at(i + 1)
        if not _may_mark(word):
            return
        timed = behind in _TIMES
        counted = _number(behind) is not None and (
            self._at(i + 2) in _COUNTED or self._at(i + 3) in _COUNTED
        )
        for marker, alone in (("trước", counted), ("trong", counted), ("đến", False)):
            if word != marker and _near(word, marker, 0.4) and (timed or alone):
                self._set(i, marker)
                return
        for edge in _EDGES:
            if word != edge and _near(word, edge, 0.4) and behind in ("tuần", "tháng", "quý"):
                self._set(i, edge)
                return
        if word in _INTO and behind in ("ngày", "thứ"):
            self._set(i, "vào")


def _is_first(word: str) -> bool:
    return word in ("mùng", "mồng")


def _later(word: str) -> str:
    """ "này", "sau", "tới" as they are or as they sound; "" for any other word."""
    if word in _MONTHS_LATER:
        return word
    if word in _NUMBER_SET:
        return ""
    return next((known for known in _MONTHS_LATER if _near(word, known, 0.4)), "")


Rule = Callable[[HeardTimes, int], bool]


def _rules() -> dict[str, tuple[Rule, ...]]:
    table: dict[str, tuple[Rule, ...]] = {}
    known: Sequence[tuple[Rule, str]] = (
        (HeardTimes._day, "ngày này mùng mồng"),
        (HeardTimes._weekday, "thứ"),
        (HeardTimes._period, "tháng tuần quý giờ ngày này"),
    )
    for rule, words in known:
        for key in {rough_key(word) for word in words.split()}:
            table[key] = (*table.get(key, ()), rule)
    return table


_RULES_BY_KEY = _rules()
_MARKER_KEYS = frozenset(
    rough_key(word) for word in ("trước", "trong", "đến", "vào", "vòng", "sau", *_EDGES)
)
