"""Who leads and who co-ordinates, behind the addressees: "chủ trì, phối hợp với Y và Z"."""

from __future__ import annotations

from dataclasses import dataclass

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import YOU, Mention
from transcription.extraction.scene import Scene


@dataclass(frozen=True, slots=True)
class Coordination:
    body: int
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...]
    reasons: tuple[str, ...]


def with_coordination(
    scene: Scene, start: int, end: int, shape: str, leads: tuple[Mention, ...]
) -> Coordination:
    """Reads "chủ trì, phối hợp với Y và Z" or "chủ trì, Y và Z phối hợp" behind the leads."""
    reader, words = scene.reader, scene.reader.words
    place, coordinating, reasons = end, [], []
    while place < scene.sentence.end:
        skipped = place
        while skipped < scene.sentence.end and words[skipped] in (",", "ờ", "à", "và", "thì"):
            skipped += 1
        size = lx.LEADS.at(words, skipped)
        if size:
            reasons.append("leads")
            place = skipped + size
            others, after = reader.read_list(
                skipped + size + (words[skipped + size : skipped + size + 1] == [","])
            )
            joint = lx.COOPERATE.at(words, after) if others else 0
            if joint and words[after + joint - 1] in ("hợp",):
                coordinating += others
                place = after + joint
            continue
        urgent = lx.URGENT.at(words, skipped) if words[skipped : skipped + 1] != ["cùng"] else 0
        must = lx.MUST.at(words, skipped) or urgent
        size = lx.COOPERATE.at(words, skipped) or (must and lx.COOPERATE.at(words, skipped + must))
        if not size:
            break
        size = size if lx.COOPERATE.at(words, skipped) else size + must
        others, after = reader.read_list(skipped + size, addressed=True)
        if not others:
            break
        coordinating += others
        place = after
    if coordinating:
        reasons.append("coordinating")
    return Coordination(
        place, leads, tuple(m for m in coordinating if m.kind != YOU), tuple(reasons)
    )
