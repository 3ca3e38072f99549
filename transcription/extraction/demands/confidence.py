"""How sure a candidate is: what speaks for and against it, each with a weight in log-odds.

The signs are small questions about the draft; the weights are data. Their sum is the log-odds that
addressee, date and kind are all right. Nothing is decided here: a refused draft has no confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import Draft
from transcription.extraction.mentions.mention import BODY, CLASS, GROUP, UNIT, YOU
from transcription.extraction.scene import MUST, Scene

# Fitted by `tests/bench/fit_confidence.py` (logistic regression with a ridge) on development
# passages as the rules first met them, before they were mended for them, and, with less weight,
# on the rest of the development half as it is, without signs and misheard; rounded to tenths.
# "always" stands a tenth higher than fitted, so that three in five candidates are called sure.
WEIGHTS = {
    "always": 2.2,
    "shape.bare": -0.3,
    "shape.must": -0.2,
    "shape.urgent": 0.1,
    "deadline.dated": 1.1,
    "deadline.undated": 0.5,
    "deadline.within": -0.8,
    "time.unread": -0.5,
    "first.no_verb": -1.0,
    "first.cooperates": -0.6,
    "another.subject": -0.3,
    "lead.body": -0.7,
    "lead.class": -1.0,
    "lead.group": -0.1,
    "lead.misheard": -0.5,
    "lead.weak": -0.6,
    "lead.unsure": -0.9,
    "words.talk": -0.8,
    "words.tense": -0.3,
    "words.turn": -1.0,
    "words.no": 0.1,
    "words.self": -0.3,
    "long": -0.6,
    "short": -0.9,
    "far": -0.1,
    "led.in": -0.5,
    "topic": 0.2,
    "corrected": -0.2,
    "carried": 0.1,
    "reported": 0.3,
    "soft": -0.2,
    "asked": 0.2,
    "speaker.unit": -3.0,
}
LOWEST, HIGHEST = 0.05, 0.98
_SOFT_WORDS = frozenset(("cần", "nên", "nhớ", "lo"))
_TIME_WORDS = frozenset("ngày tháng tuần giờ quý hạn mùng trước".split())
_NOT_OTHER = frozenset("của với cho tại về và , là ở trong".split())
_WORDS = {
    "words.talk": frozenset("rồi lắm quá hả sao gì đâu hoài".split()),
    "words.tense": frozenset("đã đang sẽ chưa".split()),
    "words.turn": frozenset("thì mà nhưng à ờ ừ".split()),
    "words.no": frozenset(("không",)),
    "words.self": frozenset("tôi mình em".split()),
}
_BEFORE_DEMANDS = frozenset("tôi ta , : ; . - – ( ) thì nên vậy đã".split())
_LONG, _SHORT, _FAR = 22, 2, 8
_SURE_NAME, _WEAK_NAME = 100, 94


def confidence(scene: Scene, draft: Draft) -> float:
    """0–1, two decimals."""
    odds = WEIGHTS["always"] + sum(WEIGHTS[sign] for sign in set(signs(scene, draft)))
    return round(min(max(1 / (1 + exp(-odds)), LOWEST), HIGHEST), 2)


def signs(scene: Scene, draft: Draft) -> Iterator[str]:
    """The names in WEIGHTS that hold of the draft."""
    anchor, words = draft.anchor, scene.reader.words
    yield from (f"shape.{name}" for name in (anchor.shape,) if f"shape.{name}" in WEIGHTS)
    yield from _of_time(scene, draft)
    yield from _of_leads(draft)
    yield from _of_words(scene, draft)
    if scene.speaker_role == "unit":
        yield "speaker.unit"
    if anchor.start - draft.start > _FAR:
        yield "far"
    if _led_in(scene, draft):
        yield "led.in"
    if draft.topic is not None:
        yield "topic"
    if "à" in words[draft.start : anchor.body + 2]:
        yield "corrected"
    if draft.carried:
        yield "carried"
    if anchor.reported:
        yield "reported"
    if anchor.verb in lx.ASK:
        yield "asked"
    if anchor.shape == MUST and _SOFT_WORDS & set(words[anchor.body : anchor.body + 1]):
        yield "soft"


def _led_in(scene: Scene, draft: Draft) -> bool:
    """Does the demand begin behind words that neither open nor end a clause?"""
    words, i = scene.reader.words, draft.anchor.start
    if i <= draft.start or lx.OPENERS.before(words, i) or scene.deadline_to(i) is not None:
        return False
    return words[i - 1] not in _BEFORE_DEMANDS


def _of_time(scene: Scene, draft: Draft) -> Iterator[str]:
    first, last = draft.task
    deadline = draft.deadline
    if deadline is not None and deadline.deadline.kind != "dated":
        yield "deadline.undated"
    elif deadline is not None and deadline.strength >= 2:
        yield "deadline.dated"
    inside = [d for d in scene.deadlines_in(first, last) if d.end <= last]
    if any(d.end < last for d in inside):
        yield "deadline.within"
    read = {i for d in inside for i in range(d.start, d.end)}
    words = scene.reader.words
    if any(words[i] in _TIME_WORDS and i not in read for i in range(first, last)):
        yield "time.unread"


def _of_leads(draft: Draft) -> Iterator[str]:
    kinds = {lead.kind for lead in draft.leads}
    yield from (f"lead.{kind}" for kind in (BODY, CLASS, GROUP) if kind in kinds)
    scores = [lead.score for lead in draft.leads if lead.score is not None]
    if min(scores, default=_SURE_NAME) < _SURE_NAME:
        yield "lead.misheard"
    if min(scores, default=_SURE_NAME) < _WEAK_NAME:
        yield "lead.weak"
    if any(lead.kind == UNIT and lead.code is None for lead in draft.leads):
        yield "lead.unsure"


def _of_words(scene: Scene, draft: Draft) -> Iterator[str]:
    words = scene.reader.words
    first, last = draft.task
    if not (lx.VERBS.at(words, first) or lx.URGENT.at(words, first) or lx.MUST.at(words, first)):
        yield "first.no_verb"
    if lx.COOPERATE.at(words, first):
        yield "first.cooperates"
    said = set(words[first:last])
    yield from (name for name, of in _WORDS.items() if said & of)
    if last - first > _LONG:
        yield "long"
    if last - first <= _SHORT:
        yield "short"
    if _another_subject(scene, draft):
        yield "another.subject"


def _another_subject(scene: Scene, draft: Draft) -> bool:
    """Does a body inside the task's words act itself? Another demand may have been swallowed."""
    words = scene.reader.words
    i, last = draft.task[0] + 1, draft.task[1]
    while i < last:
        may_open = words[i] in scene.reader.opening or scene.reader.tokens[i].upper
        named = scene.reader.read(i) if may_open else None
        if named is None or named.end > last or named.kind == YOU:
            i += 1
            continue
        acts = lx.VERBS.at(words, named.end) or lx.MUST.at(words, named.end)
        acts = acts or lx.URGENT.at(words, named.end) or lx.PAST.at(words, named.end)
        if named.end < last and acts and words[i - 1] not in _NOT_OTHER:
            return True
        i = max(named.end, i + 1)
    return False
