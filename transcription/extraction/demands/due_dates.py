"""By when a demand is due: which of the dates in its words are its own, and where several dates
part it. Which demand a date between two belongs to is decided in `spans`.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.scene import Anchor, Scene
from transcription.text.vi_deadlines import DeadlineFound, choose

_SIGNS = (",", ":", "-", "–", "(", ")")
# A date without a marker is a deadline only behind these.
_TOLD_BY = frozenset("tôi báo cáo nộp gửi gởi trình xong lại về".split())
_DUE_VERBS = frozenset("cáo nộp trình gửi gởi xong thành hạn nhất tỉnh về sóng bố chốt".split())
_HANDED_IN = 16  # words before a bare date in which something is handed in
_SURE_DATES = ("date.day_month", "date.day_month_year", "date.day_relative_month")
_PURPOSES = frozenset("để nhằm do vì nhân căn phục đối".split())
Part = tuple[int, int, DeadlineFound | None]
_KINDS_APART = ("dated", "recurring")


def own_deadlines(scene: Scene, start: int, anchor: Anchor, end: int) -> list[DeadlineFound]:
    found = []
    for deadline in scene.deadlines_in(start, end):
        if deadline.horizon:
            continue
        if deadline.strength == 1 and not _due_alone(scene, deadline, anchor, end):
            continue
        early = deadline.start < anchor.start
        if early and _of_the_purpose(scene, start, deadline, anchor):
            continue
        if early and (deadline.deadline.kind == "standing" or _this_year(deadline)):
            continue
        found.append(deadline)
    return found


def _due_alone(scene: Scene, deadline: DeadlineFound, anchor: Anchor, end: int) -> bool:
    """A date without a marker: at the demand's edge, and with a verb of handing in."""
    if deadline.deadline.rule == "weekday.next":  # "thứ hai, …" counts points, not days
        said = scene.reader.words
        closes = all(word in lx.TAIL for word in said[deadline.end : end])
        return closes and said[deadline.start - 1] in _TOLD_BY
    if deadline.end <= anchor.start:
        return True
    words = scene.reader.words
    if deadline.start == anchor.body and lx.VERBS.at(words, deadline.end):
        return True  # "Sở Công Thương tháng sau báo cáo …"
    if deadline.deadline.rule in _SURE_DATES and lx.HANDS_IN.at(words, deadline.end):
        return True  # "kết quả thì ngày mười hai tháng năm báo cho tôi"
    trailing = all(word in lx.TAIL for word in words[deadline.end : end])
    if not trailing or not (deadline.deadline.rule or "").startswith("date."):
        return trailing and words[deadline.start - 1] in _DUE_VERBS
    if deadline.deadline.rule in _SURE_DATES:
        return True
    before = words[max(deadline.start - _HANDED_IN, anchor.body) : deadline.start]
    return not _DUE_VERBS.isdisjoint(before)


def _of_the_purpose(scene: Scene, start: int, deadline: DeadlineFound, anchor: Anchor) -> bool:
    """ "Để dân có nước trước cao điểm tháng 3/2026, giao …": when that is wanted for."""
    words = scene.reader.words
    if words[start] not in _PURPOSES or "," in words[start : deadline.start]:
        return False
    return "," in words[deadline.end : anchor.start]


def _this_year(deadline: DeadlineFound) -> bool:
    """ "mùa khô năm nay …" at the beginning only says when."""
    return deadline.strength < 3 and (deadline.deadline.rule or "").startswith("year")


def parts_of(scene: Scene, anchor: Anchor, end: int, own: list[DeadlineFound]) -> list[Part]:
    """Splits a demand at its deadlines when acts with different dates stand in it."""
    dated = [d for d in own if d.deadline.kind in _KINDS_APART and d.start >= anchor.body]
    if len(dated) < 2 or len({(d.deadline.kind, d.deadline.due_on) for d in dated}) < 2:
        return [(anchor.body, end, choose(own) if own else None)]
    leading = not has_verb(scene, anchor.body, dated[0].start)
    cuts: list[Part] = []
    start = anchor.body
    for n, deadline in enumerate(dated):
        last = n + 1 == len(dated)
        stop = end if last else (dated[n + 1].start if leading else deadline.end)
        if not has_verb(scene, start, stop if leading else deadline.start):
            signed = scene.reader.words[deadline.start - 1] in _SIGNS
            signed = signed or deadline.deadline.kind != dated[n - 1].deadline.kind
            if cuts and signed and has_verb(scene, deadline.end, stop if last else end):
                cuts.append((start, stop, deadline))  # "…, hằng tháng báo cáo": its act behind it
                start = stop
            elif cuts:  # said again or corrected: the last one stands
                told = max(deadline.strength, dated[n - 1].strength)  # as firm as the first
                cuts[-1] = (cuts[-1][0], stop, deadline._replace(strength=told))
                start = stop
            continue
        cuts.append((start, stop, deadline))
        start = stop
    return cuts or [(anchor.body, end, choose(own))]


def has_verb(scene: Scene, start: int, end: int) -> bool:
    return lx.VERBS.inside(scene.reader.words, start, end) is not None
