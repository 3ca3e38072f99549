"""Why a sentence in which no demand was found is none: for the review page and `--explain`.

Only tells; it decides nothing. What began like a demand and was refused has its reason from
`reasons`; here are the sentences that never began like one.
"""

from __future__ import annotations

from collections.abc import Callable

from transcription.extraction import lexicon as lx
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import Scene
from transcription.text.vi_numbers import starts_number
from transcription.text.vi_phrases import Phrases

_COURTESY = phrases("courtesy")
_INVITING = phrases("inviting")
_PLANS = phrases("by_plan")
_NEAR_START = 14
_TELLING = frozenset(("đã", "đang", "đạt", "vẫn", "hiện", "ước", "còn", "được"))
NO_DEMAND = "no_demand"


def _inside(scene: Scene, listed: Phrases, most: int | None = None) -> bool:
    start, end = scene.sentence.start, scene.sentence.end
    if listed.first_words.isdisjoint(scene.said):
        return False
    end = end if most is None else min(end, start + most)
    return listed.inside(scene.reader.words, start, end) is not None


def question(scene: Scene) -> bool:
    words, last = scene.reader.words, scene.sentence.end - 1
    return scene.sentence.question or words[last] in lx.QUESTION_END - {"không", "đúng"}


def courtesy(scene: Scene) -> bool:
    return _inside(scene, _COURTESY, _NEAR_START)


def conduct(scene: Scene) -> bool:
    return _inside(scene, _INVITING, _NEAR_START)


def praise(scene: Scene) -> bool:
    return _inside(scene, lx.PRAISE, _NEAR_START)


def promise(scene: Scene) -> bool:
    words, start = scene.reader.words, scene.sentence.start
    if scene.speaker_role == "unit":
        return _inside(scene, lx.FUTURE) or _inside(scene, lx.MUST)
    if lx.SELF.first_words.isdisjoint(scene.said):
        return False
    for i in range(start, min(start + _NEAR_START, scene.sentence.end)):
        place = i + lx.SELF.at(words, i)
        if place > i and (lx.FUTURE.at(words, place) or lx.MUST.at(words, place)):
            return words[i - 1 : i] != ["cho"]
    return False


def plan(scene: Scene) -> bool:
    return _inside(scene, _PLANS) or "sẽ" in scene.said


def rule_of_law(scene: Scene) -> bool:
    return _inside(scene, lx.RULE)


def hedge(scene: Scene) -> bool:
    return _inside(scene, lx.HEDGE)


def condition(scene: Scene) -> bool:
    words, start = scene.reader.words, scene.sentence.start
    if words[start] == "trường":
        return scene.sentence.end > start + 1 and words[start + 1] == "hợp"
    return words[start] in ("nếu", "giả")


def warning(scene: Scene) -> bool:
    return _inside(scene, lx.WARNING)


def exhortation(scene: Scene) -> bool:
    return _inside(scene, lx.EXHORTING)


def report(scene: Scene) -> bool:
    """Something that was or is: "đã", "đang", "đạt", or a figure."""
    return not _TELLING.isdisjoint(scene.said) or any(starts_number(w) for w in scene.said)


REASONS: tuple[tuple[str, Callable[[Scene], bool]], ...] = (
    ("question", question),
    ("courtesy", courtesy),
    ("conduct", conduct),
    ("praise", praise),
    ("hedge", hedge),
    ("warning", warning),
    ("condition", condition),
    ("rule", rule_of_law),
    ("promise", promise),
    ("plan", plan),
    ("exhortation", exhortation),
    ("report", report),
)


def why_none(scene: Scene) -> str:
    """The reason for a sentence without a demand; what blocked a beginning one comes first."""
    if scene.blocked:
        return scene.blocked[0][1]
    return next((name for name, rule in REASONS if rule(scene)), NO_DEMAND)
