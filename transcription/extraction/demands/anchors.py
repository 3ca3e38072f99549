"""Who demands what of whom: the anchors of demands in a sentence.

Three shapes open a demand: a verb of giving with an addressee ("giao Sở Y tế …"), a subject that
must, and the bare imperative of conclusions (both in `subjects`). An anchor says where the demand's
own words begin; where they end and by when is decided in `spans`, whether it stands in `reasons`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.coordination import with_coordination
from transcription.extraction.demands.subjects import subject
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.mention import UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import GIVEN, Anchor, Scene, named_before, resolved
from transcription.text.vi_numbers import starts_number

_EARLIER = phrases("earlier")
_BEFORE_ADDRESSED = phrases("before_addressee")


def find_anchors(scene: Scene) -> list[Anchor]:
    """The demands opened in the sentence, in order."""
    words, end = scene.reader.words, scene.sentence.end
    found: list[Anchor] = []
    dated = {d.start: d.end for d in scene.deadlines if d.deadline.kind == "dated"}
    done = 0
    for i in _places(scene, dated):
        if i < done:
            continue
        if i in dated:
            done = dated[i]
            continue
        if not _may_open(scene, i):
            continue
        # "yêu cầu Ban X đôn đốc nhà thầu …": what stands first behind an addressee is the act
        acts = bool(found) and found[-1].body == i and found[-1].shape == GIVEN
        anchor = None
        if not acts and words[i] in lx.GIVE.first_words:
            among = bool(found) and words[i - 1] != "tôi" and not lx.OPENERS.before(words, i)
            anchor = _given(scene, i, among)
            if anchor is not None and words[i - 1] == "và" and found and found[-1].reported:
                anchor = replace(anchor, reported=True)
        anchor = anchor or subject(scene, i, found)
        if anchor is not None and anchor.body <= end:
            found.append(anchor)
            done = anchor.body
            continue
        mention = scene.reader.read(i) if words[i] in scene.reader.opening else None
        done = max(mention.end if mention is not None else 0, scene.no_subject_before)
    return found


def _places(scene: Scene, dated: Container[int]) -> list[int]:
    """The words of the sentence where a demand may open or a date begins."""
    naming, giving = scene.reader.names.naming, lx.GIVE.first_words
    start, end = scene.sentence.start, scene.sentence.end
    tokens = scene.reader.tokens[start:end]
    return [
        i
        for i, (word, token) in enumerate(
            zip(scene.reader.words[start:end], tokens, strict=True), start
        )
        if word in naming or word in giving or token.upper or starts_number(word) or i in dated
    ]


def _may_open(scene: Scene, i: int) -> bool:
    """Of a number: a demand opens with it only where it counts bodies."""
    reader = scene.reader
    word = reader.words[i]
    if not starts_number(word) or reader.counts_bodies(i):
        return True
    return reader.tokens[i].upper and word not in reader.names.naming | lx.GIVE.first_words


# --- giao, yêu cầu, đề nghị … -----------------------------------------------------------------


def _given(scene: Scene, i: int, among_acts: bool = False) -> Anchor | None:
    """`among_acts`: a demand is open, so "…, đôn đốc nhà thầu" is one more of its acts."""
    words = scene.reader.words
    size = lx.GIVE.at(words, i)
    if not size or not _gives(scene, i):
        return None
    place = i + size
    while place < scene.sentence.end:
        spoken = _BEFORE_ADDRESSED.at(words, place)
        if not spoken and words[place] not in _BEFORE_ADDRESSEE:
            break
        place += spoken or 1
    lead_time = scene.deadline_from(place)
    leads, end = scene.reader.read_list(place, addressed=True)
    if not leads and lead_time is not None:
        leads, end = scene.reader.read_list(lead_time.end, addressed=True)
    if not leads:
        leads, end = named_before(scene, place)
    if not leads and words[i] == "yêu" and not among_acts:
        leads, end = _just_named(scene, i, place)
    if not leads:
        return None
    verb = words[i + size - 1] if words[i] in ("kính",) else words[i]
    leads, end = _corrected(scene, leads, end)
    leads_now = resolved(scene, leads)
    if not leads_now:
        scene.blocked.append((i, "no_addressee"))
        return None
    anchor = with_coordination(scene, i, end, GIVEN, leads_now)
    if words[i] in lx.SOFT_GIVE and (among_acts or not _demands(scene, end)):
        scene.blocked.append((i, "no_demand"))
        return None
    reported = _reported(words, i)
    return Anchor(
        i, anchor.body, GIVEN, anchor.leads, anchor.coordinating, verb, reported,
        (f"given.{'_'.join(words[i : i + min(size, 2)])}", *anchor.reasons),
    )  # fmt: skip


def _slip(words: Sequence[str], last: Mention, i: int) -> int:
    """ "sở giao thông à sở xây dựng": the same head again behind a sound of thinking."""
    again = words[i : i + 1] in (["à"], ["ờ"]) and words[i + 1 : i + 2] == [words[last.start]]
    return int(again and words[last.start] in ("sở", "xã", "phường"))


def _corrected(scene: Scene, leads: list[Mention], end: int) -> tuple[list[Mention], int]:
    """ "giao xã A, à không, xã B …": the last one said is meant."""
    words = scene.reader.words
    while True:
        place = end
        while words[place : place + 1] == [","]:
            place += 1
        size = lx.CORRECTED.at(words, place) or _slip(words, leads[-1], place)
        if not size:
            return leads, end
        place += size
        while words[place : place + 1] in ([","], ["là"], ["giao"], ["cho"]):
            place += 1
        place += lx.CORRECTED.at(words, place)  # "à không, à nhầm"
        others, after = scene.reader.read_list(place, addressed=True)
        if not others:
            return leads, end
        leads, end = [*leads[:-1], *others], _said_again(scene, others, after)


def _said_again(scene: Scene, leads: list[Mention], end: int) -> int:
    """The end behind "mới đúng" and the same bodies said once more."""
    words = scene.reader.words
    if words[end : end + 2] not in (["mới", "đúng"], ["mới", "phải"]):
        return end
    again, after = scene.reader.read_list(end + 2, addressed=True)
    same = [named.code for named in again] == [named.code for named in leads]
    return after if again and same else end + 2


_BEFORE_ADDRESSEE = ("ngay", "luôn", ",", ":", "thêm", "là", "ờ", "à", "ừ", "cho", "lại")


def _just_named(scene: Scene, i: int, place: int) -> tuple[list[Mention], int]:
    """ "Phê bình UBND xã A chậm nộp báo cáo; yêu cầu nộp …": who was just spoken of."""
    words = scene.reader.words
    goes_on = scene.sentence.joined and i == scene.sentence.start
    acts = lx.VERBS.at(words, place) or lx.URGENT.at(words, place) or lx.MUST.at(words, place)
    if not acts or not (goes_on or words[i - 1 : i] == [","]):
        return [], place
    for back in range(max(i - 25, 0), i):
        named = scene.reader.read(back)
        if named is not None and named.kind == UNIT and named.code and named.end <= i:
            return [named], place
    return [], place


def _gives(scene: Scene, i: int) -> bool:
    """Is the word of giving at `i` a demand, not part of a noun ("theo yêu cầu", "bàn giao")?"""
    words = scene.reader.words
    if words[i : i + 2] == ["giao", "ban"] and _is_briefing(scene, i + 1):
        return False
    if i == scene.sentence.start or lx.OPENERS.before(words, i):
        return True
    before = words[i - 1]
    blocked = lx.NOT_GIVE_AFTER.before(words, i)
    if words[i] == "giao" and before in ("bản", "sơ", "dung", "tác", "việc"):
        blocked = 0
    if before == "được" and "không" in words[max(i - 5, 0) : i - 1]:
        blocked = 0  # "không để chậm được yêu cầu …"
    if blocked and not lx.REPORTED.before(words, i):
        return False
    if words[i] == "chỉ" and before not in (",", "tôi", "ta", "dân"):
        headed = before == "tỉnh" and words[i + 2 : i + 3] == [":"]
        return headed or bool(lx.REPORTED.before(words, i))
    return True


def _is_briefing(scene: Scene, i: int) -> bool:
    """ "giao ban trực tuyến", not "giao Ban Quản lý dự án …"."""
    words, named = scene.reader.words, scene.reader.read(i, addressed=True)
    known = named is not None and (named.code or bw.KNOWN_BODIES.at(words, i))
    return not known and not (bw.BODY_HEADS.at(words, i) > 1 or scene.reader.tokens[i].upper)


def _reported(words: list[str], i: int) -> bool:
    """ "đã giao", "tháng trước tôi giao", "đã ký văn bản giao": an assignment that is told of."""
    told = words[i - 1 : i] == ["tôi"] and _EARLIER.before(words, i - 1) > 0
    return told or lx.REPORTED.before(words, i) > 0 or _reported_subject(words, i)


def _reported_subject(words: list[str], i: int) -> bool:
    """ "… đã ký Công văn số 512/UBND-NC giao Sở …"."""
    before = words[max(i - _DOCUMENT_WORDS, 0) : i]
    signed = "đã" in before and before[-1:] != [","] and "số" in before
    return signed and not {"ký", "ban", "có"}.isdisjoint(before)


_DOCUMENT_WORDS = 14


def _demands(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    place = i
    while place < scene.sentence.end and words[place] in lx.FILLERS:
        place += 1
    return bool(
        lx.MUST.at(words, place)
        or lx.FORBIDDEN.at(words, place)
        or lx.URGENT.at(words, place)
        or lx.VERBS.at(words, place)
        or scene.deadline_from(place)
    )
