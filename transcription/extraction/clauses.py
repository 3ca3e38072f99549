"""Sentences of a passage, with and without punctuation.

Hard ends are signs; a break between two segments (one cut of the recogniser's voice detector each)
is a soft end: it ends a sentence unless the words before it are plainly unfinished ("giao", "phối
hợp với", "trước ngày") or those after it only go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transcription.extraction.phrases import phrases
from transcription.text.vi_tokens import Token

_HARD = frozenset({".", "?", "!", ";", "\n\n", "…"})
_ENDS = _HARD | {"\n"}
_OPEN_TAILS = frozenset(
    "giao cho với và của trước ngày tháng nhất là các để về tại đồng chí trì hợp yêu cầu nghị phải "
    "cùng do mùng mồng trong vòng từ đến năm sở xã phường ủy ban nhân dân thì cần , nhiệm hạn quý "
    "thứ khẩn trương".split()
)
_CONTINUES = phrases("continues")
_POINTS = phrases("points")
# Before "thứ hai" they make a weekday of it.
_DAY_BEFORE = frozenset(
    "trước đến tới vào sáng trưa chiều tối hết ngày từ qua hạn nhất hôm và mỗi hằng hàng".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens [start, end), without the sign that ends it."""

    start: int
    end: int
    question: bool = False
    joined: bool = False  # a semicolon before it: the same list goes on
    headed: bool = False  # an item of a list under "… yêu cầu:", "… như sau:"


def _is_hard(tokens: Sequence[Token], i: int, text_ends: bool) -> bool:
    token = tokens[i]
    if token.low not in _HARD:
        return False
    if token.low == ";" and i > 1 and (tokens[i - 2].low, tokens[i - 1].low) == ("chủ", "trì"):
        return False  # "X chủ trì; Y và Z phối hợp …"
    if token.low != "." or text_ends:
        return True
    following = tokens[i + 1]
    # "15.10", "TP.", "1." are no ends: an end has a space behind it and no single letter before it
    spaced = following.start > token.end or following.low[0] == "\n"
    before = tokens[i - 1].low if i else ""
    return spaced and not (before.isdigit() and len(before) <= 2 and _opens_line(tokens, i - 1))


def _opens_line(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 or tokens[i - 1].low in ("\n", "\n\n", ".", ";", ":")


def _line_end(tokens: Sequence[Token], i: int) -> bool:
    """A single line break ends a sentence when the next line opens with a capital, a bullet or a
    number of its own ("2."), and the line before it is not plainly unfinished."""
    if tokens[i].low != "\n" or i + 1 >= len(tokens) or (i and tokens[i - 1].low in _OPEN_TAILS):
        return False
    following = tokens[i + 1]
    numbered = following.low.isdigit() and i + 2 < len(tokens) and tokens[i + 2].low in (".", ")")
    return following.upper or not following.word or numbered


def without_wraps(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the line breaks that only wrap a line."""
    return [t for i, t in enumerate(tokens) if t.low != "\n" or _line_end(tokens, i)]


def sentences(tokens: Sequence[Token], soft: frozenset[int]) -> list[Sentence]:
    """`soft`: indices of tokens that open a new segment."""
    found: list[Sentence] = []
    start = 0
    for i, token in enumerate(tokens):
        low = token.low
        if low == ":" and i > start and heads_list(tokens, i) and item_at(tokens, i + 1) > i + 1:
            found.append(Sentence(start, i, False, _joined(tokens, start)))
            start = i + 1
            continue
        soft_end = i in soft or (low in _POINT_HEADS and _opens_point(tokens, i))
        if soft_end and i > start and not _unfinished(tokens, i):
            found.append(Sentence(start, i, False, _joined(tokens, start)))
            start = i
        if low not in _ENDS:
            continue
        if _is_hard(tokens, i, i + 1 == len(tokens)) or _line_end(tokens, i):
            if i > start:
                found.append(Sentence(start, i, low == "?", _joined(tokens, start)))
            start = i + 1
    if start < len(tokens):
        found.append(Sentence(start, len(tokens), False, _joined(tokens, start)))
    return _headed(tokens, found)


_HEADINGS = phrases("headings")
_BULLETS = frozenset("-–+•*")


def heads_list(tokens: Sequence[Token], i: int) -> bool:
    """Is the colon at `i` one behind "yêu cầu", "như sau", "các nội dung sau"?"""
    return bool(_HEADINGS.before([token.low for token in tokens[max(i - 6, 0) : i]], min(i, 6)))


def item_at(tokens: Sequence[Token], i: int) -> int:
    """Index behind "1.", "a)", "(ii)" or a bullet at `i`; `i` when none stands there."""
    low = [token.low for token in tokens[i : i + 3]]
    if low[:1] and (low[0] in _BULLETS or low[0] == "\n"):
        return i + 1
    bracket = low[:1] == ["("]
    if len(low) < 2 + bracket or low[1 + bracket] not in ((")",) if bracket else (")", ".")):
        return i
    mark = low[bracket]
    numbered = len(mark) <= 2 and mark.isdigit() or len(mark) == 1 and mark.isalpha()
    return i + 2 + bracket if numbered or not set(mark) - set("ivx") else i


def _headed(tokens: Sequence[Token], found: Sequence[Sentence]) -> list[Sentence]:
    """Marks the items of lists under a heading."""
    marked: list[Sentence] = []
    under = False
    for sentence in found:
        item = sentence.joined or item_at(tokens, sentence.start) > sentence.start
        before = sentence.start - 1
        before -= before > 0 and tokens[before].low == "\n"
        colon = before >= 0 and tokens[before].low == ":"
        under = item and (under or colon)
        marked.append(replace(sentence, headed=True) if under else sentence)
        if not under and not colon:
            inner = range(sentence.start + 1, sentence.end)
            under = any(tokens[k].low == ":" and heads_list(tokens, k) for k in inner)
    return marked


def _opens_point(tokens: Sequence[Token], i: int) -> bool:
    """ "… tháng mười thứ hai về nhà ở sở xây dựng …": speech goes on to its next point."""
    if tokens[i].low not in _POINT_HEADS or i == 0 or tokens[i - 1].low in _DAY_BEFORE:
        return False
    if tokens[i - 1].low in _NUMBER_BEFORE and tokens[i].low != "thứ":
        return False  # "tháng mười | hai là …"
    following = [token.low for token in tokens[i : i + 5]]
    if _POINTS.at(following, 0):
        return True
    # "thứ ba các xã …" is a point where the speaker counted "thứ nhất" before
    numbered = following[0] == "thứ" and following[2:3] and following[2] in _BODY_HEADS
    return bool(numbered) and any(
        tokens[k].low == "nhất" and tokens[k - 1].low == "thứ"
        for k in range(max(i - _LONGEST_POINTS, 1), i)
    )


_NUMBER_BEFORE = frozenset("tháng mười mươi quý trăm linh lẻ số".split())
_LONGEST_POINTS = 250
_BODY_HEADS = frozenset("xã phường sở các công ubnd ủy ban văn bộ thanh đồng chi".split())
_POINT_HEADS = frozenset(
    "việc nội vấn ý điểm nhóm nhiệm thứ một hai ba bốn năm sáu bảy tám chín".split()
)


def _joined(tokens: Sequence[Token], start: int) -> bool:
    return start > 0 and (tokens[start - 1].low == ";" or _opens_point(tokens, start))


def _unfinished(tokens: Sequence[Token], i: int) -> bool:
    if tokens[i - 1].low in _OPEN_TAILS:
        return True
    following = [token.low for token in tokens[i : i + 4]]
    return bool(_CONTINUES.at(following, 0))
