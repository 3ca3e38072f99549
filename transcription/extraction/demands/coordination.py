"""Who leads and who co-ordinates, behind the addressees: "chủ trì, phối hợp với Y và Z"."""

from __future__ import annotations

from dataclasses import dataclass

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions.mention import YOU, Mention
from transcription.extraction.scene import Scene
from transcription.text.vi_phrases import Phrases


@dataclass(frozen=True, slots=True)
class Coordination:
    body: int
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...]
    reasons: tuple[str, ...]


_SKIPPED = frozenset(", ; ( ờ à và thì".split())


def with_coordination(
    scene: Scene, start: int, end: int, shape: str, leads: tuple[Mention, ...]
) -> Coordination:
    """Reads "chủ trì, phối hợp với Y và Z", "chủ trì, Y và Z phối hợp", "(chủ trì), Y (phối hợp)"
    behind the leads."""
    words = scene.reader.words
    place, coordinating, reasons = end, list[Mention](), list[str]()
    while place < scene.sentence.end:
        skipped = place
        while skipped < scene.sentence.end and words[skipped] in _SKIPPED:
            skipped += 1
        timed = scene.deadline_from(skipped)
        if timed is not None and lx.COOPERATE.at(words, timed.end + 1):
            skipped = timed.end + (words[timed.end] in _SKIPPED)
        led = _bracketed(scene, skipped, lx.LEADS)
        if led is not None:
            reasons.append("leads")
            others, place = _others_who_help(scene, led)
            coordinating += others
            continue
        helped = _helped_by(scene, skipped)
        if helped is None:
            break
        coordinating += helped[0]
        closed = words[skipped - 1 : skipped] == ["("] and words[helped[1] : helped[1] + 1] == [")"]
        place = helped[1] + closed
    if coordinating:
        reasons.append("coordinating")
    return Coordination(
        place, leads, tuple(m for m in coordinating if m.kind != YOU), tuple(reasons)
    )


def _bracketed(scene: Scene, i: int, listed: Phrases) -> int | None:
    """Index after a phrase at `i`, in brackets or not."""
    words = scene.reader.words
    bracket = words[i : i + 1] == ["("]
    size = listed.at(words, i + bracket)
    after = i + bracket + size
    if not size or (bracket and words[after : after + 1] != [")"]):
        return None
    return after + bracket


def _others_who_help(scene: Scene, i: int) -> tuple[list[Mention], int]:
    """Behind "chủ trì": ", Y và Z phối hợp", "với Y", ", Y (phối hợp)"; and the index after it."""
    reader, words = scene.reader, scene.reader.words
    together = words[i : i + 1] == ["với"]
    place = i + (together or words[i : i + 1] in ([","], [";"]))
    others, after = reader.read_list(place, addressed=together)
    if not others or after > scene.sentence.end:
        return [], i
    helping = _bracketed(scene, after, lx.HELPS)
    if helping is not None:
        return others, helping
    return (others, after) if together else ([], i)


def _helped_by(scene: Scene, i: int) -> tuple[list[Mention], int] | None:
    """ "(chủ động, phải) phối hợp với Y và Z" at `i`: the bodies and the index after them."""
    words = scene.reader.words
    urgent = lx.URGENT.at(words, i) if words[i : i + 1] != ["cùng"] else 0
    must = lx.MUST.at(words, i) or urgent
    size = lx.COOPERATE.at(words, i)
    place = i + (size or must + lx.COOPERATE.at(words, i + must))
    if not size and place == i + must:
        return None
    others, after = scene.reader.read_list(place, addressed=True)
    return (others, after) if others else None


_ALL_THE_SAME = frozenset(
    "thực hiện triển khai việc này nội dung nhiệm vụ trên đó cùng tham gia hỗ trợ".split()
)


def helpers_told(scene: Scene) -> tuple[Mention, ...]:
    """ "…; Sở A, UBND xã B phối hợp thực hiện.": a sentence that only says who helps."""
    words, place, end = scene.reader.words, scene.sentence.start, scene.sentence.end
    while place < end and (words[place] in _SKIPPED or words[place] in ("còn", "và")):
        place += 1
    others, after = scene.reader.read_list(place, addressed=True)
    if words[after : after + 1] == ["cùng"] and others:
        more, after = scene.reader.read_list(after + 1, addressed=True)
        others = [*others, *more]
    size = lx.HELPS.at(words, after) if others and after < end else 0
    rest = words[after + size : end]
    if not size or any(word not in _ALL_THE_SAME and word not in lx.TAIL for word in rest):
        return ()
    return tuple(other for other in others if other.kind != YOU)
