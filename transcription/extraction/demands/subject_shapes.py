"""What follows a subject: must it do something, is it told to, or does it only act?

The shape of a demand by the words behind its subject, and whether a marked date makes one of them.
Where a subject stands is told in `subjects`.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.scene import BARE, MUST, URGENT, Scene

_ISSUED = ("văn", "ý", "báo", "hướng", "phương", "công")
ENUMERATES = frozenset("là nhất hai ba tư năm sáu tiên theo cùng đến".split())
_BEGIN_ACTS = frozenset(("cho",)).union(
    *(
        listed.first_words
        for listed in (
            lx.HOLDS_MEETING, lx.MUST, lx.TOLD, lx.FORBIDDEN, lx.FUTURE, lx.PAST, lx.URGENT,
            lx.COOPERATE, lx.VERBS, lx.LEADS,
        )
    )
)  # fmt: skip


def shape_of(scene: Scene, place: int, at_opening: bool) -> str | None:
    """The shape by the words at `place`; None when they demand nothing. `at_opening`: the subject
    opens a clause, so that an act alone is enough."""
    words = scene.reader.words
    if place >= scene.sentence.end:
        return None
    if words[place] == "(" and lx.LEADS.at(words, place + 1):
        return MUST  # "Sở X (chủ trì), Sở Y (phối hợp) …"
    if words[place] not in _BEGIN_ACTS:
        return BARE if at_opening and _demanded(scene, place) else None
    if lx.HOLDS_MEETING.at(words, place):
        return None  # "Chủ tịch UBND tỉnh chủ trì hội nghị" tells of it
    if lx.MUST.at(words, place) or lx.TOLD.at(words, place):
        return MUST
    if lx.FORBIDDEN.at(words, place):
        return URGENT
    tells = max(lx.FUTURE.at(words, place), lx.PAST.at(words, place))
    if tells and lx.VERBS.at(words, place) <= tells:  # "sắp xếp" is no "sắp"
        proposes = lx.VERBS.at(words, place) and words[place] in ("đề", "kiến")
        issues = words[place] == "có" and words[place + 1] in _ISSUED  # "có văn bản hướng dẫn"
        dated = timed(scene, place) or (issues and _after_deadline_place(scene, place))
        return BARE if (proposes or issues) and at_opening and dated else None
    if lx.URGENT.at(words, place) or (words[place] == "cho" and lx.VERBS.at(words, place + 1)):
        return URGENT
    return _acting(scene, place, at_opening)


def _acting(scene: Scene, place: int, at_opening: bool) -> str | None:
    """Neither must nor urgency: an act, or what a date or a list makes one."""
    words = scene.reader.words
    size = lx.VERBS.at(words, place)
    if lx.COOPERATE.at(words, place) or size:
        if words[place + size : place + size + 1] in (["sẽ"], ["đã"], ["đang"]):
            return None  # the act belongs to a name: "Tổ công tác đầu tư sẽ họp lại"
        return BARE if at_opening or _after_deadline_place(scene, place) else None
    if lx.LEADS.at(words, place):
        return MUST
    return BARE if at_opening and _demanded(scene, place) else None


def _demanded(scene: Scene, place: int) -> bool:
    return timed(scene, place) or _item(scene, place) or contrasted(scene, place)


def _item(scene: Scene, place: int) -> bool:
    """In a list under "… yêu cầu:" whatever a body is followed by is demanded of it."""
    words = scene.reader.words
    start = scene.sentence.start
    point = scene.sentence.joined and words[start + 1] == "là" and words[start] in ENUMERATES
    if not (scene.sentence.headed or point) or lx.STATES.at(words, place):
        return False
    return scene.reader.tokens[place].word and place + 1 < scene.sentence.end


def contrasted(scene: Scene, place: int) -> bool:
    """ "… sở xây dựng thì cho phường mượn máy": in speech "thì" sets one more subject against those
    before it."""
    words, start = scene.reader.words, scene.sentence.start
    if scene.reader.cased or place + 2 >= scene.sentence.end or place - start < _FAR_IN:
        return False
    marked = words[place - 1] == "thì" and words[place] == "cho"
    return marked and scene.reader.read(place + 1) is not None


_FAR_IN = 8


def timed(scene: Scene, place: int) -> bool:
    """Whatever the verb, a marked date behind it makes a demand of it: "Sở Y tế phun thuốc … trước
    thứ bảy"."""
    words = scene.reader.words
    if lx.STATES.at(words, place) or not scene.reader.tokens[place].word:
        return False
    if lx.SELF.at(words, place):
        return False  # "phường A thì tôi thấy …"
    if scene.reader.number_at(place) is not None:
        return False  # "phường A bốn mươi bảy phần trăm"
    for deadline in scene.deadlines:
        if deadline.start > place and deadline.strength >= 2 and not deadline.horizon:
            if _gives_between(scene, place, deadline.start):
                return False
            dated = deadline.deadline.kind in ("dated", "recurring")
            return dated and lx.PAST.inside(words, place, min(place + 3, deadline.start)) is None
    return False


def _gives_between(scene: Scene, start: int, end: int) -> bool:
    """Is the date another demand's: "chín phường thì nó khác …, yêu cầu chín phường … trước …"?"""
    words = scene.reader.words
    if lx.GIVE.first_words.isdisjoint(words[start:end]):
        return False
    return any(
        (size := lx.GIVE.at(words, i)) and scene.reader.read(i + size, addressed=True) is not None
        for i in range(start + 1, end)
        if words[i] in lx.GIVE.first_words
    )


_BEHIND_DATE = frozenset("nha nghe nhé nghen luôn đó nè rồi và còn thì à ờ".split())


def after_deadline(scene: Scene, i: int) -> bool:
    ended = scene.deadline_to(i) or scene.deadline_to(i - 1)
    back = i - 1
    while ended is None and i - back <= 3 and scene.reader.words[back] in _BEHIND_DATE:
        ended = scene.deadline_to(back)
        back -= 1
    return ended is not None and ended.strength >= 2


def _after_deadline_place(scene: Scene, place: int) -> bool:
    return any(scene.deadline_to(place - back) is not None for back in range(7))
