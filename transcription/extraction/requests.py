"""Requests of the units (kiến nghị): what is asked of someone above or beside.

"đề nghị" is a task from the chair and a request from a unit: who speaks decides, else the subject
before it, else the rank of who is asked. "kiến nghị", "mong", "xin ý kiến" are requests unless they
are nouns ("giải quyết kiến nghị của xã").
"""

from __future__ import annotations

from dataclasses import dataclass

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import BODY, UNIT, YOU, Mention
from transcription.extraction.scene import Scene
from transcription.extraction.spans import task_span

_CHAIRS = ("chair", "co_chair", "secretary")
_LINKS = ("với", "đến", "tới", "lên", "quý", "là", ":", ",", "rằng", "cho")
_PROVINCE = ("tỉnh", "lãnh đạo tỉnh", "chủ tịch tỉnh")


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
    opened = [i for i in range(sentence.start, sentence.end) if _opens(scene, i)]
    found: list[RequestDraft] = []
    for i in opened:
        if found and i < found[-1].span[0]:
            continue
        later = next((n for n in opened if n > i and _addressed(scene, n)), sentence.end)
        draft = _request(scene, i, later)
        if draft is None:
            continue
        if found and not draft.to and words[i] != "kiến":
            continue  # the same request goes on
        found.append(draft)
    return found


def _opens(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    size = lx.REQUEST_VERBS.at(words, i)
    if not size or lx.NOT_REQUEST_WITH.at(words, i):
        return False
    own = _own_subject(scene, i)
    if lx.NOT_REQUEST_AFTER.before(words, i) and not own:
        return False
    upward = bool(lx.UPWARD.at(words, _target_place(scene, i + size)))
    if scene.speaker_role in _CHAIRS and not upward:
        return False
    if words[i : i + size][-2:] in (["đề", "nghị"], ["đề", "xuất"]) and words[i] != "tha":
        asked = own or upward or scene.speaker_role == "unit" or words[i] in ("xin", "cũng")
        return asked and (words[i] != "đề" or own or upward or i - scene.sentence.start < 12)
    if words[i] == "mong":
        return own or upward or scene.speaker_role == "unit"
    return True


def _own_subject(scene: Scene, i: int) -> bool:
    """Is a unit speaking of itself just before: "chúng tôi", "xã Năm Căn", "địa phương"?"""
    words, start = scene.reader.words, scene.sentence.start
    if lx.PAST.before(words, i) and words[i - 1] in ("cũng", "có"):
        i -= 1
    if lx.SELF.before(words, i) and words[max(i - 2, 0) : i] != ["đồng", "tôi"]:
        return words[i - 1] != "tôi" or words[i - 2 : i - 1] == ["chúng"]
    for size in range(1, 9):
        if i - size < start:
            break
        mention = scene.reader.read(i - size)
        if mention is not None and mention.end == i and mention.kind != YOU:
            return i - size == start or words[i - size - 1] not in ("của", "với", "tại", "ở")
    return words[i - 1 : i] in (["xã"], ["phường"], ["sở"], ["phương"], ["vị"]) and i > start


def _target_place(scene: Scene, i: int) -> int:
    words = scene.reader.words
    while i < scene.sentence.end and words[i] in _LINKS:
        i += 1
    return i


def _addressed(scene: Scene, i: int) -> bool:
    size = lx.REQUEST_VERBS.at(scene.reader.words, i)
    place = _target_place(scene, i + size)
    return bool(_targets(scene, place)[0])


def _targets(scene: Scene, place: int) -> tuple[tuple[Mention, ...], int]:
    """The bodies asked, and the index after them."""
    reader, words = scene.reader, scene.reader.words
    upward = lx.UPWARD.at(words, place)
    listed, end = reader.read_list(place, addressed=True)
    named = tuple(mention for mention in listed if mention.kind != YOU)
    if named and end >= place + upward:
        return named, end
    if not upward:
        return (), place
    phrase = " ".join(words[place : place + upward])
    code = None
    if phrase in _PROVINCE:
        units = reader.province
        code = units[0] if len(units) == 1 else None
    first = Mention(place, place + upward, UNIT if code else BODY, code)
    joint = place + upward
    if words[joint : joint + 1] in ([","], ["và"]):
        more, end = reader.read_list(joint + 1, addressed=True)
        if more and end <= scene.sentence.end:
            return (first, *more), end
    return (first,), place + upward


def _request(scene: Scene, i: int, stop: int) -> RequestDraft | None:
    words = scene.reader.words
    size = lx.REQUEST_VERBS.at(words, i)
    to, place = _targets(scene, _target_place(scene, i + size))
    if not to and words[i] == "xin" and words[i + 1 : i + 3] != ["đề", "nghị"]:
        place = i + 1  # "xin hỗ trợ …": the request begins with its verb
    span = task_span(scene, place, _end(scene, place, stop))
    if span[1] - span[0] < 2:
        return None
    sender = _sender(scene, i)
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
        if lx.CLOSERS.at(words, i) and words[i] in ("xin", "cảm", "cám", "tôi", "chúc"):
            return i
    return stop


def _sender(scene: Scene, i: int) -> Mention | None:
    """The unit named before the verb as the one who asks."""
    words = scene.reader.words
    place = scene.sentence.start
    while place < i:
        mention = scene.reader.read(place)
        if mention is None:
            place += 1
            continue
        before = words[place - 1] if place > scene.sentence.start else ""
        if (
            mention.kind == UNIT
            and mention.code
            and before not in ("với", "tại", "của", "cho", "thưa")
        ):
            return mention
        place = max(mention.end, place + 1)
    return None
