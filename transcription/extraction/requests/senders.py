"""Who asks: the unit named as asking, else the one that speaks, as sentences before told it.

Never the body just asked: in "nhờ Sở A …, nhờ Sở B …" the sender of the second request is that of
the first.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions.mention import BODY, UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.scene import Scene, named_before

_SAYS = phrases("says")
_CHAIR_SPEAKS = phrases("chair_speaks")
_LETTER_TO = phrases("letter_to")
_OF_ITSELF = phrases("of_itself")
_NOT_SENDERS = frozenset(
    "với tại của cho thưa trình gửi cáo đến ở từ về trên trong qua kính và đồng nhờ".split()
)
_NEAR_START = 28
_FAR = 60
_SELF_NEAR = 6


def note_speaker(scene: Scene) -> None:
    """Reads what the sentence tells of who speaks, before its requests are read."""
    words, start, end = scene.reader.words, scene.sentence.start, scene.sentence.end
    speaking = scene.speaking
    near = min(end, start + _NEAR_START)
    letter = _LETTER_TO.at(words, start)
    if letter:
        listed, _ = scene.reader.read_list(start + letter, addressed=True)
        speaking.letter_to = tuple(m for m in listed if m.kind in (UNIT, BODY))
        return
    if scene.speaker_role not in (None, "secretary"):
        return
    if words[start] in ("giao", "yêu") and lx.GIVE.at(words, start):
        speaking.silence()
        return
    chair = _CHAIR_SPEAKS.inside(words, start, near)
    if chair is not None and lx.REQUEST_VERBS.inside(words, start, chair) is None:
        speaking.silence()
        return
    for place in range(start, near):
        if words[place] not in scene.reader.opening:
            continue
        named = scene.reader.read(place)
        if named is not None and named.kind == UNIT and _note_unit(scene, named):
            return


def _note_unit(scene: Scene, named: Mention) -> bool:
    """Is it told by this unit who speaks?"""
    words, start, place = scene.reader.words, scene.sentence.start, named.start
    speaking = scene.speaking
    if lx.GIVE.before(words, place) and words[place - 1] != "nghị":
        speaking.silence()
        return True
    asked = lx.REQUEST_VERBS.before(words, place) or words[place - 1] in ("xin", "nhờ", "chờ")
    if not _asks_upward(scene, named) or (place > start and asked):
        return False
    if _introduced(scene, named):
        speaking.sender, speaking.introduced = named, True
        return True
    oblique = place > start and words[place - 1] in _NOT_SENDERS
    if oblique or (place > start + _SELF_NEAR and scene.reader.cased):
        return False
    speaking.about = speaking.about or named
    return True


def _asks_upward(scene: Scene, named: Mention) -> bool:
    return named.code is not None and askers.rank(scene, named) != askers.PROVINCE


def _introduced(scene: Scene, named: Mention) -> bool:
    """ "…, Chủ tịch UBND xã X, phát biểu:", "tôi là … chủ tịch xã X", "xã X chúng tôi", "xã X xin
    báo cáo"."""
    words, end = scene.reader.words, scene.sentence.end
    first = words[max(named.start - _SELF_NEAR, scene.sentence.start) : named.start]
    if "tôi" in first and ("là" in first or "diện" in words[named.start : named.end]):
        return True
    place = named.end
    while place < end and words[place] in (",", "-", "–", "(", ")", "đã", "thì"):
        place += 1
    says = _SAYS.at(words, place)
    if says and words[place + says : place + says + 1] in ([":"], ["rằng"]):
        return True
    if words[place : place + 1] == [":"] and first[-1:] == ["của"]:
        return True  # "Ý kiến của UBND xã X: …"
    return bool(_OF_ITSELF.at(words, place))


def sender_of(scene: Scene, i: int, before: Mention | None, goes_on: bool) -> Mention | None:
    """Who asks at the verb `i`; `before`: who asked last in this sentence. None leaves it to the
    seat and the floor."""
    named = askers.asker(scene, i)
    own = scene.speaker_role == "unit" and scene.unit is not None
    topic = own and scene.reader.words[i - 1] == "thì"  # "còn Sở X thì xin Sở cử kỹ sư"
    if named is not None and named.kind == UNIT and named.code and not topic:
        return named
    if own:
        return None
    if goes_on and before is not None:
        return before
    speaking = scene.speaking
    if speaking.introduced:
        return speaking.sender
    found = _of_short(scene, i) or _named_in(scene, i) or before
    found = found or speaking.sender or speaking.about
    if found is not None or scene.speaker_role == "unit":
        return found
    return named if named is not None and named.kind == BODY else None


def _of_short(scene: Scene, i: int) -> Mention | None:
    """ "Xã kiến nghị …": the commune named before."""
    end = askers.subject_end(scene, i)
    if end <= scene.sentence.start or scene.reader.words[end - 1] not in ("xã", "phường", "sở"):
        return None
    named = named_before(scene, end - 1)[0]
    return named[0] if named and named[0].kind == UNIT and named[0].code else None


def _named_in(scene: Scene, i: int) -> Mention | None:
    """The first unit that the sentence speaks of before the verb, not one spoken to or of a
    thing's place."""
    words = scene.reader.words
    place = scene.sentence.start
    stop = min(i, place + _FAR)
    while place < stop:
        mention = scene.reader.read(place) if words[place] in scene.reader.opening else None
        if mention is None:
            place += 1
            continue
        before = words[place - 1] if place > scene.sentence.start else ""
        if mention.kind == UNIT and mention.code and before not in _NOT_SENDERS:
            return mention if _asks_upward(scene, mention) else None
        place = max(mention.end, place + 1)
    return None
