"""Requests of the units (kiến nghị): what is asked of someone above or beside.

"đề nghị" is a task from the chair and a request from a unit: who speaks decides, else the subject
before it, else the rank of who is asked. "kiến nghị", "mong", "xin ý kiến" are requests unless they
are nouns ("giải quyết kiến nghị của xã"). "xin", "nhờ", "cần" ask only with a body behind them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from transcription.extraction import askers
from transcription.extraction import lexicon as lx
from transcription.extraction.mention import BODY, UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import Scene
from transcription.extraction.spans import task_span

_ASKS_BODY = phrases("asks_body")
_FIRST_WORDS = lx.REQUEST_VERBS.first_words | _ASKS_BODY.first_words
_CHAIRS = ("chair", "co_chair", "secretary")
_NEEDS_ACT = frozenset("cần muốn chờ đang vẫn trông đợi rất".split())
_NOT_SENDERS = ("với", "tại", "của", "cho", "thưa", "trình", "gửi", "cáo", "đến")


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """Token places: the quote [start, end), the request's own words [span]."""

    start: int
    end: int
    span: tuple[int, int]
    sender: Mention | None
    to: tuple[Mention, ...]
    confidence: float
    reasons: tuple[str, ...]


def find_requests(scene: Scene) -> list[RequestDraft]:
    words, sentence = scene.reader.words, scene.sentence
    if sentence.question:
        return []
    places = range(sentence.start, sentence.end)
    opened = [i for i in places if words[i] in _FIRST_WORDS and _opens(scene, i)]
    addressed = [i for i in opened if _addressed(scene, i)]
    found: list[RequestDraft] = []
    for i in opened:
        if found and i < found[-1].span[0]:
            continue
        behind = bisect_right(addressed, i)
        stop = addressed[behind] if behind < len(addressed) else sentence.end
        draft = _request(scene, i, stop)
        if draft is None:
            continue
        if found and not draft.to and words[i] != "kiến":
            continue  # the same request goes on
        found.append(draft)
    return found


def _size(scene: Scene, i: int) -> int:
    words = scene.reader.words
    return max(lx.REQUEST_VERBS.at(words, i), _ASKS_BODY.at(words, i))


def _opens(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    size = lx.REQUEST_VERBS.at(words, i)
    if lx.NOT_REQUEST_WITH.at(words, i) and not _to_leaders(scene, i):
        return False
    if size < _ASKS_BODY.at(words, i) and _asks_body(scene, i):
        return True
    if not size:
        return False
    own = askers.speaks_of_itself(scene, i)
    named = _addressed(scene, i)
    joined = words[i - 1 : i] == ["và"] and named and scene.speaker_role == "unit"
    if lx.NOT_REQUEST_AFTER.before(words, i) and not own and not joined:
        return False
    return _asks(scene, i, size, own) and not _assigns(scene, i)


def _to_leaders(scene: Scene, i: int) -> bool:
    """ "mong các đồng chí lãnh đạo tỉnh …", not "mong các đồng chí …"."""
    place = askers.target_place(scene, i + _size(scene, i))
    return scene.speaker_role == "unit" and askers.is_upward(scene, place)


def _asks(scene: Scene, i: int, size: int, own: bool) -> bool:
    """By who speaks and whom: do the words of asking ask upward or beside?"""
    words, unit = scene.reader.words, scene.speaker_role == "unit"
    upward = askers.is_upward(scene, askers.target_place(scene, i + size))
    if scene.speaker_role in _CHAIRS and not upward:
        return False
    if words[i : i + size][-2:] in (["đề", "nghị"], ["đề", "xuất"]) and words[i] != "tha":
        asked = own or upward or unit or words[i] in ("xin", "cũng")
        return asked and (words[i] != "đề" or own or upward or i - scene.sentence.start < 12)
    return own or upward or unit if words[i] == "mong" else True


def _assigns(scene: Scene, i: int) -> bool:
    """To ask is somebody's task, or a body asks those below it."""
    if askers.is_told_to_ask(scene, i):
        return True
    to, _ = askers.targets(scene, askers.target_place(scene, i + _size(scene, i)))
    return askers.asks_downward(scene, _own_unit(scene) or askers.asker(scene, i), to)


def _own_unit(scene: Scene) -> Mention | None:
    if scene.speaker_role != "unit" or scene.unit is None:
        return None
    return Mention(0, 0, UNIT, scene.unit)


def _asks_body(scene: Scene, i: int) -> bool:
    """ "xã xin tỉnh hai tỷ", "nhờ sở cử cán bộ": a unit speaks and a body follows."""
    words, size = scene.reader.words, _ASKS_BODY.at(scene.reader.words, i)
    if scene.speaker_role in _CHAIRS or lx.NOT_REQUEST_AFTER.before(words, i):
        return False
    if not (askers.speaks_of_itself(scene, i) or scene.speaker_role == "unit"):
        return False
    place = askers.target_place(scene, i + size)
    to, end = askers.targets(scene, place)
    if end <= place or end >= scene.sentence.end or _assigns(scene, i):
        return False
    if words[i] in _NEEDS_ACT or not to:
        return bool(to or words[i] in ("xin", "nhờ")) and _acts(scene, end)
    return True


def _acts(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    while i < scene.sentence.end and (lx.URGENT.at(words, i) or words[i] in ("cho", "quan", "tâm")):
        i += 1
    return bool(lx.VERBS.at(words, i)) or words[i - 1] in ("cho", "tâm")


def _addressed(scene: Scene, i: int) -> bool:
    place = askers.target_place(scene, i + _size(scene, i))
    return bool(askers.targets(scene, place)[0])


def _request(scene: Scene, i: int, stop: int) -> RequestDraft | None:
    words = scene.reader.words
    size = _size(scene, i)
    after = askers.target_place(scene, i + size)
    to, place = askers.targets(scene, after)
    if not to and place == after:  # nobody named: the request begins with its own verb
        named = words[i] == "xin" and words[i + 1 : i + 3] != ["đề", "nghị"]
        place = i + 1 if named else i + size
    span = task_span(scene, place, _end(scene, place, stop))
    if span[1] - span[0] < 2:
        return None
    sender = _sender(scene, i)
    to = to or askers.told_elsewhere(scene, i, span)
    sure = 0.75 + (0.1 if to else 0.0) + (0.08 if sender or scene.speaker_role == "unit" else 0.0)
    sure += 0.05 if words[i] in ("kiến", "xin") else 0.0
    return RequestDraft(
        start=scene.sentence.start,
        end=span[1],
        span=span,
        sender=sender,
        to=to,
        confidence=round(min(sure, 0.97), 2),
        reasons=("request." + "_".join(words[i : i + size][:2]),),
    )


def _end(scene: Scene, place: int, stop: int) -> int:
    words = scene.reader.words
    for i in range(place + 1, stop):
        if words[i] in ("xin", "cảm", "cám", "tôi", "chúc") and lx.CLOSERS.at(words, i):
            return i
    return stop


def _sender(scene: Scene, i: int) -> Mention | None:
    """The unit named before the verb as the one who asks; a body outside the roster only there."""
    words = scene.reader.words
    place = scene.sentence.start
    while place < i:
        mention = scene.reader.read(place)
        if mention is None:
            place += 1
            continue
        before = words[place - 1] if place > scene.sentence.start else ""
        if mention.kind == UNIT and mention.code and before not in _NOT_SENDERS:
            return mention
        place = max(mention.end, place + 1)
    named = askers.asker(scene, i) if scene.speaker_role != "unit" else None
    return named if named is not None and named.kind == BODY else None
