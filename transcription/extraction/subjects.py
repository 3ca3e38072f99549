"""Subjects that must: "xã Phú Tân có trách nhiệm …", and the bare imperative of conclusions ("Sở Y
tế khẩn trương …", "anh An cho rà soát …").
"""

from __future__ import annotations

from typing import NamedTuple

from transcription.extraction import body_words as bw
from transcription.extraction import lexicon as lx
from transcription.extraction.coordination import with_coordination
from transcription.extraction.hailing import is_hailed
from transcription.extraction.mention import BODY, CLASS, GROUP, UNIT, YOU
from transcription.extraction.phrases import phrases
from transcription.extraction.same_again import same_again
from transcription.extraction.scene import (
    BARE,
    ELLIPSIS,
    MUST,
    Anchor,
    Scene,
    resolved,
    topic_before,
)
from transcription.extraction.subject_shapes import after_deadline, contrasted, shape_of, timed
from transcription.text.vi_numbers import starts_number

# Words before which a body is no subject: "tại xã X", "của Sở Y".
_OBLIQUE = frozenset(
    (
        "tại trong quanh gần dọc cạnh ven khắp ngoài của với ở từ cho về theo qua giúp để mời "
        "thuộc đến gửi trình cùng bởi trên như cáo dân tỉnh thưa nghị nghênh dương ơn gồm và hợp "
        "nhận vào đối giữa làm khen trì bị được ra sang phục kiến đạo cầu lên hoặc trụ cơ tận "
    ).split()
)


_HEADINGS = phrases("headings")
_BY_DUTY = phrases("by_duty")


def subject(scene: Scene, i: int, earlier: list[Anchor]) -> Anchor | None:
    words, reader = scene.reader.words, scene.reader
    named = words[i] in reader.opening
    maybe = named or words[i] in reader.matcher.bare_words or starts_number(words[i])
    if not maybe and not reader.tokens[i].upper:
        return None
    at_opening = _opens_clause(scene, i) or _headed_by(scene, i)
    if at_opening and (bare := _named_barely(scene, i)) is not None:
        return _subject_anchor(scene, _Named(i, bare, *_behind(scene, bare)), True, earlier)
    many = not reader.cased and starts_number(words[i]) and reader.counts_bodies(i)
    many = many and words[i - 1] not in _TOLD_OF
    may_open = named or many or _counted(scene, i)
    if not may_open and not (at_opening and reader.tokens[i].upper):
        return None
    oblique = _oblique(scene, i)
    if i > scene.sentence.start and oblique and not at_opening:
        return None
    listed = reader.list_end(i)
    if not listed.size:
        return same_again(scene, i, at_opening=at_opening)
    if listed.end > scene.sentence.end:
        return None
    parallel = bool(earlier) and _parallel(scene, i, listed.end, earlier[-1])
    earlier = [] if parallel else earlier
    meant = _Named(i, listed.end, *_behind(scene, listed.end))
    unmarked = _anew if earlier else _unmarked
    opens = at_opening or parallel or unmarked(scene, i, meant.place) or _set_off(scene, meant)
    anchor = _subject_anchor(scene, meant, opens, earlier)
    if anchor is None and listed.size > 1 and opens and meant.time is None:
        if shape_of(scene, meant.place, True) is None:
            scene.no_subject_before = listed.end  # nor does any later part of this list
    return anchor


def _oblique(scene: Scene, i: int) -> bool:
    """Does the word before `i` make its body no subject: "tại xã X", "dân xã X"?"""
    words = scene.reader.words
    before = words[i - 1]
    if before == "được" and "không" in words[max(i - 4, 0) : i]:
        return False  # "như vậy là không được sở y tế …"
    if words[i - 1 : i + 1] == ["dân", "sở"]:
        return False
    if before == "lên" and words[i - 2] in ("lẹ", "nhanh", "mau", "gấp"):
        return False
    if (
        before in _SET_OFF_BEHIND and not scene.reader.cased
    ):  # "… ra vào | sở công thương thì kiểm tra"
        return words[scene.reader.list_end(i).end : scene.reader.list_end(i).end + 1] != ["thì"]
    return before in _OBLIQUE or (scene.reader.cased and before == "việc")


_SET_OFF_BEHIND = frozenset("và cầu vào ra lên sang trên trong gần cạnh ngoài quanh".split())


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


class _Named(NamedTuple):
    """A subject at words [i, end); `place` is behind what only goes with it, and behind a time that
    begins at `time` ("sở Y trước ngày 20 phải …"), None without one."""

    i: int
    end: int
    place: int
    time: int | None


def _behind(scene: Scene, end: int) -> tuple[int, int | None]:
    words, place = scene.reader.words, end
    while place < scene.sentence.end and scene.deadline_from(place) is None:
        size = (
            _BY_DUTY.at(words, place)
            or lx.EACH.at(words, place)
            or int(words[place] in _AFTER_SUBJECT)
        )
        size += words[place : place + 2] == ["thì", "là"]
        size = size or 2 * (words[place : place + 2] in (["một", "là"], ["từ", "nay"]))
        if not size or words[place] in ("cùng", "đều") and not lx.MUST.at(words, place + 1):
            break
        place += size
    place = _behind_grounds(scene, _behind_aside(scene, place))
    time = scene.deadline_from(place)
    if time is None or time.deadline.kind == "standing":
        return place, None
    return time.end + (time.end < scene.sentence.end and words[time.end] == ","), place


_GROUNDS_WORDS, _APPOSED_WORDS = 20, 9


def _behind_aside(scene: Scene, place: int) -> int:
    """ "phường A, với sự phối hợp của Công ty B, hoàn thành …": the place behind the aside."""
    words = scene.reader.words
    if words[place : place + 1] == ["là"]:  # "phường A với phường B là hai phường trung tâm phải …"
        stop = min(place + _APPOSED_WORDS, scene.sentence.end)
        apposed = scene.reader.number_at(place + 1) or words[place + 1 : place + 2] == ["những"]
        must = (i for i in range(place + 2, stop) if words[i] in ("phải", "cần"))
        return next(must, place) if apposed else place
    if words[place : place + 2] in (["trong", "khi"], ["trong", "lúc"]):
        stop = min(place + _APPOSED_WORDS, scene.sentence.end)
        then = next((k for k in range(place + 2, stop) if words[k] == "thì"), None)
        return place if then is None else then + 1  # "xã A trong khi chờ thì chở nước …"
    with_aside = words[place : place + 2] in (["với", "sự"], ["với", "vai"], ["với", "tư"])
    if not with_aside or lx.COOPERATE.at(words, place):
        return place
    for i in range(place + 2, min(place + _GROUNDS_WORDS, scene.sentence.end)):
        if words[i] == ",":
            return i + 1
    return place


def _behind_grounds(scene: Scene, place: int) -> int:
    """ "xã Vĩnh Mỹ vì còn nợ chỉ tiêu nên phải …": the place behind "nên"."""
    words = scene.reader.words
    if lx.GROUNDS.at(words, place):  # "UBND các xã căn cứ danh sách đó vận động …"
        stop = min(place + _GROUNDS_WORDS, scene.sentence.end)
        verb = lx.VERBS.inside(words, place + 2, stop)
        return verb if verb is not None and not scene.reader.cased else place
    if words[place : place + 1] not in (["vì"], ["do"]):
        return place
    for i in range(place + 2, min(place + _GROUNDS_WORDS, scene.sentence.end)):
        if words[i] == "nên":
            return i + 1 + (words[i + 1 : i + 2] == [","])
    return place


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


_AFTER_SUBJECT = frozenset(
    ", thì về này ạ cũng : – - à ờ ừ ừm ấy ơi nghe đây cứ nè nha ha nhé".split()
)


def _subject_anchor(
    scene: Scene, named: _Named, at_opening: bool, earlier: list[Anchor]
) -> Anchor | None:
    words, follows = scene.reader.words, bool(earlier)
    i, end, place, dated = named.i, named.end, named.place, named.time is not None
    if _province_gives(scene, i, place) or is_hailed(words, end):
        return None
    shape = shape_of(scene, place, at_opening) or _finishes(scene, named, at_opening)
    if shape is None and follows and _next_in_turn(scene, i, place):
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


_LEAST_WORDS = 3


def _next_in_turn(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… trước ngày hai mươi | sở y tế cân đói thuốc …": right behind the
    date of a demand a unit by its whole name is told its own, though its verb is not known."""
    words, end = scene.reader.words, scene.sentence.end
    if scene.reader.cased or scene.speaker_role == "unit" or place + _LEAST_WORDS > end:
        return False
    if not after_deadline(scene, i) or not _sure_unit(scene, i):
        return False
    if lx.STATES.at(words, place) or not scene.reader.tokens[place].word:
        return False
    return _LOOKS_BACK.isdisjoint(words[place : min(place + _FEW_WORDS, end)])


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


def _concludes(scene: Scene, place: int) -> bool:
    """ "Đồng chí Phó Bí thư Tỉnh ủy, Trưởng Tiểu ban … kết luận: …": who speaks, with the post."""
    words = scene.reader.words
    stop = min(place + _GROUNDS_WORDS, scene.sentence.end)
    colon = next((k for k in range(place, stop) if words[k] == ":"), place)
    return words[colon - 2 : colon] in _CONCLUDES


_TAKES_OBJECT = _OBLIQUE | frozenset(
    "đốc dẫn thúc nhắc tra sát ý hỏi nhờ chờ đợi gọi xin giao đẩy thay phần nộp chuyển tháo gỡ "
    "đưa các thấy nói biết nghĩ".split()
)
_ENUMERATES = frozenset("là nhất hai ba tư năm sáu tiên theo cùng đến".split())


def _a_clause_of_its_own(scene: Scene, i: int, place: int) -> bool:
    """Behind another demand: after its date, after "hai là", or after a sign when no list of bodies
    ends there ("giao Sở A rà soát, Sở B cân đối vốn", not "gửi Sở A, Sở B tổng hợp")."""
    words = scene.reader.words
    size = lx.OPENERS.before(words, i)
    counted = words[i - 1] in _ENUMERATES or not scene.reader.cased
    if after_deadline(scene, i) or size > 1 and counted:
        return True
    if not lx.VERBS.at(words, place):
        return False
    if not scene.reader.cased and (words[place - 1] == "thì" or _anew(scene, i, place)):
        return True
    if topic_before(words, i) < i or _sure_unit(scene, i):
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


def _sure_unit(scene: Scene, i: int) -> bool:
    """In speech without signs, a unit by its whole name behind no word that would take it as an
    object."""
    words = scene.reader.words
    if scene.reader.cased or words[i - 1] in _TAKES_OBJECT:
        return False
    named = scene.reader.read(i)
    if named is not None and named.kind == BODY and words[i - 1] in ("rồi", "còn"):
        return bw.KNOWN_BODIES.at(words, i) > 1
    return named is not None and named.kind == UNIT and (named.score or 0) >= 90


_FINISHED = frozenset(("việc", "công", "các", "toàn", "100", "phần", "hồ", "quy", "kế"))


def _finishes(scene: Scene, named: _Named, at_opening: bool) -> str | None:
    """ "Sở X hoàn thành trước ngày D việc …": the act stands before its date, the object behind."""
    words = scene.reader.words
    if named.time is None or not at_opening or named.place >= scene.sentence.end:
        return None
    opened = words[named.time : named.time + 2] == ["hoàn", "thành"]
    return BARE if opened and words[named.place] in _FINISHED else None


def _unmarked(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… chậm quá rồi sở xây dựng kiểm tra … trước thứ sáu": a unit known by
    its name, an act and a marked date make a clause of their own."""
    words = scene.reader.words
    lets = place < scene.sentence.end and words[place] == "cho"
    if scene.reader.cased or not (lx.VERBS.at(words, place) or lets):
        return False
    named = scene.reader.read(i)
    if named is None:
        return False
    if not timed(scene, place):
        return _commanded(scene, i, place) or _behind_event(scene, i)
    if named.kind == YOU:
        known = scene.floor is not None or any(hailed.end <= i for hailed in scene.hailed)
        return known and not _taken_by(scene, i)
    sure = named.kind == UNIT and named.code is not None and (named.score or 0) >= 90
    pointed = named.kind == CLASS and words[named.end - 1] in ("này", "đó")
    known = named.kind == BODY and bw.KNOWN_BODIES.at(scene.reader.words, i) > 2
    sure = sure or pointed or (known and _word_before(scene, i) not in ("một", "1"))
    return sure or (named.kind == GROUP and not _taken_by(scene, i))


def _taken_by(scene: Scene, i: int) -> bool:
    """Does the word before `i` take the body there as its object?"""
    word = _word_before(scene, i)
    return word in _TAKES_OBJECT and (word not in _OBLIQUE or _oblique(scene, i))


_LOOKS_BACK = frozenset("đã đang vừa mới được bị là không chưa rồi lắm quá rất sẽ".split())
_FEW_WORDS = 8


def _commanded(scene: Scene, i: int, place: int) -> bool:
    """Without a date: only a chair's, of a unit by its whole name, and nothing that tells."""
    words = scene.reader.words
    if scene.speaker_role not in ("chair", "secretary") or not lx.VERBS.at(words, place):
        return False
    if not _LOOKS_BACK.isdisjoint(words[place : min(place + _FEW_WORDS, scene.sentence.end)]):
        return False
    return _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT and _sure_unit(scene, i)


def _behind_event(scene: Scene, i: int) -> bool:
    """ "khi có hướng dẫn của trung ương | sở nội vụ tham mưu …": an event before a unit, with no
    sign between them."""
    told = any(d.deadline.kind == "event" and d.start < i < d.end for d in scene.deadlines)
    return told and _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT and _sure_unit(scene, i)


def _set_off(scene: Scene, named: _Named) -> bool:
    """Speech without signs: "thì" behind a body sets it off as a subject, wherever it stands."""
    words = scene.reader.words
    if scene.reader.cased or words[named.end : named.end + 1] != ["thì"]:
        return False
    acts = lx.VERBS.at(words, named.place) if named.place < scene.sentence.end else 0
    first = scene.reader.read(named.i)
    known = first is not None and (first.kind != UNIT or (first.code or "") != "")
    return bool(acts) and known


def _anew(scene: Scene, i: int, place: int) -> bool:
    """Speech without signs: "… mua sắm tập trung sở tài chính bố trí tiền": behind a demand, a unit
    by its whole name and an act open the next one, unless the word before owns it."""
    words = scene.reader.words
    if place >= scene.sentence.end:
        return False
    acts = lx.VERBS.at(words, place)
    if acts and bw.KNOWN_BODIES.at(words, i) > 1 and timed(scene, place):
        return _word_before(scene, i) not in _OWNED_BY | _TAKES_OBJECT
    if acts and words[i - 1] == "rồi" and timed(scene, place) and _is_you(scene, i):
        return True  # "… đủ người trực rồi anh báo lại cho văn phòng trước thứ hai"
    return (
        bool(acts or contrasted(scene, place))
        and _word_before(scene, i) not in _OWNED_BY
        and _sure_unit(scene, i)
    )


def _is_you(scene: Scene, i: int) -> bool:
    named = scene.reader.read(i)
    return scene.floor is not None and named is not None and named.kind == YOU


_OWNED_BY = frozenset(
    "bàn bộ dân đốc đạo sở tịch thư trưởng viên người hộ ấp tuyến đường cầu kênh kinh đê rừng chợ "
    "trường trạm hội đoàn phòng ban tổ giới ranh đất vùng tâm cống các hai ba bốn những mấy liệu "
    "khác".split()
)


def _word_before(scene: Scene, i: int) -> str:
    return scene.reader.words[i - 1] if i > scene.sentence.start else ""


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
