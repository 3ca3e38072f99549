"""Deadlines in Vietnamese text: the tables of the extraction rules as a grammar.

`read_deadline` is for a person's line ("trước ngày 15/10"): the room's task box, the import and
the command line use it. `find_deadlines` gives every time of a text with its place and how
strongly it is marked as a deadline; `transcription.extraction` chooses among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from transcription.contract.candidates import CandidateDeadline, WorkCalendar
from transcription.text import vi_time_words as tw
from transcription.text.vi_events import read_event, read_recurrence, read_standing
from transcription.text.vi_spans import read_time
from transcription.text.vi_time_words import Reference, TimeRead, at, starts
from transcription.text.vi_tokens import Token, lows, tokenize

Deadline = CandidateDeadline
Words = Sequence[str]

# Longest first within a first word. "before" markers put a whole month or quarter to its eve.
_MARKERS: tuple[tuple[str, ...], ...] = tuple(
    tuple(phrase.split())
    for phrase in (
        "không muộn hơn", "không chậm hơn", "không trễ hơn", "không được muộn hơn", "không quá",
        "chậm nhất", "muộn nhất", "trễ nhất", "chậm lắm", "hạn chót", "hạn cuối cùng", "hạn cuối",
        "hạn hoàn thành", "thời hạn hoàn thành", "thời gian hoàn thành", "thời hạn", "hạn định",
        "hạn", "nội trong", "ngay trong", "trong", "từ nay đến", "từ nay tới", "từ giờ đến",
        "từ bây giờ đến", "kể từ nay đến", "trước hoặc trong", "trước hết", "trước", "đến hết",
        "đến", "tới", "hết", "vào", "xong", "là", "thì", "cho đến", "chốt", "phải xong",
        "hoàn thành", "khoảng", "đúng", "chỉ", "khoảng thời gian", "lúc", "cuối cùng",
    )
)  # fmt: skip
_MARKERS_BY_FIRST = {
    first: sorted((m for m in _MARKERS if m[0] == first), key=len, reverse=True)
    for first in {marker[0] for marker in _MARKERS}
}
_MOST_MARKERS = 7
_FILLERS = ("là", "thì", "vào", ":", ",", "khoảng", "đúng", "lúc", "ờ", "à", "ừ", "mà", "xong")
# Of the markers those that alone make a date a deadline.
_WEAK_MARKERS = {("vào",), ("là",), ("thì",), ("lúc",), ("đúng",), ("khoảng",), ("chỉ",), ("tới",)}
_CORRECTIONS = tuple(
    tuple(phrase.split())
    for phrase in (
        "à không phải", "à không", "à nhầm", "à quên", "ờ không", "không phải", "xin lỗi", "nhầm",
        "ý tôi là", "nói lại là", "nói lại", "sửa lại là", "sửa lại", "đính chính là", "đính chính",
        "chính xác là", "thôi cho đến", "thôi cho", "thôi", "mà là", "tức là", "tức", "nghĩa là",
        "cụ thể là", "hay là",
    )
)  # fmt: skip
_SOUNDS = (",", "ờ", "à", "ừ", "thì", "là", "…", ".", "-", "(")


@dataclass(frozen=True, slots=True)
class DeadlineFound:
    """A deadline at tokens [start, end). `strength`: 3 marked ("trước ngày"), 2 a time that needs
    no marker ("tuần sau"), 1 a date alone. `horizon`: "đến năm 2030" and its like."""

    start: int
    end: int
    deadline: Deadline
    strength: int
    horizon: bool = False


def _marker(words: Words, i: int) -> tuple[tuple[str, ...], ...] | None:
    """All markers in a row from `i`; None when there is none."""
    found: list[tuple[str, ...]] = []
    place = i
    while len(found) < _MOST_MARKERS:
        phrase = next(
            (m for m in _MARKERS_BY_FIRST.get(at(words, place), ()) if starts(words, place, m)),
            None,
        )
        if phrase is None:
            if found and at(words, place) in _FILLERS and len(found) < 6:
                phrase = (words[place],)
            else:
                break
        found.append(phrase)
        place += len(phrase)
    return tuple(found) or None


def _eve(read: TimeRead, markers: tuple[tuple[str, ...], ...]) -> date | None:
    """The due day: "trước" a whole period is the day before it (a week: the Friday before)."""
    if read.due is None or read.first is None:
        return None
    before = bool(markers) and ("trước",) in markers[-2:] and ("trong",) not in markers
    if not before or not read.period:
        return read.due
    return read.first - timedelta(days=3 if read.precision == tw.WEEK else 1)


def _marked_time(
    words: Words, i: int, ref: Reference
) -> tuple[TimeRead, tuple[tuple[str, ...], ...]] | None:
    """A time with the markers before it. Readers with own markers ("trong vòng") go first."""
    own = read_time(words, i, ref)
    if own is not None and own.counted is not None:
        return own, (("trong",),)
    markers = _marker(words, i)
    if markers is None:
        return None if own is None else (own, ())
    lengths = [len(marker) for marker in markers]
    for used in range(len(markers), 0, -1):  # a marker may be the first word of the time
        read = read_time(words, i + sum(lengths[:used]), ref)
        if read is not None:
            return replace(read, start=i), markers[:used]
    return None if own is None else (own, ())


def _strength(read: TimeRead, markers: tuple[tuple[str, ...], ...]) -> int:
    strong = any(m not in _WEAK_MARKERS and m[0] not in _FILLERS for m in markers)
    if strong or read.counted:
        return 3
    return 2 if read.bare or (markers and read.rule == "hour.same_day") else 1


def _deadline(read: TimeRead, due: date, text: str) -> Deadline:
    return Deadline(
        kind="dated", due_on=due, due_time=read.time, precision=read.precision,
        counted=read.counted, phrase=text, rule=read.rule,
    )  # fmt: skip


def _corrected(words: Words, end: int, ref: Reference) -> TimeRead | None:
    """The time that replaces one ending at `end`: "ngày mười, à không, ngày mười hai"."""
    place = end
    while at(words, place) in _SOUNDS and place < end + 3:
        place += 1
    # the sound itself may open the correction ("à không")
    for back in range(place, end - 1, -1):
        phrase = max((c for c in _CORRECTIONS if starts(words, back, c)), key=len, default=None)
        if phrase is None:
            continue
        after = back + len(phrase)
        while at(words, after) in _SOUNDS and after < back + len(phrase) + 3:
            after += 1
        marked = _marked_time(words, after, ref)
        if marked is not None and marked[0].exists:
            return marked[0]
    return None


def _range_end(words: Words, read: TimeRead, ref: Reference) -> TimeRead | None:
    """The second date of "từ ngày … đến ngày …" or "15/10 - 20/10"."""
    if at(words, read.end) not in ("đến", "tới", "-", "–"):
        return None
    place = read.end + 1 + (at(words, read.end + 1) == "hết")
    return read_time(words, place, ref)


_NOT_AFTER = ("tính", "kể", "từ")  # "tính đến ngày", "kể từ ngày", "từ ngày": no deadline
_SUCH_DAY_BEFORE = ("họp", "nghị", "phiên", "lễ", "kỳ", "đợt", "số", "sinh", "ký", "giảng", "mạc")


def _refused(words: Words, i: int, read: TimeRead, strength: int, held_on: date) -> bool:
    """Times that only look like deadlines from what stands before and after them."""
    before = at(words, i - 1)
    if before in _NOT_AFTER and at(words, i) in ("đến", "tới", "từ", "ngày"):
        return not (before == "từ" and at(words, i) == "nay")
    if strength < 3 and before in _SUCH_DAY_BEFORE:
        return True
    if at(words, read.end) == "của" and strength < 3:
        return True
    return bool(read.explicit_year and read.due and read.due < held_on - timedelta(days=31))


def _horizon(words: Words, i: int, read: TimeRead, held_on: date) -> bool:
    """ "đến năm 2030", "tầm nhìn 2045": a plan's horizon."""
    if read.precision != tw.YEAR or read.due is None:
        return False
    to_year = "đến" in words[i : read.start + 1] or at(words, i) == "đến"
    return read.rule == "year.whole" and to_year and read.due.year > held_on.year


def _dated_at(text: str, tokens: list[Token], words: Words, i: int, ref: Reference) -> _Step | None:
    marked = _marked_time(words, i, ref)
    if marked is None:
        return None
    read, markers = marked
    end = read.end
    if read.event:
        return None
    ranged = _range_end(words, read, ref)
    since = at(words, i) == "từ" and not any(marker[-1] in ("đến", "tới") for marker in markers)
    if at(words, i - 1) == "từ" or since:
        if ranged is None:
            return _Step(end, None)
        markers = (*markers, ("đến",))
    if ranged is not None:
        read, end = replace(ranged, start=read.start), ranged.end
    strength = _strength(read, markers)
    corrected = _corrected(words, end, ref)
    if corrected is not None:
        time = corrected.time or read.time
        precision = tw.MINUTE if time else corrected.precision
        read, end = replace(corrected, time=time, precision=precision), corrected.end
    due = _eve(read, markers)
    if due is None:
        return _Step(end, None)
    if ranged is None and _refused(words, i, replace(read, end=end), strength, ref.held_on):
        return _Step(end, None)
    phrase = text[tokens[i].start : tokens[end - 1].end]
    horizon = _horizon(words, i, read, ref.held_on)
    return _Step(end, DeadlineFound(i, end, _deadline(read, due, phrase), strength, horizon))


@dataclass(frozen=True, slots=True)
class _Step:
    end: int
    found: DeadlineFound | None


def _undated_at(
    text: str, tokens: list[Token], words: Words, i: int, ref: Reference
) -> _Step | None:
    for read in (read_recurrence, read_event, read_standing):
        found = read(words, i, ref)
        if found is None:
            continue
        phrase = text[tokens[i].start : tokens[found.end - 1].end]
        deadline = Deadline(
            kind=found.kind, phrase=phrase, rule=found.rule, recurrence=found.recurrence,
            event_text=phrase if found.kind == "event" else None,
        )  # fmt: skip
        strength = 2 if found.kind == "standing" else 3
        return _Step(found.end, DeadlineFound(i, found.end, deadline, strength))
    return None


# A deadline can begin only with one of these, or with a digit.
_FIRST_WORDS = frozenset(_MARKERS_BY_FIRST) | frozenset(
    "một hai ba bốn năm sáu bảy bẩy tám chín mười không ngày mùng mồng hôm nửa đầu giữa cuối hết "
    "tháng quý tuần thứ chủ chúa sáng trưa chiều tối đêm mai sau nội tối thời kể dịp lễ kỳ nghỉ "
    "tết quốc giải thống định hằng hàng mỗi từng ngay khi từ tại thường".split()
)


def find_deadlines(
    text: str, tokens: list[Token], ref: Reference, start: int = 0, end: int | None = None
) -> list[DeadlineFound]:
    """Every deadline in tokens [start, end) of `text`, in order, not overlapping."""
    words = lows(tokens[:end])
    found: list[DeadlineFound] = []
    i = start
    while i < len(words):
        if words[i] not in _FIRST_WORDS and not words[i][0].isdigit():
            i += 1
            continue
        step = _undated_at(text, tokens, words, i, ref) or _dated_at(text, tokens, words, i, ref)
        if step is None:
            i += 1
            continue
        if step.found is not None:
            found.append(step.found)
        i = max(step.end, i + 1)
    return found


def read_deadline(
    text: str, held_on: date, calendar: WorkCalendar | None = None
) -> Deadline | None:
    """The deadline said in `text`, counted from `held_on`; None when there is none.

    The strongest wins, of equals the last (a changed deadline: the last one stands). `kind` is
    dated, recurring, event or standing; dated has `due_on` and maybe `due_time` "HH:MM".
    Urgency ("khẩn trương", "sớm") is no deadline; a date that does not exist gives None.
    """
    tokens = tokenize(text)
    found = find_deadlines(text, tokens, Reference(held_on, calendar or WorkCalendar()))
    usable = [item for item in found if not item.horizon]
    return choose(usable).deadline if usable else None


def choose(found: Sequence[DeadlineFound]) -> DeadlineFound:
    """The deadline of one demand among those found in it (not empty)."""
    order = {"recurring": 3, "dated": 2, "event": 1, "standing": 0}
    return max(
        enumerate(found), key=lambda pair: (order[pair[1].deadline.kind], pair[1].strength, pair[0])
    )[1]
