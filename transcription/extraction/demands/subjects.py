"""Subjects that must: "xã Phú Tân có trách nhiệm …", and the bare imperative of conclusions ("Sở Y
tế khẩn trương …", "anh An cho rà soát …").
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.behind_subjects import NamedSubject, behind
from transcription.extraction.demands.coordination import with_coordination
from transcription.extraction.demands.same_again import same_again
from transcription.extraction.demands.speech_subjects import (
    anew,
    next_in_turn,
    oblique,
    set_off,
    sure_unit,
    unmarked,
)
from transcription.extraction.demands.subject_shapes import ENUMERATES, after_deadline, shape_of
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.hailing import is_hailed
from transcription.extraction.mentions.mention import BODY, CLASS, UNIT
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import (
    BARE,
    ELLIPSIS,
    MUST,
    Anchor,
    Scene,
    resolved,
    topic_before,
)
from transcription.text.vi_numbers import starts_number

_HEADINGS = phrases("headings")


def subject(scene: Scene, i: int, earlier: list[Anchor]) -> Anchor | None:
    words, reader = scene.reader.words, scene.reader
    named = words[i] in reader.opening
    maybe = named or words[i] in reader.matcher.bare_words or starts_number(words[i])
    if not maybe and not reader.tokens[i].upper:
        return None
    at_opening = _opens_clause(scene, i) or _headed_by(scene, i)
    if at_opening and (bare := _named_barely(scene, i)) is not None:
        return _subject_anchor(scene, NamedSubject(i, bare, *behind(scene, bare)), True, earlier)
    many = not reader.cased and starts_number(words[i]) and reader.counts_bodies(i)
    many = many and words[i - 1] not in _TOLD_OF
    may_open = named or many or _counted(scene, i)
    if not may_open and not (at_opening and reader.tokens[i].upper):
        return None
    if i > scene.sentence.start and not at_opening and oblique(scene, i):
        return None
    listed = reader.list_end(i)
    if not listed.size:
        return same_again(scene, i, at_opening=at_opening)
    if listed.end > scene.sentence.end:
        return None
    parallel = bool(earlier) and _parallel(scene, i, listed.end, earlier[-1])
    earlier = [] if parallel else earlier
    meant = NamedSubject(i, listed.end, *behind(scene, listed.end))
    begins = anew if earlier else unmarked
    opens = at_opening or parallel or begins(scene, i, meant.place) or set_off(scene, meant)
    anchor = _subject_anchor(scene, meant, opens, earlier)
    if anchor is None and listed.size > 1 and opens and meant.time is None:
        if shape_of(scene, meant.place, True) is None:
            scene.no_subject_before = listed.end  # nor does any later part of this list
    return anchor


def _headed_by(scene: Scene, i: int) -> bool:
    """ "Đối với Sở Giáo dục và Đào tạo: tổ chức rà soát …": the body that heads its paragraph."""
    words = scene.reader.words
    if words[i - 2 : i] != ["đối", "với"]:
        return False
    end = scene.reader.list_end(i).end
    return words[end : end + 1] == [":"] and not lx.GIVE.at(words, end + 1)


def _named_barely(scene: Scene, i: int) -> int | None:
    """ "biên phòng xử lý dứt điểm …", "đầm dơi nộp ngay …": the index behind a unit called by its
    bare name, when what follows makes a subject of it."""
    reader, words = scene.reader, scene.reader.words
    if words[i] not in reader.matcher.bare_words or reader.read(i) is not None:
        return None
    named = reader.read(i, addressed=True)
    if named is None:
        return None
    end = named.end
    sure = named.kind == UNIT and named.score == 100 and named.code is not None
    if not sure and not (named.kind == BODY and end > i + 1):  # "văn phòng làm ngay …"
        return None
    place = end + (words[end : end + 1] == ["thì"])
    acts = lx.MUST.at(words, place) or lx.URGENT.at(words, place) or lx.COOPERATE.at(words, place)
    return end if acts or lx.VERBS.at(words, place) else None


_TOLD_OF = frozenset(
    "có còn mới được với chỉ tới đến hơn gần trên cả khoảng này là thêm giúp".split()
)


def _counted(scene: Scene, i: int) -> bool:
    """ "sáu mươi bốn xã, phường báo cáo …" opens a sentence; "còn chín xã chưa nộp" is a figure."""
    words = scene.reader.words
    told = words[i - 1] in _TOLD_OF
    headed = words[i - 1] in (":", "-", "–", "+", ")")
    opens = i == scene.sentence.start or headed or (after_deadline(scene, i) and not told)
    return opens and starts_number(scene.reader.words[i])


def _parallel(scene: Scene, i: int, end: int, earlier: Anchor) -> bool:
    """ "xã A làm hồ sơ quyết toán xã B làm hồ sơ nghiệm thu": the same verb of another unit, with
    no sign between them."""
    words = scene.reader.words
    size = lx.VERBS.at(words, end)
    same = size and words[end : end + size] == words[earlier.body : earlier.body + size]
    if not same or earlier.leads[0].kind != UNIT or words[i] != words[earlier.start]:
        return False
    named = scene.reader.read(i)
    return named is not None and named.kind == UNIT and named.code is not None


def _subject_anchor(
    scene: Scene, named: NamedSubject, at_opening: bool, earlier: list[Anchor]
) -> Anchor | None:
    words, follows = scene.reader.words, bool(earlier)
    i, end, place, dated = named.i, named.end, named.place, named.time is not None
    if _province_gives(scene, i, place) or is_hailed(words, end):
        return None
    shape = shape_of(scene, place, at_opening) or _finishes(scene, named, at_opening)
    if shape is None and follows and next_in_turn(scene, i, place):
        shape = BARE
    contrast = words[i - 1 : i] in (["còn"], ["riêng"])
    contrast = contrast or (words[i - 1 : i] == [","] and not _ends_list(scene, i - 1))
    elided = contrast and follows and dated and shape is None and place >= scene.sentence.end
    if elided:
        shape, place = MUST, end  # "còn xã Y thì trước ngày 20": the same act, another date
    if shape is None:
        return None
    if lx.PRAISE.before(words, i):
        scene.blocked.append((i, "praise"))
        return None
    if shape == BARE and (not at_opening or follows and not _a_clause_of_its_own(scene, i, place)):
        return None
    leads = scene.reader.read_list(i)[0] or scene.reader.read_list(i, addressed=True)[0]
    meant = resolved(scene, leads)
    if not meant:
        scene.blocked.append((i, "no_addressee"))
        return None
    named_only = shape != MUST or lx.LEADS.at(words, place)  # "là đơn vị chủ trì mô hình"
    if named_only and meant[0].kind in (BODY, CLASS) and not at_opening:
        return None
    body = place if named.time is None or elided else named.time
    anchor = with_coordination(scene, i, end if elided else body, shape, meant)
    return Anchor(
        i, anchor.body, shape, meant, anchor.coordinating, "", bool(lx.TOLD.at(words, place)),
        (ELLIPSIS if elided else f"subject.{shape}", *anchor.reasons),
    )  # fmt: skip


def _province_gives(scene: Scene, i: int, place: int) -> bool:
    """ "Chủ tịch UBND tỉnh yêu cầu …": who demands, not of whom."""
    words = scene.reader.words
    if place >= scene.sentence.end:
        return False
    size = _HEADINGS.at(words, place)
    if size and words[place + size : place + size + 1] == [":"]:
        return True  # "Giám đốc Sở kết luận: …"
    colon = place + 2
    if words[colon : colon + 1] == [":"] and words[place:colon] in _SPEAKS_TO:
        if scene.reader.list_end(colon + 1).size:
            return True  # "Văn phòng thông báo: UBND các phường cử …"
    person = bw.HONORIFICS.at(words, i) or bw.TITLES.at(words, i)
    if person and scene.reader.cased and _concludes(scene, place):
        return True
    if words[place] not in lx.GIVE.first_words:
        return False
    named = scene.reader.read(i)
    gives = lx.GIVE.at(words, place)
    return bool(gives) and named is not None and named.code in scene.reader.province


_CONCLUDES = (["kết", "luận"], ["yêu", "cầu"], ["phát", "biểu"], ["nhấn", "mạnh"], ["chỉ", "đạo"])
_SPEAKS_TO = (*_CONCLUDES, ["thông", "báo"], ["đề", "nghị"])
_POST_WORDS = 20


def _concludes(scene: Scene, place: int) -> bool:
    """ "Đồng chí Phó Bí thư Tỉnh ủy, Trưởng Tiểu ban … kết luận: …": who speaks, with the post."""
    words = scene.reader.words
    stop = min(place + _POST_WORDS, scene.sentence.end)
    colon = next((k for k in range(place, stop) if words[k] == ":"), place)
    return words[colon - 2 : colon] in _CONCLUDES


def _a_clause_of_its_own(scene: Scene, i: int, place: int) -> bool:
    """Behind another demand: after its date, after "hai là", or after a sign when no list of bodies
    ends there ("giao Sở A rà soát, Sở B cân đối vốn", not "gửi Sở A, Sở B tổng hợp")."""
    words = scene.reader.words
    size = lx.OPENERS.before(words, i)
    counted = words[i - 1] in ENUMERATES or not scene.reader.cased
    if after_deadline(scene, i) or size > 1 and counted:
        return True
    if not lx.VERBS.at(words, place):
        return False
    if not scene.reader.cased and (words[place - 1] == "thì" or anew(scene, i, place)):
        return True
    if topic_before(words, i) < i or sure_unit(scene, i):
        return True
    if words[i - 1] not in (",", "còn"):
        return False
    if words[i - 1] == "còn":
        return True
    return not _ends_list(scene, i - 1)


def _ends_list(scene: Scene, i: int) -> bool:
    """Is a body named just before word `i`, so that a sign there joins a list?"""
    backs = range(max(i - 8, scene.sentence.start), i)
    return any((m := scene.reader.read(k)) is not None and m.end == i for k in backs)


_FINISHED = frozenset(("việc", "công", "các", "toàn", "100", "phần", "hồ", "quy", "kế"))


def _finishes(scene: Scene, named: NamedSubject, at_opening: bool) -> str | None:
    """ "Sở X hoàn thành trước ngày D việc …": the act stands before its date, the object behind."""
    words = scene.reader.words
    if named.time is None or not at_opening or named.place >= scene.sentence.end:
        return None
    opened = words[named.time : named.time + 2] == ["hoàn", "thành"]
    return BARE if opened and words[named.place] in _FINISHED else None


_THINKING = ("ờ", "à", "ừ", "ừm")
_CLAUSE_SIGNS = frozenset(
    (",", ":", "-", "–", "+", "•", "\n", ")", ".", "/", "thì", "còn", "riêng", "do")
)


def _opens_clause(scene: Scene, i: int) -> bool:
    """Does word `i` open a clause: sentence start, after a sign, an opener or a deadline?"""
    words, start = scene.reader.words, scene.sentence.start
    if i == start:
        return True
    while (
        words[i - 1] in _THINKING or words[i - 1] == words[i]
    ) and i - 1 > start:  # "… thì ờ xã tân hưng trả lời"
        i -= 1
        if not scene.reader.cased:
            return True
    if words[i - 1] in _CLAUSE_SIGNS:
        return True
    if after_deadline(scene, i):
        return True
    size = lx.OPENERS.before(words, i)
    return bool(size) and words[i - size : i] != ["và"]
