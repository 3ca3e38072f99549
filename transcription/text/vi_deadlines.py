"""Deadlines in Vietnamese text: the tables of the extraction rules as a grammar.

`read_deadline` is for a person's line ("trước ngày 15/10"): the room's task box, the import and
the command line use it; `deadline_readings` tells beside it what else the words may mean.
`find_deadlines` gives every time of a text with its place and how strongly it is marked as a
deadline; `transcription.extraction` chooses among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from transcription.contract.candidates import CandidateDeadline, WorkCalendar
from transcription.text import vi_time_words as tw
from transcription.text.vi_deadline_context import (
    MARKED,
    due_end,
    horizon,
    pressed,
    refused,
)
from transcription.text.vi_events import (
    EVENT_FIRST_WORDS,
    RECURRING_WORDS,
    read_event,
    read_recurrence,
    read_standing,
)
from transcription.text.vi_numbers import NUMBER_WORDS, starts_number
from transcription.text.vi_phrases import text_phrases
from transcription.text.vi_spans import may_tell_hours, number_begins_time, read_time
from transcription.text.vi_time_words import Reference, TimeRead, at
from transcription.text.vi_tokens import Token, lows, tokenize

Deadline = CandidateDeadline
Words = Sequence[str]
Marker = tuple[str, ...]

_MARKERS = text_phrases("deadline_markers")
_CORRECTIONS = text_phrases("corrections")
# The readers of times that are no dates, each with words of which it needs one.
_UNDATED = (
    (read_recurrence, RECURRING_WORDS),
    (read_event, EVENT_FIRST_WORDS),
    (read_standing, frozenset(("thường",))),
)
_MOST_MARKERS = 7
_FILLERS = ("là", "thì", "vào", ":", ",", "khoảng", "đúng", "lúc", "ờ", "à", "ừ", "mà", "xong")
# Of the markers those that alone make no date a deadline.
_WEAK_MARKERS = {("vào",), ("là",), ("thì",), ("lúc",), ("đúng",), ("khoảng",), ("chỉ",), ("tới",)}
_SOUNDS = ("mà", ",", "ờ", "à", "ừ", "thì", "là", "…", ".", "-", "(")
_WHOLE_DATES = ("date.day_month", "date.day_month_year")
_FARTHEST_YEARS = 60  # a due day beyond is a slip of the tongue or of the recogniser
# A deadline can begin only with one of these, a marker, or a digit.
_FIRST_WORDS = frozenset(
    "ngày mùng mồng hôm nửa đầu giữa cuối hết "
    "tháng quý tuần thứ chủ chúa sáng trưa chiều tối đêm mai mốt sau nội tối thời kể dịp lễ kỳ "
    "nghỉ tết quốc giải thống định hằng hàng mỗi từng ngay khi từ tại thường rằm sang giỗ vu giao "
    "ông cho cứ tôi gia đưa những thượng trung hạ".split()
)
_BEGINNINGS = _FIRST_WORDS | _MARKERS.first_words | NUMBER_WORDS


class DeadlineFound(NamedTuple):
    """A deadline at tokens [start, end). `strength`: 3 marked ("trước ngày"), 2 a time that needs
    no marker ("tuần sau"), 1 a date alone. `horizon`: "đến năm 2030" and its like. `others`: what
    the same words may mean besides."""

    start: int
    end: int
    deadline: Deadline
    strength: int
    horizon: bool = False
    others: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlineReading:
    """`deadline` as the tables give it; `alternatives` when the words are ambiguous ("thứ sáu" said
    on a Friday, "mùng 5", a day that has just passed, "5 giờ") or the text holds several deadlines.
    Each has its phrase (verbatim), rule, precision and kind."""

    deadline: Deadline
    alternatives: tuple[Deadline, ...] = ()


def read_deadline(
    text: str, held_on: date, calendar: WorkCalendar | None = None
) -> Deadline | None:
    """The deadline said in `text`, counted from `held_on`; None when there is none.

    The strongest wins, of equals the last (a changed deadline: the last one stands). `kind` is
    dated, recurring, event or standing; dated has `due_on` and maybe `due_time` "HH:MM".
    Urgency ("khẩn trương", "sớm") is no deadline; a date that does not exist gives None.
    """
    reading = deadline_readings(text, held_on, calendar)
    return reading.deadline if reading is not None else None


def deadline_readings(
    text: str, held_on: date, calendar: WorkCalendar | None = None
) -> DeadlineReading | None:
    """`read_deadline` with the alternatives for a person to choose from, likeliest first."""
    tokens = tokenize(text)
    found = find_deadlines(text, tokens, Reference(held_on, calendar or WorkCalendar()))
    usable = [item for item in found if not item.horizon]
    if not usable:
        return None
    chosen = choose(usable)
    others = list(chosen.others)
    others += [item.deadline for item in reversed(usable) if item.strength >= chosen.strength]
    told = {_value(chosen.deadline)}
    distinct = []
    for other in others:
        if _value(other) not in told:
            told.add(_value(other))
            distinct.append(other)
    return DeadlineReading(chosen.deadline, tuple(distinct))


def _value(deadline: Deadline) -> tuple[object, ...]:
    return deadline.kind, deadline.due_on, deadline.due_time, deadline.event_text


def choose(found: Sequence[DeadlineFound]) -> DeadlineFound:
    """The deadline of one demand among those found in it (not empty)."""
    order = {"recurring": 3, "dated": 2, "event": 1, "standing": 0}
    best = max(
        enumerate(found), key=lambda pair: (order[pair[1].deadline.kind], pair[1].strength, pair[0])
    )[1]
    last = found[-1]
    closes = (
        last.deadline.kind == "dated"
        and last.deadline.rule != "hour.same_day"
        and last.strength == MARKED
        and last.end > best.end
    )
    return last if best.deadline.kind == "recurring" and closes else best


def find_deadlines(
    text: str, tokens: list[Token], ref: Reference, start: int = 0, end: int | None = None
) -> list[DeadlineFound]:
    """Every deadline in tokens [start, end) of `text`, in order, not overlapping."""
    stop = len(tokens) if end is None else end
    first = max(start - _LOOK_BACK, 0)
    places = [
        i
        for i, word in enumerate(lows(tokens[start:stop]), start - first)
        if word in _BEGINNINGS or "0" <= word[0] <= "9"
    ]
    if not places:
        return []
    return _Finder(text, tokens[first:stop], ref).found(places, first)


_LOOK_BACK = 3  # words before a sentence that its first time is judged by


class _Finder:
    """Reads the deadlines of one stretch of tokens; keeps each time it has read by its place."""

    def __init__(self, text: str, tokens: list[Token], ref: Reference) -> None:
        self.text, self.tokens, self.ref = text, tokens, ref
        self.words = lows(tokens)
        said = frozenset(self.words)
        self._hours = may_tell_hours(said)
        self._undated = tuple(read for read, first in _UNDATED if not first.isdisjoint(said))
        self._times: dict[int, TimeRead | None] = {}

    def found(self, places: Sequence[int], shift: int) -> list[DeadlineFound]:
        """The deadlines that begin at one of `places`; theirs are `shift` further on."""
        found: list[DeadlineFound] = []
        done = 0
        for i in places:
            if i < done or not self._may_begin(i):
                continue
            step = self._undated_at(i) or self._dated_at(i)
            if step is None:
                continue
            if step.found is not None:
                item = step.found
                if shift:
                    item = item._replace(start=item.start + shift, end=item.end + shift)
                found.append(item)
            done = step.end
        return found

    def _may_begin(self, i: int) -> bool:
        """A quick look that keeps the readers from words where no deadline begins."""
        word = self.words[i]
        if starts_number(word):
            return number_begins_time(self.words, i) or _MARKERS.opens(word)
        return True

    def _time(self, i: int) -> TimeRead | None:
        if i not in self._times:
            self._times[i] = _within_reach(
                read_time(self.words, i, self.ref, hours=self._hours), self.ref.held_on
            )
        return self._times[i]

    def _phrase(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    # --- recurring, event-bound, standing ----------------------------------------------------

    def _undated_at(self, i: int) -> _Step | None:
        for read in self._undated:
            found = read(self.words, i, self.ref)
            if found is None:
                continue
            if found.kind == "event" and (dated := self._event_dated(i, found.end)) is not None:
                return dated
            phrase = self._phrase(i, found.end)
            deadline = Deadline(
                kind=found.kind, phrase=phrase, rule=found.rule, recurrence=found.recurrence,
                event_text=phrase if found.kind == "event" else None,
            )  # fmt: skip
            strength = 2 if found.kind == "standing" else 3
            return _Step(found.end, DeadlineFound(i, found.end, deadline, strength))
        return None

    def _event_dated(self, i: int, end: int) -> _Step | None:
        """ "trước ngày khai giảng mùng năm tháng chín": the day of the event is said with it."""
        if self.words[i] != "trước":
            return None
        for place in range(i + 2, end + 1):
            read = self._time(place)
            over = place == i + 2 and self.words[i + 2] in ("hết", "kết")  # "trước khi hết tháng"
            whole = read is not None and (over or read.rule in _WHOLE_DATES)
            if read is not None and read.due is not None and whole:
                return _Step(read.end, self._deadline(i, read.end, read, read.due, MARKED))
        return None

    # --- dated -------------------------------------------------------------------------------

    def _dated_at(self, i: int) -> _Step | None:
        marked = self._marked_time(i)
        if marked is None:
            return None
        read, markers = marked
        if read.event:
            return None
        words, end = self.words, read.end
        ranged = self._range_end(read)
        since = words[i] == "từ" and not any(m[-1] in ("đến", "tới") for m in markers)
        if since or at(words, i - 1) == "từ":
            if ranged is None:
                return _Step(end, None)
            markers = (*markers, ("đến",))
        if ranged is not None:
            read, end = _from(read.start, ranged), ranged.end
        strength = _strength(read, markers)
        corrected = self._corrected(end)
        if corrected is not None:
            time = corrected.time or read.time
            precision = tw.MINUTE if time else corrected.precision
            read, end = corrected._replace(time=time, precision=precision), corrected.end
        closed = due_end(words, end)
        if closed > end or pressed(words, end):
            strength = MARKED
        due = _eve(read, markers)
        if due is None:
            return _Step(end, None)
        whole = read if read.end == end else read._replace(end=end)
        if ranged is None and refused(words, i, whole, strength, self.ref):
            return _Step(end, None)
        found = self._deadline(i, end, read, due, strength)
        return _Step(closed, found._replace(end=closed))

    def _deadline(
        self, i: int, end: int, read: TimeRead, due: date, strength: int
    ) -> DeadlineFound:
        deadline = Deadline(
            kind="dated", due_on=due, due_time=read.time, precision=read.precision,
            counted=read.counted, phrase=self._phrase(i, end), rule=read.rule,
        )  # fmt: skip
        others = tuple(
            replace(deadline, due_on=other.due, due_time=other.time or read.time, rule=other.rule)
            for other in read.others
            if other.due is not None
        )
        ahead = horizon(self.words, i, read, self.ref.held_on)
        return DeadlineFound(i, end, deadline, strength, ahead, others)

    def _marked_time(self, i: int) -> tuple[TimeRead, tuple[Marker, ...]] | None:
        """A time with the markers before it. Readers with own markers ("trong vòng") go first."""
        own = self._time(i)
        if own is not None and own.counted is not None:
            return own, (("trong",),)
        markers = _markers_at(self.words, i)
        if markers is None:
            return None if own is None else (own, ())
        lengths = [len(marker) for marker in markers]
        for used in range(len(markers), 0, -1):  # a marker may be the first word of the time
            read = self._time(i + sum(lengths[:used]))
            if read is not None:
                return _from(i, read), markers[:used]
        return None if own is None else (own, ())

    def _corrected(self, end: int) -> TimeRead | None:
        """The time that replaces one ending at `end`: "ngày mười, à không, ngày mười hai"."""
        words, place = self.words, end
        while at(words, place) in _SOUNDS and place < end + 3:
            place += 1
        # the sound itself may open the correction ("à không")
        if at(words, end) == "à" and (anew := self._date_anew(end + 1)) is not None:
            return anew
        for back in range(place, end - 1, -1):
            size = _CORRECTIONS.at(words, back)
            if not size:
                continue
            after = back + size
            while at(words, after) in _SOUNDS and after < back + size + 3:
                after += 1
            marked = self._marked_time(after)
            if marked is not None and marked[0].exists:
                return marked[0]
        return None

    def _date_anew(self, i: int) -> TimeRead | None:
        """ "ngày hai mươi tám à hai mươi chín tháng bảy": the date said again behind a sound."""
        read = self._time(i)
        return read if read is not None and read.exists and read.rule in _WHOLE_DATES else None

    def _range_end(self, read: TimeRead) -> TimeRead | None:
        """The second date of "từ ngày … đến ngày …" or "15/10 - 20/10"."""
        if at(self.words, read.end) not in ("đến", "tới", "-", "–"):
            return None
        place = read.end + 1 + (at(self.words, read.end + 1) == "hết")
        return self._time(place)


def _from(start: int, read: TimeRead) -> TimeRead:
    """The time as begun at another word."""
    return TimeRead(start, *read[1:])


class _Step(NamedTuple):
    end: int
    found: DeadlineFound | None


def _within_reach(read: TimeRead | None, held_on: date) -> TimeRead | None:
    """A time too far away is read, as one that does not exist."""
    if read is None or read.due is None or abs(read.due.year - held_on.year) <= _FARTHEST_YEARS:
        return read
    return read._replace(first=None, due=None)


def _markers_at(words: Words, i: int) -> tuple[Marker, ...] | None:
    """All markers in a row from `i`; None when there is none."""
    if i >= len(words) or words[i] not in _MARKERS.first_words:
        return None
    found: list[Marker] = []
    place = i
    while len(found) < _MOST_MARKERS:
        size = _MARKERS.at(words, place)
        if not size:
            if not found or at(words, place) not in _FILLERS or len(found) >= _MOST_MARKERS - 1:
                break
            size = 1
        found.append(tuple(words[place : place + size]))
        place += size
    return tuple(found) or None


def _eve(read: TimeRead, markers: tuple[Marker, ...]) -> date | None:
    """The due day: "trước" a whole period is the day before it (a week: the Friday before)."""
    if read.due is None or read.first is None:
        return None
    before = bool(markers) and ("trước",) in markers[-2:] and ("trong",) not in markers
    if not before or not read.period:
        return read.due
    return read.first - timedelta(days=3 if read.precision == tw.WEEK else 1)


def _strength(read: TimeRead, markers: tuple[Marker, ...]) -> int:
    strong = any(m not in _WEAK_MARKERS and (len(m) > 1 or m[0] not in _FILLERS) for m in markers)
    if strong or read.counted or markers[:1] == (("xong",),):
        return 3
    return 2 if read.bare or (markers and read.rule == "hour.same_day") else 1
