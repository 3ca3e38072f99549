"""A body named before, by its head alone: "xã phải rào lại ngay", "Sở thì cho thợ xuống …".

Whose head it is is told by what was named last, else by who has the floor.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.coordination import with_coordination
from transcription.extraction.demands.subject_shapes import timed
from transcription.extraction.scene import BARE, CHAIRS, MUST, Anchor, Scene, named_before

_BETWEEN = frozenset("cũng thì là ờ à cứ".split())
_OBJECT = frozenset(
    "tại của với ở từ cho về theo qua giúp để mời thuộc đến gửi trình cùng bởi như cáo dân các "
    "những hai ba bốn mỗi từng mấy cấp giao cầu nghị tận".split()
)


def same_again(scene: Scene, i: int, *, at_opening: bool) -> Anchor | None:
    """The demand of the body whose head stands at word `i`, if there is one."""
    words = scene.reader.words
    place = max(scene.reader.matcher.head(words, i)[0], i + 1)  # "xã", "UBND xã"
    while place < scene.sentence.end and words[place] in _BETWEEN:
        place += 1
    if words[place : place + 1] == ["về"] and lx.VERBS.at(words, place + 1):
        place += 1  # "xã về làm lại tờ trình"
    if place >= scene.sentence.end:
        return None
    must = lx.MUST.at(words, place) or lx.URGENT.at(words, place)
    pressed = words[place] == "phải" and not scene.reader.cased and words[i - 1] not in _OBJECT
    if not (must and (at_opening or pressed)) and not _acts(scene, i, place, at_opening):
        return None
    leads, end = named_before(scene, i)
    if not leads:
        return None
    anchor = with_coordination(scene, i, end, MUST, tuple(leads))
    shape = MUST if must else BARE
    return Anchor(
        i, anchor.body, shape, tuple(leads), anchor.coordinating,
        reasons=(f"subject.{shape}", "same_again", *anchor.reasons),
    )  # fmt: skip


def _acts(scene: Scene, i: int, place: int, at_opening: bool) -> bool:
    """Does an act behind the head make a demand: dated, contrasted, or said by the chair to who has
    the floor?"""
    words, start = scene.reader.words, scene.sentence.start
    before = words[i - 1] if i > start else ""
    due = scene.deadline_to(i) or (scene.deadline_to(i - 1) if before == "," else None)
    dated = due is not None or timed(scene, place)
    issues = words[place] == "có" and words[place + 1 : place + 2] in (["báo"], ["văn"])
    floor = scene.floor is not None and scene.speaker_role in CHAIRS
    lets = words[place] == "cho" and dated
    lets = lets or (issues and due is not None)  # "trong 10 ngày phường có báo cáo gửi về …"
    if not (lx.VERBS.at(words, place) or lets):
        return dated and i == start
    if at_opening:
        chair = scene.speaker_role in CHAIRS and before == ":"
        return dated or floor or chair or before in ("còn", "riêng")
    apart = words[i - 2 : i] == ["phần", "của"] and words[i + 1 : i + 2] == ["thì"]
    spoken = not scene.reader.cased and (apart or before not in _OBJECT)
    return spoken and dated and floor
